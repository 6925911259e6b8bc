/** known_hosts: ours, which pins one machine for the system's ssh, and the user's, which knows the jump hosts. */
import { createHmac } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'

/** The name under which ssh looks a host up: the address, and '[address]:port' unless the port is 22. */
export function knownHostsName(address: string, port: number): string {
  return port === 22 ? address : `[${address}]:${port}`
}

/** One line of known_hosts, without a line end. `key` is 'ssh-ed25519 AAAA…'; a comment behind it is dropped. */
export function knownHostsLine(address: string, port: number, key: string): string {
  const [type = '', base64 = ''] = key.trim().split(/\s+/)
  return `${knownHostsName(address, port)} ${type} ${base64}`
}

/** Writes the file of one machine whole (mode 0600; beside it first, then renamed over it). */
export async function writeKnownHosts(
  path: string,
  address: string,
  port: number,
  keys: readonly string[],
): Promise<void> {
  const beside = `${path}.${process.pid}.new`
  await writeFile(beside, keys.map(key => `${knownHostsLine(address, port, key)}\n`).join(''), { mode: 0o600 })
  await rename(beside, path)
}

/**
 * The keys a known_hosts text holds for a host, as 'type base64' lines; hashed names are understood, patterns and
 * certificate authorities are not (they yield nothing).
 */
export function readKnownHosts(text: string, address: string, port: number): string[] {
  const name = knownHostsName(address, port)
  return text.split('\n').flatMap(line => {
    const [names, type, base64] = line.trim().split(/\s+/)
    if (!names || !type || !base64 || /^[#@]/.test(names)) return []
    return names.split(',').some(candidate => isName(candidate, name)) ? [`${type} ${base64}`] : []
  })
}

function isName(candidate: string, name: string): boolean {
  const [, scheme, salt, hash] = candidate.split('|')
  if (scheme !== '1' || !salt || !hash) return candidate.toLowerCase() === name.toLowerCase()
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash
}
