/** start, stop, restart, kill: Docker Machine's meaning of each, including that a machine already there is an error. */
import type { AnyDriver, Instance } from '../../drivers/driver.ts'
import { serverCertProblem } from '../certs/index.ts'
import { waitForEngine } from '../engine/wait.ts'
import { MachineError } from '../errors.ts'
import { script } from '../ssh/quote.ts'
import { loadOrCreateCa } from './authority.ts'
import { bringUp, ownsHost } from './bring-up.ts'
import { saver } from './create.ts'
import { followContexts } from './follow-contexts.ts'
import { driverCtx, driverOf, engineUrl, inspectInstance, noteAddress, pause, waitUntilRunning } from './instance.ts'
import { loadRecord } from './load.ts'
import { refuseClientOnly, worldFor } from './own-authority.ts'
import type { MachineRecord } from './record.ts'
import { serverNames } from './server-names.ts'
import { openSession } from './session.ts'
import { pushOnTheWay } from './trust/push.ts'
import type { World } from './world.ts'

export type PowerVerb = 'start' | 'stop' | 'restart' | 'kill'

/** What is said when it begins and when it is done. */
const WORDS = {
  start: ['Starting', 'started'],
  stop: ['Stopping', 'stopped'],
  restart: ['Restarting', 'restarted'],
  kill: ['Killing', 'killed'],
} as const

export async function power(verb: PowerVerb, name: string, w: World): Promise<void> {
  await using _lock = await w.store.lock(name, { purpose: `${verb} ${name}`, signal: w.signal })
  const record = await loadRecord(w.store, name, w.program)
  refuseClientOnly(record, verb, w)
  const driver = driverOf(record, w)
  const before = await inspectInstance(record, w)
  if (before.status === 'Not Found')
    throw new MachineError('GONE', `machine "${name}" has a record here, but its driver no longer finds the host`, {
      hints: [`${w.program} rm ${name} drops the record`],
    })
  refuseIfThere(verb, name, before)
  const [doing, done] = WORDS[verb]
  w.say({ machine: name, type: 'info', text: `${doing} "${name}"...` })
  await switchPower(verb, record, driver, before, w)
  if (verb === 'start' || verb === 'restart') await reachAgain(record, driver, w)
  w.say({ machine: name, type: 'info', text: `Machine "${name}" was ${done}.` })
  if (record.Machine?.Resize && (verb === 'start' || verb === 'restart'))
    w.say({
      machine: name,
      type: 'warn',
      text: `a change of its settings was cut off: the same ${w.program} modify goes on`,
    })
}

function refuseIfThere(verb: PowerVerb, name: string, { status }: Instance): void {
  if (verb === 'start' && status === 'Running')
    throw new MachineError('ALREADY', `Machine "${name}" is already running.`)
  if ((verb === 'stop' || verb === 'kill') && status === 'Stopped')
    throw new MachineError('ALREADY', `Machine "${name}" is already stopped.`)
}

async function switchPower(verb: PowerVerb, record: MachineRecord, driver: AnyDriver, now: Instance, w: World) {
  const ctx = driverCtx(record.Name, w)
  const state = record.Driver
  if (verb !== 'restart') return await ability(driver, verb)(state, ctx)
  if (now.status === 'Stopped' && driver.power?.start) return await driver.power.start(state, ctx)
  if (driver.power?.restart) return await driver.power.restart(state, ctx)
  if (driver.power?.stop && driver.power.start) {
    await driver.power.stop(state, ctx)
    return await driver.power.start(state, ctx)
  }
  if (!driver.rebootsOverSsh) throw noPower(driver, verb)
  await rebootOverSsh(record, now, w)
}

/** Throws NO_POWER where the driver has no such verb. */
export function ability(driver: AnyDriver, verb: 'start' | 'stop' | 'kill') {
  const able = driver.power?.[verb]
  if (!able) throw noPower(driver, verb)
  return able.bind(driver.power)
}

function noPower(driver: AnyDriver, verb: PowerVerb): MachineError {
  return new MachineError('NO_POWER', driver.noPowerText?.(verb) ?? `driver ${driver.name} does not support ${verb}`)
}

/** For what needs a running machine: starts it if it is off, without waiting for anything on it. */
export async function startIfStopped(record: MachineRecord, w: World): Promise<void> {
  if ((await inspectInstance(record, w)).status !== 'Stopped') return
  w.say({ machine: record.Name, type: 'info', text: `Starting "${record.Name}"...` })
  await ability(driverOf(record, w), 'start')(record.Driver, driverCtx(record.Name, w))
}

/** The host is told to reboot, then watched until its boot id is another: sshd answers until the very end. */
async function rebootOverSsh(record: MachineRecord, instance: Instance, w: World): Promise<void> {
  const bootId = script(
    'cat /proc/sys/kernel/random/boot_id; systemctl show -p UserspaceTimestampMonotonic 2>/dev/null || :',
  )
  let before: string
  {
    await using host = await openSession(record, instance, w, { deadlineMs: 30_000 })
    before = (await host.run(bootId)).stdout
    await host.run(script('(sleep 1; shutdown -r now || reboot) >/dev/null 2>&1 </dev/null &'), { root: true })
  }
  for (const deadline = w.now().getTime() + 300_000; ; await pause(500, w.signal)) {
    const again = await openSession(record, instance, w, { deadlineMs: 60_000 }).catch(() => undefined)
    if (again) {
      await using host = again
      if ((await host.run(bootId).catch(() => ({ stdout: before }))).stdout !== before) return
    }
    if (w.now().getTime() > deadline)
      throw new MachineError('NOT_COMING_UP', `machine "${record.Name}" was told to reboot 5 minutes ago and did not`)
  }
}

/** After a start: the same address needs only a running engine, a new one a new server certificate. */
export async function reachAgain(record: MachineRecord, driver: AnyDriver, w: World): Promise<void> {
  const instance = await waitUntilRunning(record, w)
  const save = saver(record.Name, w)
  const moved = instance.address !== record.Driver.IPAddress
  noteAddress(record, instance)
  await save(record)
  if (!driver.provisions) return
  const ca = await loadOrCreateCa(await worldFor(record, w))
  const certPem = await w.store.readFile(['machines', record.Name, 'server.pem'])
  const names = serverNames(record, instance.address ?? '')
  const problem = certPem ? serverCertProblem({ certPem, caPem: ca.caPem, names, now: w.now() }) : 'is not known here'
  if (moved || problem) {
    w.say({
      machine: record.Name,
      type: 'info',
      text: `Issuing a new server certificate (${problem ?? 'address changed'})`,
    })
    await bringUp(record, w, { save, setHostname: ownsHost(record, w) })
    await save(record)
    return
  }
  await using _host = await openSession(record, instance, w)
  const url = engineUrl(record, instance)
  await followContexts(record.Name, w, url)
  await waitForEngine({
    url,
    ca: ca.caPem,
    cert: ca.clientCertPem,
    key: ca.clientKeyPem,
    deadlineMs: 60_000,
    signal: w.signal,
  })
  await pushOnTheWay(record, w)
}
