/** How programs of this computer (ssh, scp, rsync, sshfs) reach a machine: address, login, key, pinned host keys. */
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { Instance, SshTarget } from '../../drivers/driver.ts'
import { MachineError } from '../errors.ts'
import { writeKnownHosts } from '../ssh/known-hosts.ts'
import { inspectInstance } from './instance.ts'
import { loadRecord } from './load.ts'
import { refuseClientOnly } from './own-authority.ts'
import type { MachineRecord } from './record.ts'
import { expectedHostKeys, openSession } from './session.ts'
import type { World } from './world.ts'

export interface SshWay {
  readonly name: string
  readonly target: SshTarget & { readonly address: string }
  /** The keys the machine has to show; never empty. */
  readonly hostKeys: readonly string[]
  /** Those its jump hosts have to show, by their name in a known_hosts file. */
  readonly jumpHostKeys: Readonly<Record<string, string>>
  /** The machine's own known_hosts, with those keys where the store can be written. */
  readonly knownHostsPath: string
}

/**
 * The way to a machine. Where no host key is pinned yet (a machine docker-machine made), one short session pins the key
 * it shows. Throws NOT_FOUND, and NOT_RUNNING in Docker Machine's words.
 */
export async function sshWay(name: string, w: World): Promise<SshWay> {
  const record = await loadRecord(w.store, name, w.program)
  refuseClientOnly(record, 'ssh', w)
  const instance = await inspectInstance(record, w)
  const { address, ssh } = instance
  if (instance.status !== 'Running' || !address || !ssh)
    throw new MachineError('NOT_RUNNING', `Error: Cannot run SSH command: Host "${name}" is not running`, {
      hints: [`${w.program} start ${name}`],
    })
  const knownHostsPath = join(w.store.machineDir(name), 'known_hosts')
  const hostKeys = await pinnedKeys(record, instance, w)
  await writeKnownHosts(knownHostsPath, address, ssh.port, hostKeys).catch(() => {}) // read-only store: as it is
  const jumpHostKeys = record.Machine?.JumpHostKeys ?? {}
  return { name, target: { ...ssh, address }, hostKeys, jumpHostKeys, knownHostsPath }
}

async function pinnedKeys(record: MachineRecord, instance: Instance, w: World): Promise<readonly string[]> {
  const expected = await expectedHostKeys(instance, record, w)
  if (expected.length > 0) return expected
  await using host = await openSession(record, instance, w, { deadlineMs: 20_000 })
  return [host.hostKey]
}

/** ssh takes the home directory from the user database and not from $HOME, where aliases were looked up: CI jobs differ. */
export function homeIsElsewhere(home: string): boolean {
  try {
    return userInfo().homedir !== home
  } catch {
    return true // no entry for this user: ssh would find no home at all
  }
}
