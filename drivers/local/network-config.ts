/** The network of a local VM as cloud-init is told it (version 2, which is netplan's): interfaces are known by their MAC. */

export interface Interface {
  /** What it is called in the host: 'eth0'. */
  readonly name: string
  /** '08:00:27:12:34:56' */
  readonly mac: string
  /** A fixed address, '192.168.59.30/24'; by DHCP without. */
  readonly address?: string | undefined
  /** False: no route and no name server is taken from its DHCP, and the boot does not wait for it. */
  readonly isUplink: boolean
}

export function networkConfig(interfaces: readonly Interface[]) {
  return { version: 2, ethernets: Object.fromEntries(interfaces.map(each => [each.name, ethernet(each)])) }
}

function ethernet({ name, mac, address, isUplink }: Interface) {
  // The name is set, and not only matched: all renderers but netplan's look for an interface of it.
  const card = { match: { macaddress: mac }, 'set-name': name }
  const side = isUplink ? {} : { optional: true }
  if (address !== undefined) return { ...card, addresses: [address], ...side }
  // Leases are looked up by MAC: the guest must ask as that, and not as its machine-id.
  const dhcp = { dhcp4: true, 'dhcp-identifier': 'mac' }
  const overrides = isUplink ? {} : { 'dhcp4-overrides': { 'use-routes': false, 'use-dns': false } }
  return { ...card, ...dhcp, ...side, ...overrides }
}

/** A MAC of the range `prefix` ('080027'), as twelve upper-case digits; `random` are three bytes. */
export function macFrom(prefix: string, random: Uint8Array): string {
  return (prefix + Buffer.from(random).toString('hex')).toUpperCase()
}

/** '080027ABCDEF' → '08:00:27:ab:cd:ef' */
export function withColons(mac: string): string {
  return (mac.match(/../g) ?? []).join(':').toLowerCase()
}
