/** What goes wrong in the TLS handshake: whose certificate, and what is the matter with it. */
import { X509Certificate } from 'node:crypto'
import type { Failure, Problem } from './problems.ts'

const RENEW = 'issue a new one: machine provision NAME; containers keep running'

/** A refusal of ours comes as an alert: OpenSSL's text, or Node's code for it. */
const alert = (words: string) => {
  const code = words.toUpperCase().replaceAll(' ', '_')
  return new RegExp(`alert (${words})|ALERT_(${code})`, 'i')
}

export const TLS_PROBLEMS: readonly Problem[] = [
  {
    when: /ERR_OSSL_PEM|ERR_OSSL_ASN1|KEY_VALUES_MISMATCH|ERR_OSSL_UNSUPPORTED/,
    code: 'ENGINE_TLS',
    tell: f => `our CA or client certificate for ${f.url} cannot be used: ${f.reason}`,
    hints: () => ['machine doctor tells which file it is'],
  },
  {
    when: /ERR_TLS_CERT_ALTNAME_INVALID/,
    code: 'ENGINE_TLS',
    tell: f => `the certificate of ${f.url} is for other names: ${f.reason}`,
    hints: () => ['the address of the machine changed, or something else answers there'],
  },
  { when: /CERT_HAS_EXPIRED/, code: 'ENGINE_TLS', tell: expired, hints: () => [RENEW] },
  {
    when: /CERT_NOT_YET_VALID/,
    code: 'ENGINE_TLS',
    tell: notYetValid,
    hints: () => [
      "set this computer's clock: sudo timedatectl set-ntp true",
      'or the clock was wrong where it was issued',
    ],
  },
  {
    when: /UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET_ISSUER|CERT_SIGNATURE_FAILURE|INVALID_CA|INVALID_PURPOSE|CERT_UNTRUSTED/,
    code: 'ENGINE_TLS',
    tell: f => `the certificate of ${f.url} is not signed by the CA of this store (${f.code})`,
    hints: () => ['another store or another tool made certificates for this engine'],
  },
  {
    when: alert('certificate expired'),
    code: 'ENGINE_TLS',
    tell: f => `${f.url} refused our client certificate as expired${dateOf(f.own, 'To', ': it ends on ')}`,
    hints: () => ['make a new one: machine regenerate-certs --client-certs NAME', 'or the clock of the host is wrong'],
  },
  {
    when: alert('unknown ca'),
    code: 'ENGINE_TLS',
    tell: f => `${f.url} refused our client certificate: the engine trusts another CA (${f.reason})`,
    hints: () => ["the engine was set up from another store; machine provision NAME gives it this store's CA"],
  },
  {
    when: alert('bad certificate|certificate required|certificate unknown|certificate revoked|access denied'),
    code: 'ENGINE_TLS',
    tell: f => `${f.url} refused our client certificate (${f.reason})`,
    hints: () => ["machine provision NAME gives the engine this store's CA; machine doctor looks at the certificates"],
  },
  {
    when: /alert protocol version|ALERT_PROTOCOL_VERSION|unsupported protocol|UNSUPPORTED_PROTOCOL/i,
    code: 'ENGINE_TLS',
    tell: f => `${f.url} speaks no TLS newer than 1.1, which is not safe any more`,
    hints: () => ['the engine is too old: machine upgrade NAME'],
  },
  {
    when: /alert handshake failure|HANDSHAKE_FAILURE|NO_SHARED_CIPHER|no shared cipher/i,
    code: 'ENGINE_TLS',
    tell: f => `${f.url} and we have no TLS settings in common (${f.reason})`,
    hints: () => ['something in between may end TLS in its own way, or the engine is too old: machine upgrade NAME'],
  },
  {
    when: /HPE_|Parse Error/,
    at: ['answer', 'body'],
    code: 'ENGINE_BAD_ANSWER',
    tell: f => `what answers at ${f.url} speaks TLS, but not HTTP: it is no engine`,
    hints: () => ['is the port right, and is it the engine that listens there?'],
  },
  {
    when: /wrong[ _]version[ _]number|packet[ _]length[ _]too[ _]long|HPE_|Parse Error/i,
    code: 'ENGINE_BAD_ANSWER',
    tell: f => `what answers at ${f.url} does not speak TLS`,
    hints: () => ['is it the engine that listens there, and was it set up by this tool?'],
  },
]

/** OpenSSL says the same of an engine's certificate and of the CA above it. */
function expired(f: Failure): string {
  const shown = read(f.shown)
  if (shown && new Date(shown.validTo).getTime() > Date.now())
    return `the CA that signed the certificate of ${f.url} has expired`
  return shown
    ? `the certificate of ${f.url} expired on ${dayOf(shown.validTo)}`
    : `the certificate of ${f.url} has expired`
}

function notYetValid(f: Failure): string {
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  const from = dateOf(f.shown, 'From', ' before ') || ' yet'
  return `the certificate of ${f.url} is not valid${from}, and the clock of this computer says ${now}`
}

function dateOf(pem: string | undefined, end: 'From' | 'To', before: string): string {
  const cert = read(pem)
  return cert ? before + dayOf(end === 'To' ? cert.validTo : cert.validFrom) : ''
}

const dayOf = (date: string) => new Date(date).toISOString().slice(0, 10)

function read(pem: string | undefined): X509Certificate | undefined {
  try {
    return pem === undefined ? undefined : new X509Certificate(pem)
  } catch {
    return undefined // not a certificate: the sentence does without its date
  }
}
