/**
 * Every call of create in turn is throttled; every call that changes something is done although its answer says otherwise or
 * never comes. Each time create and rm end well, nothing is made twice, and nothing is left.
 */
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { amazonec2 } from '../../drivers/amazonec2/index.ts'
import { type Ec2Cloud, startEc2, whyNoMoto } from '../kit/ec2/cloud.ts'
import { makeTempDir } from '../kit/temp-dir.ts'
import { brokenDriver } from './broken-driver.ts'
import { kindsLeft, ONE_SPOT_MACHINE } from './ec2-left.ts'
import { type Amazonec2, Store } from './ec2-store.ts'

jest.setTimeout(120_000)
const why = whyNoMoto()
const MAKING = ['ImportKeyPair', 'CreateSecurityGroup', 'AuthorizeSecurityGroupIngress', 'RunInstances']
const REMOVING = ['CancelSpotInstanceRequests', 'TerminateInstances', 'DeleteKeyPair', 'DeleteSecurityGroup']
/** Its request is one more thing to be made once and removed. */
const SPOT = { 'request-spot-instance': true, 'spot-interruption': 'stop' }

const suite = why ? describe.skip : describe
suite(why ? `answers that do not come [${why}]` : 'answers that do not come', () => {
  let cloud: Ec2Cloud
  beforeAll(async () => {
    cloud = await startEc2({ delays: { pending: 0, shuttingDown: 0 } })
    jest.spyOn(Math, 'random').mockReturnValue(0.05) // pauses are up to a second long, by chance
  })
  afterEach(() => cloud.faults.clear())
  afterAll(async () => {
    jest.restoreAllMocks()
    await cloud?.[Symbol.asyncDispose]()
  })

  /** One of each kind, however often it was asked for. */
  const isOne = async () => expect(await kindsLeft(cloud)).toEqual(ONE_SPOT_MACHINE)

  async function makeAndRemove(driver = amazonec2): Promise<void> {
    const store = new Store(driver, cloud)
    const state = await store.create(SPOT)
    await isOne()
    await store.remove(state)
    expect(await cloud.left()).toEqual([])
  }

  test.each([
    // Five look, four make, one waits; eight remove.
    { dryRun: false, calls: 18 },
    { dryRun: true, calls: 3 },
  ])('throttled at each call of pre-check, create and rm in turn (DryRuns: $dryRun)', async ({ dryRun, calls }) => {
    for (let nth = 1; nth <= calls + 1; nth++) {
      const rule = cloud.faults.add({ action: '*', nth, dryRun, gives: 'throttle' })
      const store = new Store(amazonec2, cloud)
      const config = store.config(SPOT)
      await amazonec2.preflight(config, store.ctx())
      const state = await store.create({}, { config })
      await isOne()
      await store.remove(state)
      expect([nth, await cloud.left()]).toEqual([nth, []])
      if (rule.hits === 0) {
        expect(nth - 1).toBe(calls) // there is no such call
        return
      }
      cloud.faults.clear()
    }
    throw new Error('there are more calls')
  })

  test.each(
    [...MAKING, ...REMOVING].flatMap(action => [
      { action, gives: 'error500-after-effect' as const },
      { action, gives: 'lost-answer' as const },
    ]),
  )('$action: $gives', async ({ action, gives }) => {
    const rule = cloud.faults.add({ action, nth: 1, gives })
    await makeAndRemove()
    expect(rule.hits).toBe(1)
  })

  test('no answer to any of them within the time there is for one', async () => {
    using scratch = makeTempDir()
    // A minute otherwise; a computer busy with other tests takes a second for what is not held back.
    const hasty = await brokenDriver<Amazonec2>('amazonec2', scratch.path, 'hasty', [
      { file: 'api.ts', text: 'tryMs: 60_000', by: 'tryMs: 2500' },
    ])
    const rules = [...MAKING, ...REMOVING].map(action =>
      cloud.faults.add({ action, nth: 1, gives: 'timeout-after-effect' }),
    )
    await makeAndRemove(hasty)
    expect(rules.map(rule => rule.hits)).toEqual(rules.map(() => 1))
  })
})
