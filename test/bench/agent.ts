/**
 * The agent against dockerd's own TLS, on one host in one run: a machine without the agent, whose dockerd serves TLS on the
 * engine port, and beside it the agent on the next port, in front of the same dockerd.
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { agentProgram } from '../../src/machine/agent-program.ts'
import { type Home, must, run, startHome } from '../kit/cli.ts'
import { importBusybox } from '../kit/images.ts'
import { warmRuntime } from '../kit/runtime-cache.ts'

export interface AgentRow {
  readonly work: string
  readonly dockerd: string
  readonly agent: string
  readonly budget: string
  readonly within: boolean
}

const ROOT = '/opt/agent'
const LIB = `${ROOT}/usr/local/lib/machine-agent/current`
const GIB = 1024 ** 3
const ENGINE = 2376
const AGENT = 2377
/** Interleaved, so that what else the computer does hits both alike. */
const RUNS = 5
const REQUESTS = 2000
const STREAMS = 200

export async function benchAgent(env: Record<string, string>): Promise<AgentRow[]> {
  await using home = await startHome(env)
  await home.ok('create', '-d', 'nspawn', '--engine-agent', 'off', 'side')
  await importBusybox(home, 'side')
  await putAgent(home)
  const startMs = await startAgent(home)
  const at = await material(home)
  const rows: AgentRow[] = [
    row('agent ready after its start', '—', `${startMs} ms`, '≤ 500 ms', startMs <= 500),
    await sizeRow(),
  ]
  const rest = await residentMb(home)
  rows.push(row('agent resident at rest', '—', `${rest} MB`, '≤ 80 MB', rest <= 80))
  rows.push(...(await requestRows(at)))
  rows.push(await streamsRow(home, at))
  rows.push(...(await throughputRows(home)))
  return rows
}

function row(work: string, dockerd: string, agent: string, budget: string, within: boolean): AgentRow {
  console.error(`${work}: dockerd ${dockerd}, agent ${agent} (${budget})`)
  return { work, dockerd, agent, budget, within }
}

const ssh = async (home: Home, command: string, input = '') =>
  must(command, await home.cliWith({ input }, 'ssh', 'side', '--', command)).trim()

async function putAgent(home: Home): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'machine-bench-'))
  try {
    execFileSync('tar', ['xzf', warmRuntime(console.error), '-C', folder, 'package/bin/node'])
    await ssh(home, `mkdir -p ${LIB} ${ROOT}/etc/machine-agent ${ROOT}/var/lib/machine-agent ${ROOT}/run`)
    await home.ok('scp', join(folder, 'package/bin/node'), `side:${LIB}/node`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const { text } = await agentProgram()
  await ssh(home, `base64 -d > ${LIB}/agent.cjs`, text.toString('base64'))
  const config = JSON.stringify({ id: '0'.repeat(32), ports: [AGENT] })
  await ssh(
    home,
    `cd ${ROOT} && cat /etc/docker/server-key.pem /etc/docker/server.pem > var/lib/machine-agent/identity.pem &&
     cp /etc/docker/ca.pem var/lib/machine-agent/ && echo '${config}' > etc/machine-agent/config.json`,
  )
}

/** Milliseconds from the command that starts it to the file it writes when it serves. */
async function startAgent(home: Home): Promise<number> {
  const script = `rm -f ${ROOT}/run/machine-agent/running.json; s=$(date +%s%N)
    systemd-run -q --unit=agent-bench -E MACHINE_AGENT_ROOT=${ROOT} -E MALLOC_ARENA_MAX=1 ${LIB}/node --max-semi-space-size=1 ${LIB}/agent.cjs
    until [ -s ${ROOT}/run/machine-agent/running.json ]; do sleep 0.01; done; echo $((($(date +%s%N) - s) / 1000000))`
  const ms: number[] = []
  for (let i = 0; i < 3; i++) {
    await ssh(home, 'systemctl stop agent-bench 2>/dev/null; systemctl reset-failed agent-bench 2>/dev/null; true')
    ms.push(Number(await ssh(home, script)))
  }
  return median(ms)
}

async function residentMb(home: Home): Promise<number> {
  const pid = '$(systemctl show -p MainPID --value agent-bench)'
  return Math.round(Number(await ssh(home, `awk '/VmRSS/ { print $2 }' /proc/${pid}/status`)) / 1024)
}

async function sizeRow(): Promise<AgentRow> {
  const { size } = await stat(join(import.meta.dirname, '../../dist/agent.cjs'))
  const kb = Math.ceil(size / 1024)
  return row('agent pushed, without runtime', '—', `${kb} KB`, '≤ 300 KB', kb <= 300)
}

interface Material {
  readonly host: string
  readonly ca: Buffer
  readonly cert: Buffer
  readonly key: Buffer
}

async function material(home: Home): Promise<Material> {
  const { DOCKER_CERT_PATH: folder = '' } = await home.dockerEnv('side')
  const read = (file: string) => readFile(join(folder, file))
  return {
    host: (await home.ok('ip', 'side')).trim(),
    ca: await read('ca.pem'),
    cert: await read('cert.pem'),
    key: await read('key.pem'),
  }
}

async function requestRows(at: Material): Promise<AgentRow[]> {
  const took: Record<number, number[]> = { [ENGINE]: [], [AGENT]: [] }
  const agents = [ENGINE, AGENT].map(port => [port, new Agent({ keepAlive: true, maxSockets: 1 })] as const)
  for (let i = 0; i < REQUESTS; i++)
    for (const [port, agent] of agents) {
      const started = performance.now()
      await get(at, port, agent)
      took[port]?.push(performance.now() - started)
    }
  for (const [, agent] of agents) agent.destroy()
  const [own, ours] = [took[ENGINE] ?? [], took[AGENT] ?? []]
  const more = percentile(ours, 50) - percentile(own, 50)
  const shown = (p: number, ms: number[]) => `${percentile(ms, p).toFixed(2)} ms`
  return [
    row('GET /_ping, kept alive, p50', shown(50, own), shown(50, ours), '≤ 1 ms more', more <= 1),
    row('GET /_ping, kept alive, p99', shown(99, own), shown(99, ours), '—', true),
  ]
}

function get({ host, ...material }: Material, port: number, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    request({ host, port, path: '/_ping', agent, ...material }, answer => answer.resume().on('end', resolve))
      .on('error', reject)
      .end()
  })
}

