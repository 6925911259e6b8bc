/**
 * Measures what design and README promise, side by side in one run, and prints a Markdown table. Real hosts, the built CLI,
 * distance by a delaying relay on loopback. `node test/bench/run.ts [RUNS]`; medians of RUNS (3 by default; quick ones 15).
 * `node test/bench/run.ts agent` measures the agent alone, `ec2` and `aliyun` machines at these clouds alone.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { startHost } from '../hosts/host.ts'
import { type Home, must, startHome } from '../kit/cli.ts'
import { hostEnv } from '../kit/dev-machine.ts'
import { importBusybox } from '../kit/images.ts'
import { testSubnet } from '../kit/places.ts'
import { benchAgent, printAgentRows } from './agent.ts'
import { benchAliyun } from './aliyun.ts'
import { printCloud } from './cloud.ts'
import { benchEc2 } from './ec2.ts'
import { delayingRelay } from './relay.ts'

if (process.argv[2] === 'agent') {
  printAgentRows(await benchAgent(hostEnv('bench', testSubnet('bench'))))
  process.exit()
}
if (process.argv[2] === 'ec2') {
  printCloud(await benchEc2())
  process.exit()
}
if (process.argv[2] === 'aliyun') {
  printCloud(await benchAliyun())
  process.exit()
}
const RUNS = Number(process.argv[2] ?? 3)
const QUICK_RUNS = 15
const ONE_WAY_MS = 50
const NSPAWN = hostEnv('bench', testSubnet('bench'))

interface Row {
  work: string
  peer: string
  /** Absent where nothing was promised. */
  budgetMs: number | undefined
  ms: number[]
}
const rows: Row[] = []

async function measure(
  work: string,
  peer: string,
  budgetMs: number | undefined,
  runs: number,
  once: () => Promise<number>,
) {
  const ms: number[] = []
  for (let i = 0; i < runs; i++) ms.push(await once())
  rows.push({ work, peer, budgetMs, ms })
  console.error(`${work}: ${ms.map(t => Math.round(t)).join(', ')} ms`)
}

/** Wall time of a CLI call that must succeed, in milliseconds. */
async function timed(home: Home, ...args: string[]): Promise<number> {
  const started = performance.now()
  const ran = await home.cli(...args)
  const ms = performance.now() - started
  must(`machine ${args.join(' ')}`, ran)
  return ms
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

/** Machines of driver none, straight into the store: `ls` reads records, whoever wrote them. */
async function fillStore(home: Home, count: number): Promise<void> {
  await home.ok('create', '-d', 'none', '--url', 'tcp://127.0.0.1:9', 'm0')
  const text = await home.ok('inspect', 'm0')
  for (let i = 1; i < count; i++) {
    const folder = join(home.store, 'machines', `m${i}`)
    await mkdir(folder)
    await writeFile(join(folder, 'config.json'), text.replaceAll('"m0"', `"m${i}"`))
  }
}

{
  await using home = await startHome(NSPAWN)
  await home.ok('create', '-d', 'nspawn', 'warm') // builds the root file system if there is none yet
  await measure('`env NAME` with its live TLS check', '22–84 ms', 60, QUICK_RUNS, () => timed(home, 'env', 'warm'))
  await measure('`env --no-check NAME`', '—', 45, QUICK_RUNS, () => timed(home, 'env', '--no-check', 'warm'))
  for (const verb of ['ip', 'url', 'status'])
    await measure(`\`${verb} NAME\``, '18 ms', 150, QUICK_RUNS, () => timed(home, verb, 'warm'))
  await measure('`version` (start of any other command)', '7 ms', 150, QUICK_RUNS, () => timed(home, 'version'))
  await home.ok('rm', '-y', 'warm')
  let n = 0
  await measure('`create -d nspawn` to `docker run`', '—', 15_000, RUNS, async () => {
    const name = `b${n++}`
    const started = performance.now()
    await home.ok('create', '-d', 'nspawn', name)
    await importBusybox(home, name)
    await home.dockerOk(name, 'run', '--rm', 'busybox', 'true')
    const ms = performance.now() - started
    await home.ok('rm', '-y', name)
    return ms
  })
}

{
  await using host = await startHost()
  const port = await freePort()
  await using ssh = await delayingRelay({ address: host.address, port: 22 }, ONE_WAY_MS)
  await using _engine = await delayingRelay({ address: host.address, port }, ONE_WAY_MS, port)
  const flags = [
    '-d',
    'generic',
    '--generic-ip-address=127.0.0.1',
    `--generic-ssh-port=${ssh.port}`,
    `--generic-ssh-key=${host.keyPath}`,
    `--engine-port=${port}`,
  ]
  await measure('`create -d generic`, prepared host, 100 ms away', '23.2 s', 6000, RUNS, async () => {
    await using home = await startHome()
    return await timed(home, 'create', ...flags, 'far')
  })
  await using home = await startHome()
  await home.ok('create', ...flags, 'far')
  await measure('`provision`, nothing to change, 100 ms away', '22.9 s', 1500, Math.max(RUNS, 5), () =>
    timed(home, 'provision', 'far'),
  )
}

for (const [count, budget] of [
  [50, 200],
  [500, 1000],
] as const) {
  await using home = await startHome()
  await fillStore(home, count)
  await measure(`\`ls\`, ${count} machines`, count === 50 ? '550 ms' : '—', budget, 5, () => timed(home, 'ls'))
  await measure(`\`ls -q\`, ${count} machines`, count === 50 ? '500 ms' : '—', budget, 5, () => timed(home, 'ls', '-q'))
}

{
  let n = 0
  await using home = await startHome()
  await measure('`create -d none`, fifty processes at once', '—', undefined, RUNS, async () => {
    const started = performance.now()
    const ask = ['create', '-d', 'none', '--url', 'tcp://127.0.0.1:9']
    await Promise.all(Array.from({ length: 50 }, () => home.ok(...ask, `f${n++}`)))
    return performance.now() - started
  })
}

const median = (ms: number[]) => [...ms].sort((a, b) => a - b)[Math.floor(ms.length / 2)] ?? Number.NaN
const shown = (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)
console.log('| work | Docker Machine and forks | budget | here (median) | |')
console.log('| --- | --- | --- | --- | --- |')
for (const { work, peer, budgetMs, ms } of rows) {
  const [budget, verdict] =
    budgetMs === undefined ? ['—', ''] : [shown(budgetMs), median(ms) <= budgetMs ? 'within' : 'over']
  console.log(`| ${work} | ${peer} | ${budget} | ${shown(median(ms))} | ${verdict} |`)
}
printAgentRows(await benchAgent(NSPAWN))
printCloud(await benchEc2())
printCloud(await benchAliyun())
