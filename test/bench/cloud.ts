/** What a machine at a cloud costs: calls of its API, and seconds of ours beyond the host's own boot. On a stand-in cloud. */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startHome } from '../kit/cli.ts'
import type { Call } from '../kit/cloud/calls.ts'
import type { HostedNow, StandIn } from '../kit/cloud/stand-in.ts'
import { importBusybox } from '../kit/images.ts'

export interface Benched extends StandIn {
  readonly calls: readonly Call[]
  instances(): readonly (HostedNow<unknown> & { readonly eip?: string | undefined })[]
}

interface Row {
  readonly work: string
  readonly calls: readonly string[]
  readonly polls: number
  readonly dryRuns: number
  readonly budget: number | undefined
  readonly seconds: number
}

export interface CloudBench {
  readonly title: string
  readonly rows: readonly Row[]
  readonly beyondBootS: number
  readonly bootS: number
}

export interface BenchAsk {
  /** As in 'at EC2'. */
  readonly title: string
  readonly driver: string
  /** Of the create, so that all is to be made. */
  readonly flags: readonly string[]
  /** Most calls of that create. */
  readonly budget: number
}

/** One machine's life: all of it is to be made, and all of it goes again. */
export async function benchCloud(cloud: Benched, { title, driver, flags, budget }: BenchAsk): Promise<CloudBench> {
  await using home = await startHome(cloud.env)
  const rows: Row[] = []
  const counted = async (work: string, most: number | undefined, ...args: string[]) => {
    const from = cloud.calls.length
    const began = performance.now()
    await home.ok(...args)
    const seconds = (performance.now() - began) / 1000
    rows.push({ work, budget: most, seconds, ...sorted(cloud.calls.slice(from)) })
  }
  const listening = untilSshAnswers(cloud)
  await counted('create', budget, 'create', '-d', driver, ...flags, 'web')
  const created = Date.now()
  const { bootS, upAt } = await listening
  await importBusybox(home, 'web')
  const runMs = await timed(() => home.dockerOk('web', 'run', '--rm', 'busybox', 'true'))
  for (const verb of ['stop', 'start']) await counted(verb, undefined, verb, 'web')
  await counted('rm', undefined, 'rm', '-y', 'web')
  return { title, rows, bootS, beyondBootS: (created - upAt + runMs) / 1000 }
}

const KIND = /Vpc|VSwitch|SecurityGroup|Instance|KeyPair|EipAddress|Route|BackendServer/

/**
 * A poll asks what the same command asked before, word for word, or whether a thing is there (or gone) yet of the kind that
 * the command has just made, changed or removed.
 */
export function sorted(calls: readonly Call[]): Pick<Row, 'calls' | 'polls' | 'dryRuns'> {
  const asked = new Set<string>()
  const touched = new Set<string>()
  const kept: string[] = []
  let polls = 0
  for (const { action, parameters, dryRun } of calls) {
    if (dryRun) continue
    const question = `${action} ${JSON.stringify(parameters)}`
    const kind = KIND.exec(action)?.[0] ?? action
    const looks = action.startsWith('Describe')
    if (looks && (asked.has(question) || touched.has(kind))) polls += 1
    else kept.push(action)
    asked.add(question)
    if (!looks) touched.add(kind)
  }
  return { calls: kept, polls, dryRuns: calls.filter(call => call.dryRun).length }
}

/** From the answer to the launch until sshd says its name: what no program can make quicker. */
async function untilSshAnswers(cloud: Benched): Promise<{ bootS: number; upAt: number }> {
  for (;;) {
    const [instance] = cloud.instances()
    const address = instance?.eip ?? instance?.publicAddress
    if (address !== undefined && (await answers(address))) break
    await sleep(50)
  }
  const upAt = Date.now()
  const launch = cloud.calls.find(call => call.action === 'RunInstances' && !call.dryRun && call.code === 'OK')
  return { upAt, bootS: (upAt - ((launch?.at ?? upAt) + (launch?.ms ?? 0))) / 1000 }
}

function answers(host: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port: 22, timeout: 500 })
    const end = (is: boolean) => {
      socket.destroy()
      resolve(is)
    }
    socket
      .on('data', () => end(true))
      .on('error', () => end(false))
      .on('timeout', () => end(false))
  })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

export function printCloud({ title, rows, bootS, beyondBootS }: CloudBench): void {
  console.log(`\n| at ${title} | API calls | polls, DryRuns beside | budget | seconds | |`)
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (const { work, calls, polls, dryRuns, budget, seconds } of rows) {
    const verdict = budget === undefined ? '' : calls.length <= budget ? 'within' : 'over'
    console.log(
      `| \`${work}\` | ${calls.length} | ${polls}, ${dryRuns} | ${budget ?? '—'} | ${seconds.toFixed(1)} | ${verdict} |`,
    )
  }
  console.log(
    'A poll asks what the command asked before, or whether what it has just made, changed or removed is there or gone yet.',
  )
  for (const { work, calls } of rows) console.log(`${work}: ${calls.join(', ')}`)
  console.log(
    `from launch answered to \`docker run\`: ${beyondBootS.toFixed(1)} s beyond the host's own boot (${bootS.toFixed(1)} s until sshd answered)`,
  )
}
