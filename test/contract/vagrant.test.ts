import { afterAll, beforeAll, describe, test } from '@jest/globals'
import { vagrant } from '../../drivers/vagrant/index.ts'
import { readConfig } from '../../src/driver-config.ts'
import { startVagrantPlace, type VagrantPlace, whyNoVagrant } from '../hosts/vagrant-place.ts'
import { driverContract } from './driver-contract.ts'

const why = await whyNoVagrant()

describe('vagrant', () => {
  if (why) {
    test.skip(`SKIPPED: ${why}`, () => {})
    return
  }
  let place: VagrantPlace
  beforeAll(async () => {
    place = await startVagrantPlace()
    Object.assign(process.env, place.env) // jest gives each file an environment of its own
  }, 180_000)

  driverContract({
    driver: vagrant,
    config: () => readConfig(vagrant, place.typed, {}, []),
    publicKey: '',
    leftovers: () => place.leftovers(),
    makesInstances: true,
  })
  afterAll(async () => place?.[Symbol.asyncDispose](), 60_000) // the suite's own afterAll asks it before
})
