/** Servers that answer as engines do, or do not, on addresses of loopback. */
import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createCa, issueClientCert, issueServerCert, type KeyAndCert } from '../../../src/certs/index.ts'
import { freePort } from '../../kit/sshd.ts'
import { makeTempDir } from '../../kit/temp-dir.ts'

const owner = 'someone'

/** A CA with a client and a server certificate it signed. */
export interface Identities {
  readonly ca: KeyAndCert
  readonly client: KeyAndCert
  readonly server: KeyAndCert
}

export async function makeIdentities(names = ['127.0.0.1'], at = new Date(), days = 30): Promise<Identities> {
  const ca = await createCa({ owner, now: at })
  const now = new Date()
  return { ca, client: await issueClientCert({ ca, owner, now }), server: await makeServer(ca, names, at, days) }
}

export async function makeServer(ca: KeyAndCert, names: string[], at = new Date(), days = 30): Promise<KeyAndCert> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKeyPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const certPem = await issueServerCert({ ca, owner, machine: 'dev', names, publicKeyPem, now: at, days })
  return { certPem, keyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

export interface Listening extends AsyncDisposable {
  readonly port: number
  readonly url: string
}

/** Listens on a free port of `address`. */
export async function listen(server: Server, address = '127.0.0.1'): Promise<Listening> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {}))) // a client may break off
  await once(server.listen(0, address), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `tcp://${address.includes(':') ? `[${address}]` : address}:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** HTTPS that demands a client certificate of `trusted`, by default the server's own CA. */
export function engine(
  its: Identities,
  answer: RequestListener,
  address?: string,
  trusted = its.ca,
): Promise<Listening> {
  const tls = { key: its.server.keyPem, cert: its.server.certPem, ca: trusted.certPem }
  return listen(createHttpsServer({ ...tls, requestCert: true, rejectUnauthorized: true }, answer), address)
}

/** OpenSSL's own server: unlike Node's it tells a refused client why, as engines do. */
export async function opensslServer(its: Identities, version: '-tls1_2' | '-tls1_3'): Promise<Listening> {
  const dir = makeTempDir()
  const file = (name: string, text: string) => {
    writeFileSync(join(dir.path, name), text)
    return join(dir.path, name)
  }
  const tls = [
    ...['-cert', file('cert', its.server.certPem), '-key', file('key', its.server.keyPem)],
    ...['-CAfile', file('ca', its.ca.certPem), '-Verify', '1', '-verify_return_error', version, '-www'],
  ]
  const port = await freePort()
  const child = spawn('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, ...tls], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  await says(child, 'ACCEPT')
  return {
    port,
    url: `tcp://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await once(child, 'exit')
      dir[Symbol.dispose]()
    },
  }
}

/** A listener that takes nobody and whose queue is full: further connections get no answer at all (Linux). */
export async function startFullListener(): Promise<Listening> {
  // Perl, because Node accepts by itself.
  const program = `$| = 1;
    $s = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1) or die;
    push @held, IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $s->sockport, Blocking => 0) for 1..8;
    print 'PORT ', $s->sockport, "\\n"; sleep 600`
  const child = spawn('perl', ['-MIO::Socket::INET', '-e', program], { stdio: ['ignore', 'pipe', 'ignore'] })
  const text = await says(child, '\n')
  const port = Number(/PORT (\d+)/.exec(text)?.[1])
  return {
    port,
    url: `tcp://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

async function says(child: ChildProcess, word: string): Promise<string> {
  let text = ''
  child.stdout?.on('data', chunk => {
    text += String(chunk)
  })
  while (!text.includes(word)) {
    if (child.exitCode !== null) throw new Error(`it ended without saying ${word}`)
    await sleep(10)
  }
  return text
}
