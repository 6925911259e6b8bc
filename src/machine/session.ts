/** Opening SSH to a machine: which keys, which pinned host key, whose password. */
import { join } from 'node:path'
import type { Instance } from '../../drivers/driver.ts'
import { MachineError } from '../errors.ts'
import type { Host } from '../ssh/host.ts'
import { readKnownHosts, writeKnownHosts } from '../ssh/known-hosts.ts'
import { Secret } from '../ssh/quote.ts'
import { refuseClientOnly } from './own-authority.ts'
import type { MachineRecord } from './record.ts'
import type { World } from './world.ts'

/** sshd of a fresh host may take minutes (cloud images generate keys, run cloud-init); Docker Machine's own limit was 180 s. */
const FIRST_ANSWER_MS = 300_000

export interface SessionOptions {
  /** How long sshd may take to answer, in milliseconds; 5 minutes by default. */
  deadlineMs?: number
  /** Forget the pinned host key and pin the one seen now. */
  acceptHostKey?: boolean
}

/**
 * The host keys this machine must show: what the driver is sure of, else what was pinned at first sight. Of a machine that
 * docker-machine made that stands in its known_hosts alone, for its record is left as it is.
 */
export async function expectedHostKeys(
  instance: Instance,
  record: MachineRecord,
  w: Pick<World, 'store'>,
): Promise<readonly string[]> {
  const known = instance.ssh?.hostKeys ?? []
  if (known.length > 0) return known
  const pinned = record.Machine?.HostKeys ?? []
  if (pinned.length > 0) return pinned
  const text = await w.store.readFile(['machines', record.Name, 'known_hosts'])
  return readKnownHosts(text ?? '', instance.address ?? '', instance.ssh?.port ?? 22)
}

/**
 * Opens the one SSH connection a command uses and pins the host key it saw into `record` (the caller saves it) and into
 * the machine's known_hosts, which `machine ssh` reads. Throws MachineError with the reason when it cannot.
 */
export async function openSession(
  record: MachineRecord,
  instance: Instance,
  w: World,
  options: SessionOptions = {},
): Promise<Host> {
  const host = await dialMachine(record, instance, w, options)
  await pin(host, instance, record, w)
  return host
}

/** The same, and nothing is kept of what was seen. */
export async function dialMachine(
  record: MachineRecord,
  instance: Instance,
  w: World,
  options: SessionOptions = {},
): Promise<Host> {
  refuseClientOnly(record, 'SSH', w)
  const { address, ssh } = instance
  if (!address || !ssh) throw new MachineError('NO_ADDRESS', `Machine "${record.Name}" has no address to log in to`)
  return await w.dial({
    address,
    port: ssh.port,
    user: ssh.user,
    ...(ssh.keyPath ? { keyPath: ssh.keyPath } : {}),
    ...(ssh.alias ? { alias: ssh.alias } : {}),
    machine: record.Name,
    hostKeys: options.acceptHostKey ? [] : await expectedHostKeys(instance, record, w),
    jumpHostKeys: options.acceptHostKey ? {} : (record.Machine?.JumpHostKeys ?? {}),
    deadlineMs: options.deadlineMs ?? FIRST_ANSWER_MS,
    signal: w.signal,
    env: w.env,
    home: w.home,
    onAttempt: text => w.say({ machine: record.Name, type: 'debug', text }),
    ...(w.askSecret ? { askSecret: w.askSecret } : {}),
    ...sudoPassword(`${ssh.user}@${address}`, w),
  })
}

/** Where a sudo that wants a password gets it; nothing where nobody could say it, so that the error says so. */
function sudoPassword(login: string, w: World): { sudoPassword?: () => Promise<Secret | undefined> } {
  const set = w.env.MACHINE_SUDO_PASSWORD
  const ask = w.askSecret
  if (set) return { sudoPassword: async () => new Secret(set) }
  return ask ? { sudoPassword: () => ask(`sudo password of ${login}: `) } : {}
}

async function pin(host: Host, { address = '', ssh }: Instance, record: MachineRecord, w: World): Promise<void> {
  const { hostKey: key, jumpHostKeys = {} } = host
  const port = ssh?.port ?? 22
  const file = join(w.store.machineDir(record.Name), 'known_hosts')
  // A record of Docker Machine's own is left as it is until it is provisioned: then the file alone knows the key.
  if (!record.Machine) return await writeKnownHosts(file, address, port, [key])
  const pinned = record.Machine.HostKeys ?? []
  if (!pinned.includes(key)) {
    record.Machine.HostKeys = [key]
    w.say({ machine: record.Name, type: 'debug', text: `pinned the host key of ${address}: ${key.split(' ')[0]}` })
  }
  if (Object.keys(jumpHostKeys).length > 0) record.Machine.JumpHostKeys = jumpHostKeys
  await writeKnownHosts(file, address, port, record.Machine.HostKeys ?? [])
}
