/** What the cloud wants of whoever makes its hosts. With no maker (hosts: 'none') addresses are those of documentation. */

export interface HostAsk {
  /** i-… */
  readonly id: string
  /** Login of the image. */
  readonly user: string
  /** OpenSSH line of the key pair. */
  readonly publicKey?: string
  readonly userData?: Buffer
}

export interface CloudHost {
  /** Its address in the network of the hosts, the same for its whole life. */
  readonly privateAddress: string
  /** Boots it; the first time too. */
  start(): Promise<void>
  /** In order; with `force` the plug is pulled. */
  stop(force: boolean): Promise<void>
  reboot(): Promise<void>
  /** From now on it answers at this address also, and no longer at one given before; may be called while it is off. */
  setPublic(address: string | undefined): Promise<void>
  remove(): Promise<void>
  /** What its console said. */
  console(): Promise<string>
  /** Runs a shell command as root inside; throws when it fails. */
  exec(command: string): Promise<string>
}

export interface HostMaker<Ask extends HostAsk = HostAsk> extends AddressPool {
  /** What takes long the first time on a computer, before any launch waits for it. */
  prepare(say: (line: string) => void): Promise<void>
  /** Resolves when it has its address; it is not booted yet. */
  make(ask: Ask): Promise<CloudHost>
}

/** Addresses by which a host can be reached from here; the one given back last is the last to be given again. */
export interface AddressPool {
  takeAddress(): string
  giveBack(address: string): void
}

/** Throws `empty` when there is none left. */
export function addressPool(addresses: readonly string[], empty: string): AddressPool {
  const free = [...addresses]
  return {
    takeAddress() {
      const address = free.shift()
      if (address === undefined) throw new Error(empty)
      return address
    },
    giveBack: address => void free.push(address),
  }
}

/** Addresses of documentation (RFC 5737): nothing can be reached there, so nobody is reached by mistake. */
export function paperAddresses(): AddressPool {
  const nets = ['192.0.2', '198.51.100', '203.0.113']
  const all = nets.flatMap(net => Array.from({ length: 254 }, (_, i) => `${net}.${i + 1}`))
  return addressPool(all, 'the cloud has given away all its addresses')
}
