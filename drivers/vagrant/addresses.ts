/** Addresses of a machine as it sees them itself, for where Vagrant only tells of a forwarded port. */

/** Asked of the machine through `vagrant ssh`; each line is marked, for others print there too. */
export const ASK =
  "{ ip -4 -o addr show scope global | sed 's/^/machine-addr /'; ip -4 route show default | sed 's/^/machine-route /'; } 2>/dev/null"

export interface OwnAddress {
  readonly device: string
  readonly address: string
  /** On the way to the outside: behind NAT, where the provider has one. */
  readonly outward: boolean
}

/** Bridges of engines and clusters in the machine lead nowhere from here. */
const INNER = /^(docker|br-|veth|virbr|cni|flannel|cali|kube|tun|wg)/

export function parseAddresses(text: string): OwnAddress[] {
  const outward = new Set(
    [...text.matchAll(/machine-route .*\bdev (\S+)/g)].map(match => (match[1] as string).replace(/@.*/, '')),
  )
  return [...text.matchAll(/machine-addr \d+: (\S+)\s+inet ([\d.]+)/g)]
    .map(([, device = '', address = '']) => ({
      device: device.replace(/@.*/, ''),
      address,
      outward: outward.has(device.replace(/@.*/, '')),
    }))
    .filter(({ device }) => !INNER.test(device))
}
