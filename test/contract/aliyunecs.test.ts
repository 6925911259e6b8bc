import { afterAll, beforeAll, describe } from '@jest/globals'
import { aliyunecs } from '../../drivers/aliyunecs/index.ts'
import { defineDriver } from '../../drivers/driver.ts'
import { readConfig } from '../../src/driver-config.ts'
import { type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import { QUICK } from '../kit/aliyun/delays.ts'
import { PUBLIC_KEY } from '../kit/aliyun/public-key.ts'
import { longAgo } from '../kit/cloud/records.ts'
import { driverContract } from './driver-contract.ts'

/** A launch that ECS does not know is looked for until half a minute after it was asked for: these were, then. */
const patient = defineDriver({ ...aliyunecs, remove: (state, ctx) => aliyunecs.remove(longAgo(state), ctx) })

describe('aliyunecs', () => {
  let cloud: AliyunCloud
  beforeAll(async () => {
    cloud = await startAliyun({ delays: QUICK })
    Object.assign(process.env, cloud.env) // jest gives each file an environment of its own
  }, 60_000)

  driverContract({
    driver: patient,
    config: () => readConfig(aliyunecs, {}, cloud.env, []),
    publicKey: PUBLIC_KEY,
    async leftovers() {
      await cloud.settled()
      return cloud.left().join('\n')
    },
    makesInstances: true,
  })
  afterAll(() => cloud?.[Symbol.asyncDispose](), 60_000) // the suite's own afterAll asks it before
})
