/** From a record to the provider's view of it: the driver, its state, where the machine is now. */
import type { AnyDriver, Ctx, Instance } from '../../drivers/driver.ts'
import { MachineError } from '../errors.ts'
import type { MachineRecord } from './record.ts'
import type { World } from './world.ts'

/** The engine's port when nobody says otherwise: IANA's docker-s. */
export const DEFAULT_ENGINE_PORT = 2376

/** How long a host we made may take from "asked to run" to running, in milliseconds; a cold spot instance takes minutes. */
const OUR_HOST_MS = 600_000
/** A host that was there before us either answers or the address is wrong; a reboot of it takes less than this. */
const LENT_HOST_MS = 60_000

/** The driver that made the machine; Docker Machine's own text when it is not among ours. */
export function driverOf(record: Pick<MachineRecord, 'DriverName'>, w: World): AnyDriver {
  const driver = w.drivers.find(d => d.name === record.DriverName)
  if (driver) return driver
  throw new MachineError(
    'DRIVER_NOT_FOUND',
    `Driver "${record.DriverName}" not found. Do you have the plugin binary accessible in your PATH?`,
    { hints: [`${w.program} drivers lists the drivers of this version`] },
  )
}

/** Whether the engine serves mutual TLS of a CA that we know; one of `none` may speak anything. */
export function isSecured(record: MachineRecord, w: World): boolean {
  return record.Machine?.Access === 'client' || driverOf(record, w).provisions
}

/** What a driver's call gets for this machine. */
export function driverCtx(name: string, w: World, signal: AbortSignal = w.signal): Ctx {
  return {
    name,
    machineDir: w.store.machineDir(name),
    storeId: w.store.id(),
    env: w.driverEnv ?? w.env,
    signal,
    say: event => w.say({ ...event, machine: name }),
    ...(w.ask ? { ask: w.ask } : {}),
    point: label => w.point(label),
  }
}

/** The instance as its driver sees it now, with the machine's own key where the driver named none. */
export async function inspectInstance(record: MachineRecord, w: World, signal?: AbortSignal): Promise<Instance> {
  const driver = driverOf(record, w)
  const seen: Instance = await driver.inspect(record.Driver, driverCtx(record.Name, w, signal))
  const keyPath = seen.ssh?.keyPath ?? record.Driver.SSHKeyPath
  return seen.ssh && typeof keyPath === 'string' && keyPath !== '' ? { ...seen, ssh: { ...seen.ssh, keyPath } } : seen
}

/** Port of the machine's engine. */
export function enginePort(record: MachineRecord): number {
  const ofDriver = record.Driver.EnginePort
  return record.Machine?.EnginePort ?? (typeof ofDriver === 'number' && ofDriver > 0 ? ofDriver : DEFAULT_ENGINE_PORT)
}

/** `tcp://address:port` of the engine, or '' while the machine has no address or does not run. */
export function engineUrl(record: MachineRecord, instance: Instance): string {
  if (instance.url !== undefined) return instance.url
  if (!instance.address || instance.status !== 'Running') return ''
  const host = instance.address.includes(':') ? `[${instance.address}]` : instance.address
  return `tcp://${host}:${instance.enginePort ?? record.Machine?.ForwardedPort ?? enginePort(record)}`
}

/** Keeps where the engine is reached, for what speaks to it without asking the driver. */
export function noteAddress(record: MachineRecord, { address, enginePort: forwarded }: Instance): void {
  if (address) record.Driver.IPAddress = address
  if (!record.Machine) return
  if (forwarded === undefined) delete record.Machine.ForwardedPort
  else record.Machine.ForwardedPort = forwarded
}

/** The running machine's engine URL; throws Docker Machine's `Host is not running`. */
export async function runningUrl(record: MachineRecord, w: World): Promise<string> {
  const url = engineUrl(record, await inspectInstance(record, w))
  if (url) return url
  throw new MachineError('NOT_RUNNING', 'Host is not running', { hints: [`${w.program} start ${record.Name}`] })
}

/** Waits until the driver says Running and names an address. Looks again sooner at first: many hosts are up in a second. */
export async function waitUntilRunning(record: MachineRecord, w: World): Promise<Instance> {
  const patienceMs = driverOf(record, w).keys === 'own' ? LENT_HOST_MS : OUR_HOST_MS
  const deadline = w.now().getTime() + patienceMs
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 1.5, 3000)) {
    const instance = await inspectInstance(record, w)
    if (instance.status === 'Running' && (instance.address || instance.url !== undefined)) return instance
    if (instance.status === 'Error' || instance.status === 'Not Found') throw notComingUp(record, instance, '', w)
    if (w.now().getTime() > deadline) throw notComingUp(record, instance, ` after ${patienceMs / 1000} s`, w)
    await pause(pauseMs, w.signal)
  }
}

function notComingUp(record: MachineRecord, seen: Instance, when: string, w: World): MachineError {
  const at = seen.address && seen.ssh ? ` (nothing answers on ${seen.address}:${seen.ssh.port})` : ''
  return new MachineError(
    'NOT_COMING_UP',
    `machine "${record.Name}" is ${seen.status || 'in no known state'}${when}${at}`,
    {
      hints: ['is the host on, and are its address and SSH port right?', `${w.program} rm ${record.Name} forgets it`],
    },
  )
}

/** Sleeps; rejects with the signal's reason as soon as it aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { setTimeout: sleep } = await import('node:timers/promises')
  await sleep(ms, undefined, { signal }).catch(error => {
    throw signal.reason ?? error
  })
}
