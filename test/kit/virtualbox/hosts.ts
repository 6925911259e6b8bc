/** What this wants of whoever makes its guests. With no maker machines run, and nobody is in them. */

/** A network card as the guest sees it. */
export interface Link {
  /** 'enp0s8' */
  readonly name: string
  /** '08:00:27:ab:cd:ef' */
  readonly mac: string
  /** In CIDR notation; none: nothing has configured it. */
  readonly addresses: readonly string[]
  /** Whether this computer reaches the guest there: host-only networks. */
  readonly reachable: boolean
}

/** What a disc labelled cidata holds, as it is. */
export interface Seed {
  readonly userData: Buffer
  readonly metaData: Buffer
  readonly vendorData?: Buffer
  readonly networkConfig?: Buffer
}

export interface VmHost {
  /** Its address in the network of the test hosts: where NAT leads to. Known once it has booted. */
  readonly address: string | undefined
  /** Boots with this seed in the drive, and these cards; resolves when it is up whole. */
  boot(seed: Seed | undefined, links: readonly Link[]): Promise<void>
  /** In order; with `force` the plug is pulled. */
  stop(force: boolean): Promise<void>
  /** Whether its init runs. */
  isUp(): boolean
  /** What its console said. */
  console(): Promise<string>
  /** Runs a shell command as root inside; throws when it fails. */
  exec(command: string): Promise<string>
  remove(): Promise<void>
}

export interface VmHostMaker {
  /** What takes long the first time on a computer. */
  prepare(say: (line: string) => void): Promise<void>
  /** Costs nothing before the first boot. */
  make(id: string): VmHost
}
