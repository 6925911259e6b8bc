import { isAbsolute, join, normalize } from 'node:path'
import { MachineError } from '../../src/errors.ts'

/** What the record holds of a host: pointers, enough to find and rebuild everything around it. */
export interface State {
  /** '' until an address has been reserved. */
  IPAddress: string
  MachineName: string
  SSHUser: string
  SSHPort: number
  /** Folder, container, cgroup and unit carry this name; unique on this computer. */
  Id: string
  Suite: string
  /** Key of the cached tree the host was copied from; '' for a directory given with --nspawn-image. */
  RootFs: string
  StateDir: string
  /** IPv4 CIDR. */
  Subnet: string
  Bridge: string
  /** Limit in MB; 0: none. */
  MemoryMB: number
  /** Limit in processors; 0: none. */
  Cpus: number
}

/** Where a host's things lie. Outside of `disk` they are readable by everybody, so that inspect needs no root. */
export interface Places {
  /** The host's folder. */
  readonly dir: string
  /** Closed to others: the tree holds set-uid programs of another system. */
  readonly disk: string
  readonly root: string
  /** A tree being made; renamed to `root` when it is complete. */
  readonly half: string
  /** 'PID START BOOT' of the systemd-nspawn process. */
  readonly pid: string
  /** Public SSH host keys, one a line. */
  readonly hostKeys: string
  readonly console: string
}

/**
 * The places of a host. Throws NSPAWN_RECORD for a record that could lead elsewhere: these paths are removed as root,
 * and a record is a file anybody may have edited.
 */
export function placesOf(state: Pick<State, 'Id' | 'StateDir'>): Places {
  const { Id: id, StateDir: stateDir } = state
  const sound = /^[a-z0-9][a-z0-9-]{0,62}$/.test(id) && isAbsolute(stateDir) && normalize(stateDir) === stateDir
  if (!sound) throw new MachineError('NSPAWN_RECORD', `the record names no host folder: Id "${id}" in "${stateDir}"`)
  const dir = join(stateDir, 'hosts', id)
  const disk = join(dir, 'disk')
  return {
    dir,
    disk,
    root: join(disk, 'root'),
    half: join(disk, 'root.new'),
    pid: join(dir, 'pid'),
    hostKeys: join(dir, 'host-keys'),
    console: join(dir, 'console.log'),
  }
}