async function streamsRow(home: Home, at: Material): Promise<AgentRow> {
  await home.dockerOk('side', 'run', '-d', '--name', 'talk', 'busybox', 'sh', '-c', 'while :; do date; sleep 1; done')
  const open = await Promise.all(Array.from({ length: STREAMS }, () => follow(at)))
  await new Promise(resolve => setTimeout(resolve, 10_000))
  const mb = await residentMb(home)
  for (const socket of open) socket.destroy()
  await home.dockerOk('side', 'rm', '-f', 'talk')
  return row(`agent resident under ${STREAMS} streams`, '—', `${mb} MB`, '≤ 150 MB', mb <= 150)
}

function follow({ host, ...material }: Material): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: AGENT, ...material }, () => {
      socket.write('GET /containers/talk/logs?follow=1&stdout=1 HTTP/1.1\r\nHost: docker\r\n\r\n')
      socket.once('data', () => resolve(socket)).resume()
    })
    socket.on('error', reject)
  })
}

async function throughputRows(home: Home): Promise<AgentRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'machine-bench-'))
  try {
    const big = join(folder, 'big')
    execFileSync('sh', ['-c', `head -c ${GIB} /dev/zero | tr '\\0' a > ${big}`])
    await home.dockerOk('side', 'run', '-d', '--name', 'box', 'busybox', 'sleep', '1000000')
    await home.dockerOk('side', 'cp', big, 'box:/big')
    await home.dockerOk('side', 'commit', 'box', 'big')
    const image = join(folder, 'image.tar')
    await home.dockerOk('side', 'save', '-o', image, 'big')
    return [
      await compare(home, 'docker cp of 1 GiB to the host', ['cp', big, 'box:/big']),
      await compare(home, 'docker cp of 1 GiB from the host', ['cp', 'box:/big', join(folder, 'back')]),
      await compare(home, 'docker load of 1 GiB', ['load', '-q', '-i', image]),
      await compare(home, 'docker save of 1 GiB', ['save', '-o', join(folder, 'saved.tar'), 'big']),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function compare(home: Home, work: string, args: string[]): Promise<AgentRow> {
  const seconds: Record<number, number[]> = { [ENGINE]: [], [AGENT]: [] }
  const env = await home.dockerEnv('side')
  for (let i = 0; i < RUNS; i++)
    for (const port of [ENGINE, AGENT]) {
      const started = performance.now()
      const at = { ...home.env, ...env, DOCKER_HOST: env.DOCKER_HOST?.replace(/\d+$/, String(port)) }
      must(`docker ${args[0]}`, await run('docker', args, { env: at }))
      seconds[port]?.push((performance.now() - started) / 1000)
    }
  const [own, ours] = [median(seconds[ENGINE] ?? []), median(seconds[AGENT] ?? [])]
  const share = own / ours
  const shown = (s: number) => `${s.toFixed(2)} s`
  return row(work, shown(own), `${shown(ours)} (${share.toFixed(2)} of dockerd's)`, '≥ 0.9', share >= 0.9)
}

function median(values: number[]): number {
  return percentile(values, 50)
}

function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN
}

export function printAgentRows(rows: readonly AgentRow[]): void {
  console.log("\n| work | dockerd's own TLS | through the agent | budget | |")
  console.log('| --- | --- | --- | --- | --- |')
  for (const { work, dockerd, agent, budget, within } of rows)
    console.log(`| ${work} | ${dockerd} | ${agent} | ${budget} | ${budget === '—' ? '' : within ? 'within' : 'over'} |`)
}
