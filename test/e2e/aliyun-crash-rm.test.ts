/**
 * kill -9 of the CLI at every call to Alibaba Cloud of an rm: another rm leaves nothing. It puts nothing on record itself, so
 * that dying after a call is dying before the next one.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { callsOf, dooms } from '../kit/cloud/doomed.ts'
import { type AliyunLane, create, oncePolled, openLane, RM, RM_CALLS } from './aliyun-whole.ts'
import { inLanes } from './in-lanes.ts'

jest.setTimeout(240_000)
const ALL = dooms(RM_CALLS).filter(({ n, when }) => when === 'before' || n === RM_CALLS.length)

describe('an rm killed at a call to Alibaba Cloud', () => {
  let lane: AliyunLane
  beforeAll(async () => {
    lane = await openLane()
  })
  afterAll(async () => await lane?.[Symbol.asyncDispose]())

  test('the calls of a whole rm are those killed at below', async () => {
    await lane.run(create(lane))
    const removed = await lane.run(RM)
    expect([removed.code, oncePolled(callsOf(removed))]).toEqual([0, oncePolled(RM_CALLS)])
    await lane.isClean()
  })

  test('at any call: another rm leaves nothing', async () => {
    const lanes = { count: 4, open: openLane, title: (doom: (typeof ALL)[number]) => `${doom.when} ${doom.label}` }
    await inLanes(ALL, lanes, async (its, { label, nth, when }) => {
      await its.run(create(its))
      await its.die({ n: nth, when, action: label }, RM)
      expect(await its.home.ok(...RM)).toBe('')
      await its.isClean()
    })
  })

  test('Ctrl-C while rm waits for the instance to end: the machine stays on record, and rm goes on', async () => {
    await lane.run(create(lane))
    lane.cloud.delays.deleting = 1500
    const ran = await lane.run(RM, run =>
      lane.cloud.killAt(1, 'after', () => process.kill(run.pid, 'SIGINT'), 'DeleteInstance'),
    )
    lane.cloud.delays.deleting = 0
    expect([lane.cloud.killed, ran.code]).toEqual([true, 130])
    expect(ran.text).toContain('Error removing host "crashed": interrupted (SIGINT)\n  → machine rm crashed goes on\n')
    expect(lane.remains()).toEqual(['crashed'])
    expect(await lane.home.ok(...RM)).toBe('')
    await lane.isClean()
  })
})
