/** SHA256SUMS, as distributions put it beside their images. */

/** Digest of the file of this name; undefined where it is not listed. Lines are `digest  name` or `digest *name`. */
export function digestIn(sums: string, name: string): string | undefined {
  for (const line of sums.split('\n')) {
    const [, digest, listed] = /^([0-9a-fA-F]{64})\s+\*?(?:\.\/)?(.+?)\s*$/.exec(line) ?? []
    if (listed === name) return digest?.toLowerCase()
  }
  return undefined
}

/** A digest a person gave: 64 hex digits, with or without 'sha256:' before them; undefined for anything else. */
export function readDigest(text: string): string | undefined {
  return /^(?:sha256:)?([0-9a-f]{64})$/i.exec(text.trim())?.[1]?.toLowerCase()
}
