/**
 * kill -9 of the CLI at every call to Alibaba Cloud of a create, before the call comes there and after what it did. Each run
 * proves that its call was reached. After it `rm`, or `sweep` where the record is lost, leaves nothing in the account.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { callsOf, dooms, type Labelled } from '../kit/cloud/doomed.ts'
import { type AliyunLane, CREATE_CALLS, create, oncePolled, openLane, PRECHECKED, RM } from './aliyun-whole.ts'
import { inLanes } from './in-lanes.ts'

jest.setTimeout(240_000)
const MADE = dooms(CREATE_CALLS, PRECHECKED)
/** By the call's own number: a busy computer asks for a state once more. */
const at = ({ label, nth, when }: Labelled) => ({ n: nth, when, action: label })
const lanes = { count: 4, open: openLane, title: ({ when, n, label }: Labelled) => `${when} ${n}: ${label}` }

describe('a create killed at a call to Alibaba Cloud', () => {
  let lane: AliyunLane
  beforeAll(async () => {
    lane = await openLane()
  })
  afterAll(async () => await lane?.[Symbol.asyncDispose]())

  const rmAll = async () => {
    expect(await lane.home.ok(...RM)).toBe('')
    await lane.isClean()
  }

  test('the calls of a whole create are those killed at below', async () => {
    const calls = callsOf(await lane.run(create(lane)))
    expect(oncePolled(calls, PRECHECKED)).toEqual(oncePolled(CREATE_CALLS, PRECHECKED))
    await rmAll()
  })

  test('at one of the pre-check: nothing is made, no record is left', async () => {
    for (let n = 1; n <= PRECHECKED; n++) {
      await lane.die({ n, when: 'before' }, create(lane))
      await lane.isClean()
    }
  })

  test('at any call after it: rm leaves nothing', async () => {
    await inLanes(MADE, lanes, async (its, doom) => {
      await its.die(at(doom), create(its))
      its.passTime()
      expect(await its.home.ok(...RM)).toBe('')
      await its.isClean()
    })
  })

  test('after what a call made, and the record is lost: sweep leaves nothing', async () => {
    const made = MADE.filter(doom => doom.when === 'after')
    await inLanes(made, lanes, async (its, doom) => {
      await its.die(at(doom), create(its))
      its.loseRecord()
      await its.home.ok('aliyunecs', 'sweep', '--yes')
      expect((await its.home.cli('aliyunecs', 'sweep')).stderr).toBe('Nothing is left behind.\n')
      await its.isClean()
    })
  })

  test('create --resume after a launch whose answer never came: what it made goes, and one is made anew', async () => {
    await lane.die({ n: 1, when: 'after', action: 'RunInstances' }, create(lane))
    const lost = lane.cloud.instances().at(-1)?.id
    await lane.run(create(lane, '--resume'))
    await lane.cloud.settled()
    const instances = lane.cloud.instances().map(({ id }) => id)
    expect(instances).toEqual([JSON.parse(readFileSync(lane.record, 'utf8')).Driver.InstanceId])
    expect(instances).not.toContain(lost)
    await rmAll()
  })

  test('where Alibaba Cloud knows late what it made: create and rm', async () => {
    const late = { instanceUnseen: 1500, groupUnseen: 1500, keyUnseen: 1500, groupHeld: 1500 }
    const usual = { ...lane.cloud.delays }
    Object.assign(lane.cloud.delays, late)
    try {
      const made = await lane.run(create(lane))
      expect(made.text).toContain('Waiting for SSH')
      expect(made.calls.filter(call => call.action === 'RunInstances' && call.code === 'OK')).toHaveLength(1)
      await rmAll()
    } finally {
      Object.assign(lane.cloud.delays, usual)
    }
  })

  test.each(['RunInstances', 'AllocateEipAddress'])('rm after a kill before %s answered waits for it', async action => {
    const ran = await lane.run(create(lane), run => {
      const when = () => process.kill(run.pid, 'SIGKILL') // the request goes on without it
      lane.cloud.faults.add({ action, when, gives: { delayMs: 300 }, times: 1 })
    })
    lane.cloud.faults.clear()
    expect([ran.code, callsOf(ran).at(-1)]).toEqual([-1, action])
    await rmAll()
  })

  test('Ctrl-C while the launch is under way: it ends at once, and rm finds what became of it', async () => {
    const ran = await lane.run(create(lane), run => {
      const when = () => process.kill(run.pid, 'SIGINT')
      lane.cloud.faults.add({ action: 'RunInstances', when, gives: { delayMs: 1000 }, times: 1 })
    })
    lane.cloud.faults.clear()
    expect([ran.code, callsOf(ran).at(-1)]).toEqual([130, 'RunInstances'])
    await rmAll()
  })
})
