/** On the stand-in VirtualBox, with nobody in its machines: their addresses are fixed, so nobody need be asked for them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from '@jest/globals'
import { virtualbox } from '../../drivers/virtualbox/index.ts'
import { readConfig } from '../../src/driver-config.ts'
import { cloudImage } from '../kit/virtualbox/cloud-image.ts'
import { startVirtualBox, type VirtualBoxStandIn } from '../kit/virtualbox/virtualbox.ts'
import { driverContract } from './driver-contract.ts'

describe.each(['6.1', '7.1'] as const)('virtualbox %s', release => {
  let vbox: VirtualBoxStandIn
  let home: string
  beforeAll(async () => {
    vbox = await startVirtualBox({ release, delays: { acpiMs: 50, unlockMs: 100 } })
    home = mkdtempSync(join(tmpdir(), 'machine-contract-home-'))
    Object.assign(process.env, vbox.env, { HOME: home, XDG_DATA_HOME: join(home, 'data') }) // jest gives each file an environment of its own
  }, 60_000)

  driverContract({
    driver: virtualbox,
    config: () =>
      readConfig(
        virtualbox,
        {
          'virtualbox-image': cloudImage(home),
          'virtualbox-hostonly-address': '192.168.59.20',
          'virtualbox-linked-clone': release === '7.1',
          'virtualbox-no-share': true,
        },
        {},
        [],
      ),
    publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOGgN0g7aEw1H8HS4MSkthigy8n23aLuUhxBqbP/mS9Z contract',
    // The network and the disk of the image are for all machines, and stay.
    async leftovers() {
      await vbox.settled()
      const shared = /^(hostonlyif|dhcpserver) |\/images\//
      return vbox
        .left()
        .filter(thing => !shared.test(thing))
        .concat(vbox.complaints)
        .join('\n')
    },
    makesInstances: true,
  })
  afterAll(async () => {
    await vbox?.[Symbol.asyncDispose]()
    rmSync(home, { recursive: true, force: true })
  }, 60_000)
})
