import { createHash } from 'node:crypto'

/**
 * Id of a machine's host: `dev-1a2b3c4d`. It must be a host name label (systemd-nspawn's rule) of at most 63 characters,
 * different for every machine of every store, so a name that does not fit as it is gets a digest of itself.
 */
export function hostId(name: string, storeId: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  const tail = `-${storeId}`
  if (plain === name && plain.length + tail.length <= 63) return plain + tail
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8)
  const kept = plain.slice(0, 63 - tail.length - digest.length - 1)
  return `${kept || 'host'}-${digest}${tail}`
}
