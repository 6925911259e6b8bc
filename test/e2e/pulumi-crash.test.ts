/** Machines of a Pulumi program whose making is killed or cancelled: the next `up` or `destroy` finds all of it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, jest, test } from '@jest/globals'
import { parseSubnet } from '../../drivers/nspawn/subnet.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { hostEnv } from '../kit/dev-machine.ts'
import { leftovers } from '../kit/leftovers.ts'
import { testSubnet } from '../kit/places.ts'
import { type Stack, startStack } from '../kit/pulumi/stack.ts'
import { didOf, homesOf, outputsOf } from '../kit/pulumi/stack-machine.ts'

jest.setTimeout(240_000)
const why = await whyNoHosts()
const net = parseSubnet(testSubnet('crash'))
const env = hostEnv('pulumi-crash', net.cidr)
const left = () => leftovers(net.bridge, env.MACHINE_NSPAWN_STATE_DIR ?? '', /^lost-/)

const PROGRAM = "module.exports.lost = new m.Machine('lost', { driver: 'nspawn', engine: { agent: 'off' } })"
/** Runs `up` and does something to it when its provider comes to a point of that name; throws if it never does. */
async function meetAt(stack: Stack, label: string, meet: (provider: number, engine: number) => void) {
  const log = join(stack.path, `points-${Math.random()}`)
  const pidFile = join(stack.path, 'provider-pid')
  let engine = 0
  let ended = false
  const onStart = (pid: number) => {
    engine = pid
  }
  const env = { MACHINE_CRASH_LOG: log, MACHINE_TEST_PID_FILE: pidFile }
  const up = stack.attempt('up', { env, onStart }).finally(() => {
    ended = true
  })
  const passed = () => existsSync(log) && readFileSync(log, 'utf8').includes(label)
  while (!ended && !passed()) await sleep(5)
  if (ended) throw new Error(`never came to "${label}": ${(await up)?.failures}`)
  meet(Number(readFileSync(pidFile, 'utf8')), engine)
  return await up
}

async function killAt(stack: Stack, label: string): Promise<void> {
  const report = await meetAt(stack, label, provider => process.kill(provider, 'SIGKILL'))
  expect(report?.failures).toHaveLength(1)
  expect(report?.resources.map(({ urn }) => urn.split('::').at(-1))).toEqual(['lost-claim'])
}

const suite = why ? describe.skip : describe
suite(why ? `a Pulumi program’s machine, cut short [${why}]` : 'a Pulumi program’s machine, cut short', () => {
  afterAll(() => expect(left()).toBe(''))

  test.each(['nspawn tree copied', 'certificates copied'])(
    'kill -9 of the provider at "%s", then destroy',
    async label => {
      await using stack = startStack(env)
      stack.program(PROGRAM)
      await killAt(stack, label)
      expect(left()).not.toBe('')
      const gone = await stack.destroy()
      expect([gone.failures, homesOf(stack), left()]).toEqual([[], [], ''])
    },
  )

  test('kill -9 of the engine: its provider stops by itself, and destroy finds what it made', async () => {
    await using stack = startStack(env)
    stack.program(PROGRAM)
    // This waits for the provider, too, for it holds the engine's stderr open.
    await meetAt(stack, 'nspawn tree copied', (_, engine) => process.kill(engine, 'SIGKILL'))
    expect(left()).not.toBe('')
    const gone = await stack.destroy()
    expect([gone.failures, homesOf(stack), left()]).toEqual([[], [], ''])
  })

  test('kill -9 while it is made; the next up removes that, is cancelled early, and what it has is in the state', async () => {
    await using stack = startStack(env)
    stack.program(PROGRAM)
    await killAt(stack, 'ssh answered')
    const [before] = left().match(/^lost-[0-9a-f]{7}/m) ?? []
    const report = await meetAt(stack, 'nspawn booted', (_, engine) => process.kill(engine, 'SIGINT'))
    expect(report?.lines.map(({ message }) => message)).toContainEqual(`removing what is left of ${before}`)
    expect(left()).not.toContain(before)
    expect([report && didOf(report), report?.failures]).toEqual([
      ['create lost'],
      [expect.stringContaining('interrupted')],
    ])
    expect(report?.resources.at(-1)).toMatchObject({ failed: true })
    const up = await stack.up()
    expect([up.failures, didOf(up)]).toEqual([[], ['update lost']])
    expect(outputsOf(up, 'Machine', 'lost')).toMatchObject({ state: 'Running', phase: 'ready' })
  })
})
