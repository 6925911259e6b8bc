/**
 * The only place that reaches into ssh2's internals (1.17; looked up defensively, so another version just loses the
 * gain). A log-in by ssh2 alone takes eight round trips up to a command's output; two of them ask for leave to do what
 * is then done anyway:
 *
 * - publickey: "would you take this key?", then the signature. The signature alone may be sent (RFC 4252, section 7).
 * - service request: its answer says nothing; sshd reads the log-in sent right behind it all the same.
 */
import type { Client, ParsedKey } from 'ssh2'

type Sign = (data: Buffer, done: (signature: Buffer) => void) => void

interface Protocol {
  service?(name: string): void
  authPK?(user: string, key: ParsedKey, algorithm?: string, sign?: Sign): void
  readonly _handlers?: { SERVICE_ACCEPT?: ((protocol: Protocol, name: string) => void) | undefined }
}

const HASH_OF: Readonly<Record<string, string>> = {
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
  'ssh-rsa': 'sha1',
}

/**
 * Saves round trips of a connection; call it right after `connect`. `eager`: send the log-in right behind the service
 * request; not for RSA keys, whose signature algorithm the server names only in between.
 */
export function saveRoundTrips(client: Client, eager: boolean): void {
  const protocol = (client as unknown as { _protocol?: Protocol })._protocol
  if (!protocol) return
  signAtOnce(protocol)
  if (eager) logInAtOnce(protocol)
}

function signAtOnce(protocol: Protocol): void {
  const authPK = protocol.authPK
  if (typeof authPK !== 'function') return
  protocol.authPK = (user, key, algorithm, sign) => {
    // an agent's keys are public ones: they are asked for first, for a signature may need a touch or a confirmation
    if (sign || !key.isPrivateKey?.()) return authPK.call(protocol, user, key, algorithm, sign)
    const hash = HASH_OF[algorithm ?? '']
    authPK.call(protocol, user, key, algorithm ?? key.type, (data, done) => {
      const signature: unknown = key.sign(data, hash) // ssh2 returns an error instead of throwing it
      if (signature instanceof Error) throw signature
      done(signature as Buffer)
    })
  }
}

function logInAtOnce(protocol: Protocol): void {
  const { service, _handlers: handlers } = protocol
  const accepted = handlers?.SERVICE_ACCEPT
  if (typeof service !== 'function' || !handlers || !accepted) return
  protocol.service = name => {
    service.call(protocol, name)
    handlers.SERVICE_ACCEPT = undefined
    accepted(protocol, name)
  }
}
