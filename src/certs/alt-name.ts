/** What a person calls a host, as a certificate says it. */
import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'

export interface AltName {
  readonly kind: 'address' | 'name'
  /** An address without brackets and zone, or a name in ASCII. */
  readonly value: string
}

/** `[::1]`, `fe80::1%eth0`, `198.18.0.7`, `*.example.com`, `bücher.example` (as xn--bcher-kva.example). */
export function altNameOf(text: string): AltName {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '')
  if (isIP(bare)) return { kind: 'address', value: bare }
  // Names in ASCII stay as they are written: wildcards and underscores are no business of URLs.
  const ascii = /^[\x20-\x7e]*$/.test(text) ? text : domainToASCII(text)
  return { kind: 'name', value: ascii }
}
