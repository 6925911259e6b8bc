import { afterAll, beforeAll, describe, test } from '@jest/globals'
import { amazonec2 } from '../../drivers/amazonec2/index.ts'
import { defineDriver } from '../../drivers/driver.ts'
import { readConfig } from '../../src/driver-config.ts'
import { longAgo } from '../kit/cloud/records.ts'
import { type Ec2Cloud, startEc2, whyNoMoto } from '../kit/ec2/cloud.ts'
import { driverContract } from './driver-contract.ts'

const why = whyNoMoto()

/** A launch that EC2 does not know is looked for until half a minute after it was asked for: these were, then. */
const patient = defineDriver({ ...amazonec2, remove: (state, ctx) => amazonec2.remove(longAgo(state), ctx) })

describe('amazonec2', () => {
  if (why) {
    test.skip(`SKIPPED: ${why}`, () => {})
    return
  }
  let cloud: Ec2Cloud
  beforeAll(async () => {
    cloud = await startEc2({ delays: { pending: 0, stopping: 0, shuttingDown: 0 } })
    Object.assign(process.env, cloud.env) // jest gives each file an environment of its own
  }, 60_000)

  driverContract({
    driver: patient,
    config: () => readConfig(amazonec2, {}, cloud.env, []),
    publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOGgN0g7aEw1H8HS4MSkthigy8n23aLuUhxBqbP/mS9Z contract',
    async leftovers() {
      await cloud.settled()
      return (await cloud.left()).join('\n')
    },
    makesInstances: true,
    moves: true,
  })
  afterAll(() => cloud?.[Symbol.asyncDispose](), 60_000) // the suite's own afterAll asks it before
})
