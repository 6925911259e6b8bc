/** Addresses that macOS itself gave to VMs: the DHCP server of its host-only networks is the system's. */
import { readFile } from 'node:fs/promises'

const FILE = '/var/db/dhcpd_leases'

/** The newest address of the card with this MAC ('080027ABCDEF'); undefined while it has none. */
export async function appleLease(mac: string, file = FILE): Promise<string | undefined> {
  return leaseIn(await readFile(file, 'utf8').catch(() => ''), mac)
}

/** Blocks of `key=value`; hardware addresses stand there without leading zeros: `hw_address=1,8:0:27:ab:cd:ef`. */
export function leaseIn(text: string, mac: string): string | undefined {
  const wanted = (mac.match(/../g) ?? []).map(byte => Number.parseInt(byte, 16).toString(16)).join(':')
  const found = [...text.matchAll(/\{([^}]*)\}/g)].flatMap(([, block = '']) => {
    const value = (key: string) => new RegExp(`^\\s*${key}=(.*?)\\s*$`, 'm').exec(block)?.[1] ?? ''
    if (value('hw_address').replace(/^\d+,/, '') !== wanted) return []
    return [{ address: value('ip_address'), until: Number(value('lease')) || 0 }]
  })
  return found.sort((a, b) => b.until - a.until)[0]?.address || undefined
}
