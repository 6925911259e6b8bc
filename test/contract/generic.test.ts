import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { generic } from '../../drivers/generic/index.ts'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { driverContract } from './driver-contract.ts'

const why = await whyNoHosts()

describe('generic', () => {
  if (why) {
    test.skip(`SKIPPED: ${why}`, () => {})
    return
  }
  let host: TestHost
  beforeAll(async () => {
    host = await startHost({ sshUser: 'ann' })
  }, 180_000)
  afterAll(async () => host[Symbol.asyncDispose](), 60_000)

  driverContract({
    driver: generic,
    config: () => ({
      enginePort: undefined,
      ipAddress: host.address,
      sshUser: host.user,
      sshKey: host.keyPath,
      sshPort: undefined,
      sshAlias: undefined,
    }),
    publicKey: '',
    leftovers: () => '',
    makesInstances: false,
  })

  test('a host that is switched off is Stopped', async () => {
    const state = {
      IPAddress: host.address,
      MachineName: 'g',
      SSHUser: 'ann',
      SSHPort: 22,
      SSHKeyPath: '',
      EnginePort: 2376,
      SSHKey: '',
    }
    const signal = new AbortController().signal
    const ctx = {
      name: 'g',
      machineDir: '/nonexistent',
      storeId: '00000000',
      env: {},
      signal,
      say: () => {},
      point: () => {},
    }
    await host.crash()
    expect(await generic.inspect(state, ctx)).toMatchObject({ status: 'Stopped' })
    await host.start()
    expect(await generic.inspect(state, ctx)).toMatchObject({ status: 'Running', ssh: { user: 'ann', port: 22 } })
  }, 60_000)
})
