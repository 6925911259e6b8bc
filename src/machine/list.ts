/** What `ls` shows: a row a machine, each asked at the same time and each with its own deadline. */
import type { Status } from '../../drivers/driver.ts'
import { MachineError, messageOf } from '../errors.ts'
import { driverOf, engineUrl, inspectInstance } from './instance.ts'
import { loadRecord } from './load.ts'
import type { MachineRecord } from './record.ts'
import type { World } from './world.ts'

export interface Row {
  readonly name: string
  /** True for the machine DOCKER_HOST points at. */
  readonly active: boolean
  readonly driver: string
  readonly state: Status
  readonly url: string
  /** 'v28.5.2', 'Unknown' where the engine did not answer, '' where there is none to ask. */
  readonly docker: string
  /** What is wrong with this machine, on one line; '' for nothing. */
  readonly error: string
  /** How long the machine took to answer, in milliseconds. */
  readonly responseMs: number
}

export interface ListOptions {
  /** How long one machine may take to answer, in milliseconds; 10 s by default. */
  timeoutMs?: number
}

export async function listMachines(w: World, options: ListOptions = {}): Promise<Row[]> {
  const { timeoutMs = 10_000 } = options
  const names = await w.store.list()
  return await Promise.all(names.map(name => row(name, timeoutMs, w)))
}

async function row(name: string, timeoutMs: number, w: World): Promise<Row> {
  const started = w.now().getTime()
  const base = { name, active: false, driver: '', state: '' as Status, url: '', docker: '', error: '' }
  const finish = (more: Partial<Row>): Row => ({ ...base, ...more, responseMs: w.now().getTime() - started })
  let record: MachineRecord
  try {
    record = await loadRecord(w.store, name, w.program)
  } catch (error) {
    return finish({ driver: 'not found', state: 'Error', error: messageOf(error) })
  }
  try {
    driverOf(record, w)
  } catch (error) {
    return finish({ driver: `not-found`, state: 'Error', error: messageOf(error) })
  }
  base.driver = record.DriverName
  const deadline = AbortSignal.timeout(timeoutMs)
  const late = new Promise<'late'>(resolve => deadline.addEventListener('abort', () => resolve('late'), { once: true }))
  const seen = await Promise.race([look(record, AbortSignal.any([w.signal, deadline]), timeoutMs, w), late])
  return finish(seen === 'late' ? { state: 'Timeout' } : seen)
}

async function look(record: MachineRecord, signal: AbortSignal, timeoutMs: number, w: World): Promise<Partial<Row>> {
  try {
    const instance = await inspectInstance(record, w, signal)
    const url = engineUrl(record, instance)
    const half = record.Machine && record.Machine.Phase !== 'ready' ? unfinished(record, w) : ''
    const shown = { state: instance.status, url, active: url !== '' && url === w.env.DOCKER_HOST, error: half }
    if (url === '' || half !== '') return shown
    return { ...shown, ...(await engineOf(record, url, signal, timeoutMs, w)) }
  } catch (error) {
    return { state: 'Error', error: messageOf(error) }
  }
}

function unfinished(record: MachineRecord, w: World): string {
  return record.Machine?.Phase === 'creating'
    ? `create was interrupted: ${w.program} rm ${record.Name} removes what was made`
    : `provisioning was interrupted: ${w.program} provision ${record.Name} goes on`
}

/** The engine's version; a machine of `none` may answer over plain TCP or not at all, which is no error of ours. */
async function engineOf(record: MachineRecord, url: string, signal: AbortSignal, timeoutMs: number, w: World) {
  try {
    const { clientMaterial } = await import('./authority.ts')
    const { pingEngine } = await import('../engine/ping.ts')
    const { version } = await pingEngine({ url, ...(await clientMaterial(w)), timeoutMs, signal })
    return { docker: `v${version}` }
  } catch (error) {
    const known = error instanceof MachineError && driverOf(record, w).provisions
    return { docker: 'Unknown', error: known ? messageOf(error) : '' }
  }
}
