/** A real dockerd started by hand, listening over mutual TLS on a free port of loopback; gone when disposed of. Needs root. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './sshd.ts'
import { which } from './which.ts'

export interface Dockerd extends AsyncDisposable {
  /** tcp://127.0.0.1:port */
  readonly url: string
  readonly port: number
  /** All it logged. */
  log(): string
}

export interface DockerdCertificates {
  caPem: string
  serverCertPem: string
  serverKeyPem: string
}

/** How long it may take to come up or to go. */
const DEADLINE_MS = 60_000

export async function startDockerd(certificates: DockerdCertificates): Promise<Dockerd> {
  const program = which('dockerd')
  if (!program) throw new Error('no dockerd on this computer: apt-get install docker.io')
  const dir = await mkdtemp(join(tmpdir(), 'dockerd-'))
  const at = (name: string) => join(dir, name)
  await writeFile(at('ca.pem'), certificates.caPem)
  await writeFile(at('server.pem'), certificates.serverCertPem)
  await writeFile(at('server-key.pem'), certificates.serverKeyPem, { mode: 0o600 })
  await writeFile(at('daemon.json'), '{}') // not the computer's own
  const port = await freePort()
  const places = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')]
  const network = ['--bridge', 'none', '--iptables=false', '--ip6tables=false']
  const tls = [
    '--tlsverify',
    '--tlscacert',
    at('ca.pem'),
    '--tlscert',
    at('server.pem'),
    '--tlskey',
    at('server-key.pem'),
  ]
  const hosts = ['-H', `unix://${at('docker.sock')}`, '-H', `tcp://127.0.0.1:${port}`]
  const storage = ['--storage-driver', 'vfs'] // nothing is stored, and it works on every file system
  const args = ['--config-file', at('daemon.json'), ...places, ...network, ...tls, ...hosts, ...storage]
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const stop = async () => {
    await end(child)
    await rm(dir, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    await until(
      () => log.includes(`API listen on 127.0.0.1:${port}`),
      child,
      () => log,
    )
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `tcp://127.0.0.1:${port}`, port, log: () => log, [Symbol.asyncDispose]: stop }
}

async function until(holds: () => boolean, child: ChildProcess, log: () => string): Promise<void> {
  for (const deadline = Date.now() + DEADLINE_MS; !holds(); await sleep(20)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`dockerd ended: ${log()}`)
    if (Date.now() > deadline) throw new Error(`dockerd does not listen: ${log()}`)
  }
}

/** SIGTERM lets it stop its containerd; one that does not is killed. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const killer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS)
  child.kill('SIGTERM')
  await once(child, 'exit')
  clearTimeout(killer)
}
