import type { Config } from '../driver.ts'

/** Flags of the driver, all with an environment variable MACHINE_NSPAWN_*. */
export const flags = {
  suite: {
    type: 'string',
    help: 'Debian release of the host',
    env: 'MACHINE_NSPAWN_SUITE',
    default: 'trixie',
    options: ['bookworm', 'trixie', 'forky'],
  },
  image: {
    type: 'string',
    help: 'root file system to use instead of building one: a directory or a .tar[.gz|.xz|.zst]',
    env: 'MACHINE_NSPAWN_IMAGE',
    path: 'file',
  },
  packages: {
    type: 'list',
    help: "Debian packages to add; with a leading '-', to leave out (-docker.io)",
    env: 'MACHINE_NSPAWN_PACKAGES',
  },
  mirror: {
    type: 'string',
    help: "Debian mirror to build from (URL); this computer's own where it runs Debian",
    env: 'MACHINE_NSPAWN_MIRROR',
  },
  subnet: {
    type: 'string',
    help: 'addresses of the hosts (IPv4 CIDR); the first is the bridge on this computer',
    env: 'MACHINE_NSPAWN_SUBNET',
    default: '198.18.0.0/16',
  },
  memory: { type: 'int', help: 'most memory the host may use (MB); no limit by default', env: 'MACHINE_NSPAWN_MEMORY' },
  cpus: { type: 'int', help: 'most processors the host may use; no limit by default', env: 'MACHINE_NSPAWN_CPUS' },
  cacheDir: {
    type: 'string',
    help: 'where built root file systems are kept',
    env: 'MACHINE_NSPAWN_CACHE_DIR',
    path: 'folder',
    default: '/var/cache/machine',
  },
  stateDir: {
    type: 'string',
    help: 'where the hosts lie; a plain file system, not an overlay',
    env: 'MACHINE_NSPAWN_STATE_DIR',
    path: 'folder',
    default: '/var/lib/machine',
  },
} as const

export type NspawnConfig = Config<typeof flags>
