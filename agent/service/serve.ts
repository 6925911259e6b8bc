/**
 * The process that serves. SIGHUP: certificates are read again, and where another version has become current it is started
 * with our sockets; this one then ends with its last connection. SIGTERM: ends, giving what is under way a moment.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { openAudit } from '../audit/audit.ts'
import { answerOwn } from '../endpoints.ts'
import { openSources, readHealth } from '../health/health.ts'
import { createMetrics } from '../health/metrics.ts'
import { watchProcess } from '../health/process-facts.ts'
import type { Running } from '../protocol.ts'
import type { Hub } from '../relay/hub.ts'
import type { OwnRequest } from '../relay/own.ts'
import { createServers } from '../relay/server.ts'
import { decide } from '../roles/decide.ts'
import { clientProblem, issuerProblem } from '../trust/client.ts'
import { openTrust } from '../trust/trust.ts'
import { readConfig } from './config.ts'
import { PLACES } from './places.ts'
import { say } from './say.ts'
import { areSent, listenOn } from './sockets.ts'
import { CONNECTION, DRAIN, READY, startSuccessor } from './successor.ts'
import { programAt, VERSION } from './version.ts'

/** What is under way gets this long when the service is stopped, in milliseconds; the unit's own limit is longer. */
const STOP_MS = 3000

export async function serve(path: string): Promise<void> {
  const started = new Date()
  const program = programAt(path)
  let config = readConfig()
  const audit = openAudit(config.audit)
  const metrics = createMetrics()
  const processFacts = watchProcess(audit)
  const sources = openSources(config, PLACES.drift)
  let draining = false

  const trust = await openTrust(() => {
    servers.setMaterial(trust.now)
    servers.recheck()
    say(`certificates read: serial ${trust.now.cert.serialNumber}, revocation list ${trust.now.revocations.number}`)
  }, PLACES)
  const health = async ({ client }: OwnRequest) => {
    const { cert, cas, revocations, problems } = trust.now
    const date = (text: string) => new Date(text).toISOString()
    const seen = await readHealth({
      config,
      sources,
      version: VERSION,
      digest: program.digest,
      started,
      you: { name: client.name, role: client.role, serial: client.serial, notAfter: client.notAfter.toISOString() },
      certificate: { serial: cert.serialNumber, notAfter: date(cert.validTo), notBefore: date(cert.validFrom) },
      cas: cas.map(ca => ({ fingerprint256: ca.fingerprint256, notAfter: date(ca.validTo) })),
      revocation: { number: revocations.number, serials: revocations.serials.length },
      now: () => new Date(),
    })
    const own = [
      ...problems,
      ...(trust.problem === undefined ? [] : [`certificates on disk were not taken: ${trust.problem}`]),
    ]
    return { ...seen, problems: [...seen.problems, ...own] }
  }
  const hub: Hub = {
    get socket() {
      return config.socket
    },
    get draining() {
      return draining
    },
    problemOf: (client, certificate) =>
      clientProblem(client, { id: config.id, revoked: trust.revoked, now: new Date() }) ??
      issuerProblem(certificate, trust.now.cas),
    decide: asked =>
      decide(asked, { operatorMounts: config.operatorMounts, enginePlaces: [config.dataRoot, config.socket] }),
    own: request =>
      answerOwn(request, { trust, health, metrics: async r => metrics.render(await health(r), processFacts()) }),
    record(entry) {
      audit.record(entry)
      metrics.request(entry)
      if (entry.status === 403) metrics.refused('role')
    },
    badRequest(client, address, status, note) {
      metrics.refused('bad head')
      const { name, ou, serial, role } = client
      audit.record({
        at: Date.now(),
        name,
        ou,
        serial,
        role,
        address,
        method: '',
        path: '',
        status,
        bytesIn: 0,
        bytesOut: 0,
        durationMs: 0,
        note,
      })
    },
    streamOpened: () => metrics.streamOpened(),
    streamClosed: () => metrics.streamClosed(),
  }
  const servers = createServers(trust.now, hub, {
    opened: () => metrics.connectionOpened(),
    closed: () => metrics.connectionClosed(),
    handshakeFailed: reason => metrics.handshakeFailed(reason),
  })
  const listens = listenOn(config, process.env, process.pid)
  const sockets = listens.flatMap(on => ('fd' in on ? [on.fd] : []))
  for (const on of listens) await servers.listen(on)
  if (areSent(process.env)) {
    process.on('message', (message, socket) => {
      if (message === CONNECTION && socket) servers.inject(socket as Socket)
      else if (message === DRAIN) void finish()
    })
    process.once('disconnect', () => stop())
  }

  const close = async () => {
    await audit.close()
    process.exit(0)
  }
  process.on('SIGHUP', () => {
    void trust.reload()
    takeConfig()
    if (sockets.length > 0) void handOver()
  })
  /** What operators may mount changes at once; where audit lines go and what is watched, with the next start. */
  const takeConfig = () => {
    try {
      config = readConfig()
    } catch (error) {
      say(`the configuration was not taken: ${(error as Error).message}`)
    }
  }
  const finish = async () => {
    draining = true
    await servers.drain()
    await close()
  }
  const stop = () => {
    draining = true
    servers.endIdle()
    setTimeout(close, STOP_MS)
    void servers.drain().then(close)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)

  let handing = false
  async function handOver(): Promise<void> {
    if (handing || draining) return
    handing = true
    try {
      const node = join(PLACES.lib, 'current/node')
      const next = programAt(join(PLACES.lib, 'current/agent.cjs'))
      if (next.digest === program.digest) return
      say(`handing over to version ${next.digest}`)
      const child = await startSuccessor({ node, program: next.path, sockets })
      child.disconnect()
      child.unref()
      // While this process is here the other is no child of systemd's, which would never know that nobody serves any more.
      child.once('exit', code => code !== 0 && void close())
      say(`version ${next.digest} serves (pid ${child.pid}); finishing what is under way`)
      await finish()
    } catch (error) {
      say(`the other version does not serve, this one goes on: ${(error as Error).message}`)
    } finally {
      handing = false
    }
  }

  writeRunning({ digest: program.digest, pid: process.pid, ready: new Date().toISOString() })
  process.send?.(READY)
  tellSystemd()
  say(`version ${VERSION} (${program.digest}) serves`)
}

/** A full disk is no reason not to serve: who waits for this version then waits in vain, and everybody else is served. */
function writeRunning(running: Running): void {
  const path = PLACES.running
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(`${path}.new`, `${JSON.stringify(running)}\n`, { mode: 0o644 })
    renameSync(`${path}.new`, path)
  } catch (error) {
    say(`cannot write ${path}: ${(error as Error).message}`)
  }
}

/** systemd follows the process that serves. Node has no sockets of systemd's kind: its own tool says it. */
function tellSystemd(): void {
  if (process.env.NOTIFY_SOCKET === undefined) return
  execFile('systemd-notify', ['--ready', `--pid=${process.pid}`], error => {
    if (error) say(`systemd was not told: ${error.message}`)
  })
}
