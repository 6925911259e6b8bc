/**
 * Settings of a machine's driver changed in place: stopped, changed, started. The record says first what is under way
 * (`Machine.Resize`), and that it is over last. In between what counts is what the provider says, so that the same
 * command again goes on from wherever the first one was cut off.
 */
import type { AnyDriver, Instance } from '../../drivers/driver.ts'
import type { ResizePlan } from '../../drivers/resize.ts'
import { MachineError, messageOf } from '../errors.ts'
import { saver } from './create.ts'
import { driverCtx, driverOf, inspectInstance, waitUntilRunning } from './instance.ts'
import { loadRecord } from './load.ts'
import { modifyStopped } from './modify-stopped.ts'
import { refuseClientOnly } from './own-authority.ts'
import { ability, reachAgain } from './power.ts'
import type { DriverState, MachineRecord } from './record.ts'
import type { World } from './world.ts'

/** What is to change, once the machine's driver is known: what flags are called is not known here. */
export interface ResizeAsk {
  /** By the keys of the driver's flags. Throws UsageError for what cannot change. */
  wish(driver: AnyDriver): Record<string, unknown>
  /** What people call a setting. */
  nameOf(driver: AnyDriver, key: string): string
}

export interface Resized {
  readonly name: string
  /** `setting` is what people call it: the flag's name, without dashes. Empty: the instance is so already. */
  readonly changes: readonly { readonly setting: string; readonly from: string; readonly to: string }[]
  /** It is stopped for that, and started again; false: it is off, and stays so. */
  readonly restart: boolean
  /** False: nothing had to be done, or it was only looked at. */
  readonly applied: boolean
}

export interface ResizeOptions {
  /** Only tell what would change. */
  dryRun?: boolean
  /** Told what will change before it does; false stops there (DECLINED). */
  confirm?: (change: Resized) => Promise<boolean>
}

interface Work {
  readonly record: MachineRecord
  readonly driver: AnyDriver
  readonly plan: ResizePlan<DriverState>
  readonly start: boolean
  readonly w: World
}

/** Throws what the provider refuses: the machine is then as it was, or the error says how to go on. */
export async function resizeMachine(
  name: string,
  ask: ResizeAsk,
  w: World,
  options: ResizeOptions = {},
): Promise<Resized> {
  await using _lock = options.dryRun
    ? undefined
    : await w.store.lock(name, { purpose: `modify ${name}`, signal: w.signal })
  const record = await loadRecord(w.store, name, w.program)
  refuseClientOnly(record, 'modify', w)
  const driver = driverOf(record, w)
  const wish = ask.wish(driver)
  const before = await lookAt(record, w)
  const plan: ResizePlan<DriverState> = await resizeOf(driver).plan(record.Driver, wish, driverCtx(name, w))
  const cutOff = record.Machine?.Resize
  const start = before.status !== 'Stopped' || cutOff?.Start === true
  const changes = plan.differences.map(each => ({ ...each, setting: ask.nameOf(driver, each.setting) }))
  const told: Resized = { name, changes, restart: start && changes.length > 0, applied: false }
  if (options.dryRun) return told
  if (changes.length === 0 && !cutOff) {
    await take(plan.now, record, w) // somebody may have changed it elsewhere
    return told
  }
  if (changes.length > 0 && options.confirm && !(await options.confirm(told)))
    throw new MachineError('DECLINED', `nothing was changed on "${name}"`, { hints: ['-y goes ahead unasked'] })

  record.Machine = {
    ...(record.Machine ?? { Phase: 'ready', EngineAgent: 'off' }),
    Resize: { Start: start, Settings: wish },
  }
  await saver(name, w)(record)
  w.point('resize recorded')
  const work: Work = { record, driver, plan, start, w }
  await carryOut(work, before).catch(async error => {
    throw await undone(work, error)
  })
  // What fails from here on fails on a host that has what was asked for.
  if (start) await reachAgain(record, driver, w)
  await finish(work)
  return { ...told, applied: true }
}

async function lookAt(record: MachineRecord, w: World): Promise<Instance> {
  const { Name: name, Machine: machine } = record
  if (machine && machine.Phase !== 'ready')
    throw new MachineError('HALF_MADE', `machine "${name}" is not ready: its create was interrupted`, {
      hints: [`${w.program} provision ${name}`],
    })
  const seen = await inspectInstance(record, w)
  if (seen.status === 'Not Found')
    throw new MachineError('GONE', `machine "${name}" has a record here, but its driver no longer finds the host`, {
      hints: [`${w.program} rm ${name} drops the record`],
    })
  return seen
}

/** Who asked was told before where a driver has none. */
function resizeOf(driver: AnyDriver): NonNullable<AnyDriver['resize']> {
  if (!driver.resize) throw new MachineError('NO_RESIZE', `driver ${driver.name} changes no settings`)
  return driver.resize
}

async function carryOut({ record, driver, plan, start, w }: Work, before: Instance): Promise<void> {
  const name = record.Name
  const ctx = driverCtx(name, w)
  const say = (text: string) => w.say({ machine: name, type: 'info', text })
  let { status } = before
  if (plan.differences.length > 0) {
    if (status === 'Starting') status = (await waitUntilRunning(record, w)).status
    if (status !== 'Stopped') {
      say(`Stopping "${name}"...`)
      await ability(driver, 'stop')(record.Driver, ctx)
      status = 'Stopped'
    }
    say(`Changing "${name}"...`)
    await resizeOf(driver).apply(plan.next, ctx)
  }
  await take(plan.next, record, w)
  if (!start || status === 'Running' || status === 'Starting') return
  say(`Starting "${name}"...`)
  await ability(driver, 'start')(record.Driver, ctx)
}

async function take(state: DriverState, record: MachineRecord, w: World): Promise<void> {
  record.Driver = { ...record.Driver, ...state }
  await saver(record.Name, w)(record)
  w.point('resized')
}

async function finish({ record, w }: Pick<Work, 'record' | 'w'>): Promise<void> {
  if (record.Machine) delete record.Machine.Resize
  await saver(record.Name, w)(record)
}

/** Gives the machine what it had, and starts it if it ran; returns the error that led here. */
async function undone(work: Work, error: unknown): Promise<unknown> {
  const { record, driver, plan, start, w } = work
  const name = record.Name
  if (w.signal.aborted) return stopped(name, error, w)
  w.say({ machine: name, type: 'warn', text: 'that failed: the machine is brought back to what it was' })
  try {
    const { status } = await inspectInstance(record, w)
    if (status === 'Stopped') {
      await resizeOf(driver).apply(plan.now, driverCtx(name, w))
      await take(plan.now, record, w)
      if (start) await ability(driver, 'start')(record.Driver, driverCtx(name, w))
    } else if (status !== 'Running' && status !== 'Starting') return stopped(name, error, w)
    if (start) await reachAgain(record, driver, w)
    await finish(work)
    return error
  } catch (cause) {
    w.say({ machine: name, type: 'warn', text: `it could not be: ${messageOf(cause)}` })
    return stopped(name, error, w)
  }
}

function stopped(name: string, error: unknown, w: World): MachineError {
  return modifyStopped(error, `the same command again goes on; ${w.program} status ${name} shows whether it runs`, w)
}
