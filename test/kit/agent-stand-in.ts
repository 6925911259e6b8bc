/**
 * A stand-in for the engine agent: its TLS and its rules for keys, certificates, CAs and revocations (agent/protocol.ts),
 * in this process, with an engine behind it that says nothing but its version. It is stricter than helpful: whatever the
 * protocol forbids is refused, so that tests of our side see what the real one would do.
 */
import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { MACHINE_URN, PATHS, type Revocations, ROLES, type TrustChange, type TrustState } from '../../agent/protocol.ts'
import { type KeyAndCert, readRevocations } from '../../src/certs/index.ts'
import { HEALTH } from '../unit/agent/health/fixtures.ts'
import { listen } from '../unit/engine/servers.ts'
import { makeTempDir } from './temp-dir.ts'

export interface AgentStandIn extends AsyncDisposable {
  readonly id: string
  readonly port: number
  readonly url: string
  /** What it trusts and shows now. */
  trust(): TrustState
  /** Requests it answered, as 'GET /path 200'. */
  readonly asked: string[]
  /** Connections that were closed since it began: none may be by a renewal. */
  dropped(): number
}

export interface StandInOptions {
  readonly caPem: string
  readonly server: KeyAndCert
  readonly id?: string
}

class Refused extends Error {}

export async function startAgentStandIn(o: StandInOptions): Promise<AgentStandIn> {
  const id = o.id ?? '0123456789abcdef0123456789abcdef'
  let ca = o.caPem
  let cert = o.server.certPem
  let key: KeyObject = createPrivateKey(o.server.keyPem)
  let pending: KeyObject | undefined
  let revoked: TrustState['revoked'] = null
  let dropped = 0
  const asked: string[] = []
  const trust = (): TrustState => ({ ca, cert, revoked })
  const tls = () => ({
    ca: certificatesOf(ca).map(String),
    cert,
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  })

  function change(next: TrustChange): void {
    const cas = next.ca === undefined ? certificatesOf(ca) : certificatesOf(next.ca)
    judgeCas(certificatesOf(ca), cas, next.cross)
    const keys = [key, ...(pending ? [pending] : [])]
    const itsKey = next.cert === undefined ? key : keyOf(next.cert, cas, keys)
    if (next.ca !== undefined && next.cert === undefined) keyOf(cert, cas, [key])
    if (next.revoked) judgeList(next.revoked, revoked, cas.map(String).join('\n'))
    if (next.ca !== undefined) ca = next.ca
    if (next.cert !== undefined) {
      cert = next.cert
      if (itsKey === pending) pending = undefined
      key = itsKey
    }
    if (next.revoked) revoked = next.revoked
    server.setSecureContext(tls())
  }

  async function answer(request: IncomingMessage): Promise<unknown> {
    const client = clientOf(request.socket as TLSSocket, id)
    if (listOf(revoked)?.serials.includes(client.serial)) throw new Refused('this certificate is revoked')
    const asks = `${request.method} ${request.url?.replace(/^\/v1\.\d+(?=\/)/, '')}`
    if (asks === 'GET /_ping' || asks === 'HEAD /_ping') return 'OK'
    if (asks === 'GET /version') return { Version: '28.5.2', ApiVersion: '1.51', MinAPIVersion: '1.24' }
    if (asks === `GET ${PATHS.health}`) return healthWith(new X509Certificate(cert))
    if (client.role !== 'admin') throw new Refused(`${asks} is for admins`)
    if (asks === `POST ${PATHS.csr}`) {
      pending = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
      return { publicKey: createPublicKey(pending).export({ type: 'spki', format: 'pem' }), csr: csrOf(pending) }
    }
    if (asks === `GET ${PATHS.certs}`) return trust()
    if (asks !== `POST ${PATHS.certs}`) throw new Refused(`${asks} is not known here`)
    change(JSON.parse(await bodyOf(request)) as TrustChange)
    return trust()
  }

  const server = createServer({ ...tls(), requestCert: true, rejectUnauthorized: true }, (request, response) => {
    answer(request).then(
      value => reply(request, response, 200, value),
      (error: Error) => {
        reply(request, response, error instanceof Refused ? 403 : 400, { message: error.message })
      },
    )
  })
  const reply = (request: IncomingMessage, response: ServerResponse, status: number, value: unknown) => {
    asked.push(`${request.method} ${request.url} ${status}`)
    response.statusCode = status
    response.setHeader('content-type', typeof value === 'string' ? 'text/plain' : 'application/json')
    response.end(typeof value === 'string' ? value : JSON.stringify(value))
  }
  server.on('secureConnection', socket => socket.on('close', () => dropped++))
  const listening = await listen(server)
  let closed: PromiseLike<void> | undefined
  return {
    id,
    ...listening,
    trust,
    asked,
    dropped: () => dropped,
    async [Symbol.asyncDispose]() {
      closed ??= listening[Symbol.asyncDispose]()
      await closed
    },
  }
}

