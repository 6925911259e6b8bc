/** A raw connection to an agent, for requests no client would write: mutual TLS, and nothing but bytes in it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type TLSSocket } from 'node:tls'
import type { KeyAndCert } from '../../src/certs/index.ts'

export interface Dialled {
  readonly socket: TLSSocket
  readonly ended: () => boolean
  /** All that came so far. */
  text(): string
  /** Writes, and resolves with all that came once it holds `until`. */
  say(text: string, until: string | RegExp): Promise<string>
  /** Resolves with all that came once it holds `until`. */
  hears(until: string | RegExp): Promise<string>
  /** Resolves with all that came when the other side has closed. */
  closed(): Promise<string>
}

export interface Dial {
  readonly host: string
  readonly port: number
  /** PEM. */
  readonly ca: string
  readonly client: KeyAndCert
}

export async function dial({ host, port, ca, client }: Dial): Promise<Dialled> {
  const to = { host, port, allowHalfOpen: true }
  const socket = connect({ ...to, ca, cert: client.certPem, key: client.keyPem })
  let text = ''
  let ended = false
  socket.setEncoding('latin1').on('data', (more: string) => {
    text += more
  })
  socket.on('end', () => {
    ended = true
  })
  const failed = new Promise<never>((_, reject) => socket.once('error', reject))
  failed.catch(() => {})
  await Promise.race([new Promise(resolve => socket.once('secureConnect', resolve)), failed])
  socket.on('error', () => {
    ended = true
  })
  const until = async (holds: () => boolean, what: string) => {
    for (let waited = 0; !holds(); waited += 5) {
      if (waited > 5000) throw new Error(`waited in vain for ${what}; got ${JSON.stringify(text.slice(0, 2000))}`)
      await sleep(5)
    }
    return text
  }
  const hears = (what: string | RegExp) =>
    until(() => (typeof what === 'string' ? text.includes(what) : what.test(text)), String(what))
  return {
    socket,
    ended: () => ended,
    text: () => text,
    say(words, what) {
      socket.write(words, 'latin1')
      return hears(what)
    },
    hears,
    closed: () => until(() => ended || socket.destroyed, 'the end'),
  }
}
