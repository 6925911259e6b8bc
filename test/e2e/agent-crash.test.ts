/**
 * kill -9 of `provision` at every point where it puts the engine agent onto a host, and takes it away. What the host served
 * before goes on or its successor has taken over; containers never notice; the next provision brings it to its end.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { provisioned } from '../kit/generic.ts'
import { importBusybox } from '../kit/images.ts'
import { runPassing } from '../kit/points.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()

/** The points of each way, on a host that had no agent yet. One more in the product is one more line here: the tests compare. */
const POINTS = {
  on: [
    'ssh answered',
    'provision agent-runtime',
    'provision agent-user',
    'provision agent-program',
    'provision agent-files',
    'provision agent-certificate',
    'provision engine-settings',
    'provision agent-plan',
    'provision engine-keys-gone',
    'certificates copied',
  ],
  off: [
    'ssh answered',
    'provision server-certificate',
    'provision engine-settings',
    'provision agent-gone',
    'certificates copied',
  ],
}
/** Runtime and program stay where they are when the agent goes. */
const AGAIN = POINTS.on.filter(label => !/runtime|program/.test(label))
type Way = keyof typeof POINTS

describe('the engine agent, killed midway', () => {
  if (why) {
    test.skip(`[${why}]`, () => {})
    return
  }
  let host: TestHost
  let home: Home
  let pid: string
  const stays = () => home.dockerOk('box', 'inspect', '-f', '{{.State.Pid}}', 'stays')
  const to = (way: Way) => ['provision', '--engine-agent', way, 'box']
  beforeAll(async () => {
    host = await startHost({ withoutRuntime: true })
    home = await startHome()
    await home.ok('create', '-d', 'generic', '--engine-agent', 'off', ...host.flags, 'box')
    const image = await importBusybox(home, 'box')
    await home.dockerOk('box', 'run', '-d', '--name', 'stays', image, 'sleep', '3600')
    pid = await stays()
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await host?.[Symbol.asyncDispose]()
  })

  async function isServed(): Promise<void> {
    expect(await stays()).toBe(pid)
    expect(await home.dockerOk('box', 'ps', '--format', '{{.Names}}')).toBe('stays')
  }

  async function die(n: number, label: string, way: Way): Promise<void> {
    const { signal, points } = await runPassing(home, n, ...to(way))
    expect([signal, points.at(-1)]).toEqual(['SIGKILL', label])
    await isServed()
  }

  async function comesTo(way: Way): Promise<void> {
    await home.ok(...to(way))
    expect(await provisioned(home, 'box')).toEqual([])
    await isServed()
  }

  test.each(['on', 'off'] as const)('%s: each run goes on where the one before it was killed', async way => {
    // The first point is where it has looked; at the second it has done one thing more.
    for (const label of POINTS[way].slice(1)) await die(2, label, way)
    await comesTo(way)
  })

  test.each(AGAIN.map((label, i) => ({ label, n: i + 1 })))(
    'on, killed at $n: $label; and back',
    async ({ label, n }) => {
      await die(n, label, 'on')
      await comesTo('off')
    },
  )
})
