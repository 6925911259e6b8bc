/**
 * kill -9 of the CLI at every call to EC2 of create and of rm, before the call comes there and after what it did. Each run
 * proves that its call was reached. After it `rm`, or `sweep` where the record is lost, leaves nothing in the account.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Home } from '../kit/cli.ts'
import { callsOf, type Doom, dooms, runDoomed } from '../kit/cloud/doomed.ts'
import { type Ec2Cloud, startEc2, whyNoMoto } from '../kit/ec2/cloud.ts'
import { Lane } from './cloud-lane.ts'
import { kindsLeft, ONE_SPOT_MACHINE } from './ec2-left.ts'

jest.setTimeout(120_000)
const why = whyNoMoto()
/** A spot instance that can be stopped: its request stays open, and would launch another in its place. */
const SPOT = ['--amazonec2-request-spot-instance', '--amazonec2-spot-interruption', 'stop']
const create = (...flags: string[]) => ['create', '-d', 'amazonec2', ...flags, 'crashed']
const rm = ['rm', '-y', 'crashed']

/** The calls of a create in an empty account. One more in the product is one more line here: the first test compares. */
const LOOKS = ['DescribeImages', 'DescribeInstanceTypes', 'DescribeSecurityGroups', 'DescribeSubnets', 'DescribeVpcs']
const DRY = ['dry CreateSecurityGroup', 'dry ImportKeyPair', 'dry RunInstances']
const MAKES = ['ImportKeyPair', 'CreateSecurityGroup', 'AuthorizeSecurityGroupIngress', 'RunInstances']
/** The second is core's, which waits for a host that runs. */
const POLLS = ['DescribeInstances', 'DescribeInstances']
const CREATE = [...LOOKS, ...DRY, ...MAKES, ...POLLS]
const PRECHECKED = LOOKS.length + DRY.length
const RM = [
  'DescribeInstances',
  'CancelSpotInstanceRequests',
  'TerminateInstances',
  'DeleteKeyPair',
  'DescribeSecurityGroups',
  'DescribeInstances', // does any other use the group?
  'DescribeInstances', // is its own gone?
  'DeleteSecurityGroup',
]
const suite = why ? describe.skip : describe
suite(why ? `killed at a call to EC2 [${why}]` : 'killed at a call to EC2', () => {
  let cloud: Ec2Cloud
  let home: Home
  let lane: Lane<Ec2Cloud>
  beforeAll(async () => {
    lane = await Lane.open(startEc2({ delays: { pending: 0, stopping: 0, shuttingDown: 0 } }))
    ;({ cloud, home } = lane)
  })
  afterAll(async () => await lane?.[Symbol.asyncDispose]())

  const die = (doom: Doom & { label?: string }, ...args: string[]) => lane.die(doom, args)
  const isClean = () => lane.isClean()
  const passTime = () => lane.passTime()

  test('the calls of a whole create and rm are those killed at below', async () => {
    const made = callsOf(await runDoomed(home, cloud, create(...SPOT)))
    expect([made.slice(0, PRECHECKED).sort(), made.slice(PRECHECKED)]).toEqual([
      [...LOOKS, ...DRY].sort(),
      [...MAKES, ...POLLS],
    ])
    const removed = await runDoomed(home, cloud, rm)
    expect([removed.code, callsOf(removed)]).toEqual([0, RM])
    await isClean()
  })

  test('at one of the pre-check: nothing is made, no record is left', async () => {
    for (let n = 1; n <= PRECHECKED; n++) {
      await die({ n, when: 'before' }, ...create(...SPOT)) // several are asked at once, in any order
      await isClean()
    }
  })

  test.each(dooms(CREATE, PRECHECKED))('create, $when $n: $label', async doom => {
    await die(doom, ...create(...SPOT))
    passTime()
    expect(await home.ok(...rm)).toBe('')
    await isClean()
  })

  test.each(dooms(CREATE, PRECHECKED).filter(doom => doom.when === 'after'))(
    'create, $when $n: $label, and the record is lost',
    async doom => {
      await die(doom, ...create(...SPOT))
      lane.loseRecord()
      await home.ok('amazonec2', 'sweep', '--yes')
      await isClean()
    },
  )

  test('create --resume after a launch whose answer never came: what it made goes, and one is made anew', async () => {
    await die({ n: 12, when: 'after', label: 'RunInstances' }, ...create(...SPOT))
    const lost = cloud.instances().at(-1)?.id
    await runDoomed(home, cloud, ['create', '--resume', '-d', 'amazonec2', ...SPOT, 'crashed'])
    await cloud.settled()
    expect(await kindsLeft(cloud)).toEqual(ONE_SPOT_MACHINE)
    expect(JSON.parse(readFileSync(lane.record, 'utf8')).Driver.InstanceId).not.toBe(lost)
    expect(await home.ok(...rm)).toBe('')
    await isClean()
  })

  test.each(dooms(RM))('rm, $when $n: $label', async doom => {
    await runDoomed(home, cloud, create(...SPOT))
    await die(doom, ...rm)
    expect(await home.ok(...rm)).toBe('')
    await isClean()
  })

  test.each(['before', 'after'] as const)('rm, %s ModifyInstanceAttribute of a protected one', async when => {
    await runDoomed(home, cloud, create('--amazonec2-termination-protection'))
    await die({ n: 2, when, label: 'ModifyInstanceAttribute' }, ...rm)
    expect(await home.ok(...rm)).toBe('')
    await isClean()
  })

  describe('where EC2 knows late what it made', () => {
    beforeAll(() => void Object.assign(cloud.delays, { instanceUnseen: 1500, groupUnseen: 1500, keyUnseen: 1500 }))
    afterAll(() => void Object.assign(cloud.delays, { instanceUnseen: 0, groupUnseen: 0, keyUnseen: 0 }))

    test('create and rm', async () => {
      const made = await runDoomed(home, cloud, create())
      expect(made.text).toContain('Waiting for SSH')
      expect(made.calls.filter(call => call.action === 'RunInstances' && call.code === 'OK')).toHaveLength(1)
      expect(await home.ok(...rm)).toBe('')
      await isClean()
    })

    test('rm of a launch that was killed before its answer came waits until EC2 tells of it', async () => {
      const ran = await runDoomed(home, cloud, create(), run => {
        const when = () => process.kill(run.pid, 'SIGKILL') // the launch goes on without it
        cloud.faults.add({ action: 'RunInstances', when, gives: { delayMs: 100 }, times: 1 })
      })
      cloud.faults.clear()
      expect([ran.code, callsOf(ran).at(-1)]).toEqual([-1, 'RunInstances'])
      expect(await home.ok(...rm)).toBe('')
      await isClean()
    })
  })

  describe('Ctrl-C', () => {
    test('while the launch is under way: it ends at once, and rm finds what became of it', async () => {
      const ran = await runDoomed(home, cloud, create(), run => {
        const when = () => process.kill(run.pid, 'SIGINT')
        cloud.faults.add({ action: 'RunInstances', when, gives: { delayMs: 1000 }, times: 1 })
      })
      cloud.faults.clear()
      expect([ran.code, callsOf(ran).at(-1)]).toEqual([130, 'RunInstances'])
      expect(await home.ok(...rm)).toBe('')
      await isClean()
    })

    test('while rm waits for the instance to end: the machine stays on record, and rm goes on', async () => {
      await runDoomed(home, cloud, create())
      cloud.delays.shuttingDown = 1500
      const ran = await runDoomed(home, cloud, rm, run =>
        cloud.killAt(6, 'after', () => process.kill(run.pid, 'SIGINT')),
      )
      cloud.delays.shuttingDown = 0
      expect([cloud.killed, ran.code]).toEqual([true, 130])
      expect(ran.text).toContain(
        'Error removing host "crashed": interrupted (SIGINT)\n  → machine rm crashed goes on\n',
      )
      expect(lane.remains()).toEqual(['crashed'])
      expect(await home.ok(...rm)).toBe('')
      await isClean()
    })
  })
})
