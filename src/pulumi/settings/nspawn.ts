/** Made by bin/settings.mts from the flag specs of the driver: change those. */
import type { Input } from '@pulumi/pulumi'

/** Settings of driver nspawn: a container machine on this computer. */
export interface NspawnSettings {
  /** Debian release of the host (env MACHINE_NSPAWN_SUITE, default trixie) */
  suite?: Input<'bookworm' | 'trixie' | 'forky'>
  /** root file system to use instead of building one: a directory or a .tar[.gz|.xz|.zst] (env MACHINE_NSPAWN_IMAGE) */
  image?: Input<string>
  /** Debian packages to add; with a leading '-', to leave out (-docker.io) (env MACHINE_NSPAWN_PACKAGES) */
  packages?: Input<Input<string>[]>
  /** Debian mirror to build from (URL); this computer's own where it runs Debian (env MACHINE_NSPAWN_MIRROR) */
  mirror?: Input<string>
  /** addresses of the hosts (IPv4 CIDR); the first is the bridge on this computer (env MACHINE_NSPAWN_SUBNET, default 198.18.0.0/16) */
  subnet?: Input<string>
  /** most memory the host may use (MB); no limit by default (env MACHINE_NSPAWN_MEMORY) */
  memory?: Input<number>
  /** most processors the host may use; no limit by default (env MACHINE_NSPAWN_CPUS) */
  cpus?: Input<number>
  /** where built root file systems are kept (env MACHINE_NSPAWN_CACHE_DIR, default /var/cache/machine) */
  cacheDir?: Input<string>
  /** where the hosts lie; a plain file system, not an overlay (env MACHINE_NSPAWN_STATE_DIR, default /var/lib/machine) */
  stateDir?: Input<string>
}
