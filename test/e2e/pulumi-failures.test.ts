/** Machines of a Pulumi program whose making fails half-way: what is there is in the state, to go on with or to remove. */
import { afterAll, describe, expect, jest, test } from '@jest/globals'
import { parseSubnet } from '../../drivers/nspawn/subnet.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { hostEnv } from '../kit/dev-machine.ts'
import { leftovers } from '../kit/leftovers.ts'
import { testSubnet } from '../kit/places.ts'
import { startStack } from '../kit/pulumi/stack.ts'
import { didOf, homesOf, outputsOf } from '../kit/pulumi/stack-machine.ts'

jest.setTimeout(240_000)
const why = await whyNoHosts()
const net = parseSubnet(testSubnet('crash'))
const env = hostEnv('pulumi-failures', net.cidr)
const left = () => leftovers(net.bridge, env.MACHINE_NSPAWN_STATE_DIR ?? '', /^failed-/)

const program = (engine = '') =>
  `module.exports.lost = new m.Machine('failed', { driver: 'nspawn', engine: { agent: 'off', ${engine} } })`
/** What dockerd itself refuses, once there is a host. */
const REFUSED = "opts: { 'log-level': 'shouting' }"

const suite = why ? describe.skip : describe
suite(why ? `a Pulumi program’s machine that fails [${why}]` : 'a Pulumi program’s machine that fails', () => {
  afterAll(() => expect(left()).toBe(''))

  test('a create that fails half-way is kept as it is; a better program brings it to its end', async () => {
    await using stack = startStack(env)
    stack.program(program(REFUSED))
    const { failures, resources } = await stack.up()
    expect(failures).toEqual([expect.stringContaining('dockerd refuses these settings')])
    expect(resources.at(-1)).toMatchObject({ failed: true, outputs: { phase: 'provisioning' } })
    stack.program(program())
    const mended = await stack.up()
    expect([mended.failures, didOf(mended)]).toEqual([[], ['update failed']])
    expect(outputsOf(mended, 'Machine', 'failed')).toMatchObject({ state: 'Running', phase: 'ready' })
  })

  test('what the driver’s own check refuses is not in the state', async () => {
    await using stack = startStack(env)
    stack.program("new m.Machine('failed', { driver: 'nspawn', nspawn: { image: '/nonexistent' } })")
    const { failures, resources } = await stack.up()
    expect(failures).toEqual([expect.stringContaining('is neither a directory nor a .tar')])
    expect(resources.map(({ urn }) => urn.split('::').at(-1))).toEqual(['failed-claim'])
  })

  test('customTimeouts end the work, too; or destroy removes what is there', async () => {
    await using stack = startStack(env)
    stack.program(`new m.Machine('failed', { driver: 'nspawn' }, { customTimeouts: { create: '2s' } })`)
    const { failures, resources } = await stack.up()
    expect(failures).toEqual([expect.stringContaining('it took longer than 2s')])
    expect(resources.at(-1)).toMatchObject({ failed: true })
    expect(left()).not.toBe('')
    const gone = await stack.destroy()
    expect([gone.failures, gone.resources, homesOf(stack), left()]).toEqual([[], [], [], ''])
  })
})
