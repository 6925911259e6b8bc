import { rmSync } from 'node:fs'
import { afterAll, describe, test } from '@jest/globals'
import { nspawn } from '../../drivers/nspawn/index.ts'
import { parseSubnet } from '../../drivers/nspawn/subnet.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { leftovers } from '../kit/leftovers.ts'
import { TEST_STATE, testSubnet } from '../kit/places.ts'
import { driverContract } from './driver-contract.ts'

const why = await whyNoHosts()
// Of its own: leftovers are counted, and other tests' hosts must not be among them.
const net = parseSubnet(testSubnet('contract'))

describe('nspawn', () => {
  if (why) {
    test.skip(`SKIPPED: ${why}`, () => {})
    return
  }
  const stateDir = `${TEST_STATE}/contract`
  afterAll(() => rmSync(stateDir, { recursive: true, force: true }))
  driverContract({
    driver: nspawn,
    config: () => ({
      suite: 'trixie',
      image: undefined,
      packages: undefined,
      mirror: undefined,
      memory: 2048,
      cpus: 1,
      subnet: net.cidr,
      cacheDir: process.env.MACHINE_NSPAWN_CACHE_DIR ?? '/var/cache/machine',
      stateDir,
    }),
    publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOGgN0g7aEw1H8HS4MSkthigy8n23aLuUhxBqbP/mS9Z contract',
    leftovers: () => leftovers(net.bridge, stateDir),
    makesInstances: true,
  })
})