/** A new CA needs its subject and key in a certificate that one in force signed. */
function judgeCas(now: X509Certificate[], next: X509Certificate[], cross = ''): void {
  if (next.length === 0) throw new Refused('there would be no CA')
  const crosses = cross === '' ? [] : certificatesOf(cross)
  for (const ca of next) {
    if (!ca.ca) throw new Refused('one of the CAs is none')
    if (now.some(old => old.fingerprint256 === ca.fingerprint256)) continue
    const proof = crosses.find(c => c.subject === ca.subject && c.publicKey.equals(ca.publicKey))
    if (!proof?.ca || !now.some(old => signed(proof, old) && alive(old)) || !alive(proof))
      throw new Refused('a new CA is not signed by one in force')
  }
}

/** Which of the keys the certificate is for; it has to be a server's, alive, and signed by one of the CAs. */
function keyOf(certPem: string, cas: X509Certificate[], keys: KeyObject[]): KeyObject {
  const cert = new X509Certificate(certPem)
  if (!cas.some(ca => signed(cert, ca))) throw new Refused('the certificate does not chain to a CA in force')
  if (!alive(cert) || !cert.keyUsage?.includes('1.3.6.1.5.5.7.3.1')) throw new Refused('it is no server certificate')
  const key = keys.find(k => cert.checkPrivateKey(k))
  if (!key) throw new Refused('the certificate is for another key')
  return key
}

function judgeList(next: NonNullable<TrustState['revoked']>, now: TrustState['revoked'], caPem: string): void {
  const list = readRevocations(next, caPem)
  if (!list) throw new Refused('the list of revocations is not signed by a CA in force')
  if (next.payload !== now?.payload && list.number <= (listOf(now)?.number ?? 0))
    throw new Refused('the list of revocations is not newer than the one in force')
}

const listOf = (signed: TrustState['revoked']) => (signed ? (JSON.parse(signed.payload) as Revocations) : undefined)
const healthWith = ({ serialNumber: serial, validTo }: X509Certificate) => ({
  ...HEALTH,
  certificate: { serial, notAfter: new Date(validTo).toISOString() },
})
const signed = (cert: X509Certificate, ca: X509Certificate) => cert.checkIssued(ca) && cert.verify(ca.publicKey)
const alive = (cert: X509Certificate) =>
  Date.parse(cert.validFrom) <= Date.now() && Date.now() < Date.parse(cert.validTo)

function clientOf(socket: TLSSocket, id: string): { serial: string; role: string } {
  const cert = socket.getPeerX509Certificate()
  if (!cert) throw new Refused('there is no client certificate')
  const units = [...cert.subject.matchAll(/^OU=(.*)$/gm)].map(match => match[1] as string)
  const ranks = units.map(unit => (ROLES as readonly string[]).indexOf(unit))
  if (ranks.includes(-1)) throw new Refused('the role of this certificate is not known')
  const machines = (cert.subjectAltName ?? '').split(', ').filter(name => name.startsWith(`URI:${MACHINE_URN}`))
  if (machines.length > 0 && !machines.includes(`URI:${MACHINE_URN}${id}`))
    throw new Refused('this certificate is for other machines')
  return { serial: cert.serialNumber, role: ROLES[Math.min(2, ...ranks)] as string }
}

function certificatesOf(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g)
  return (blocks ?? []).map(block => new X509Certificate(block))
}

function csrOf(key: KeyObject): string {
  using dir = makeTempDir()
  const file = join(dir.path, 'key.pem')
  writeFileSync(file, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  return execFileSync('openssl', ['req', '-new', '-key', file, '-subj', '/CN=machine-agent'], { encoding: 'utf8' })
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const text of request.setEncoding('utf8')) body += text
  return body
}
