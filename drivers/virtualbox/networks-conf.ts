/**
 * What VirtualBox allows as host-only networks: from 6.1.28 on, everywhere but on Windows, 192.168.56.0/21 or what
 * /etc/vbox/networks.conf lists. Looked at before anything is made, for VirtualBox only says that access is denied.
 */
import { readFile } from 'node:fs/promises'
import { type Network, rangeOf } from './network.ts'
import { isAtLeast, type Version } from './version.ts'

export const NETWORKS_CONF = '/etc/vbox/networks.conf'
const ALLOWED = '* 192.168.56.0/21'

/** Whether the network will be let through; true also where nobody limits it. */
export async function isAllowed(
  net: Network,
  version: Version,
  { platform = process.platform, file = NETWORKS_CONF } = {},
): Promise<boolean> {
  if (platform === 'win32' || !isAtLeast(version, 6, 1, 28)) return true
  return allows(await readFile(file, 'utf8').catch(() => ALLOWED), net)
}

/** Lines are `* RANGE…`; other lines, and ranges of IPv6, say nothing about us. */
export function allows(conf: string, { own }: Pick<Network, 'own'>): boolean {
  const address = rangeOf(own)
  const ranges = conf.split('\n').flatMap(line => /^\s*\*\s+(.*)$/.exec(line)?.[1]?.trim().split(/\s+/) ?? [])
  return ranges.some(text => {
    const range = rangeOf(text)
    return range !== undefined && address !== undefined && address.base >= range.base && address.last <= range.last
  })
}
