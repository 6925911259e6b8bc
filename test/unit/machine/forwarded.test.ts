/** Where the engine of a machine behind NAT is: a port of this computer that leads to its own. */
import { expect, test } from '@jest/globals'
import { engineUrl, noteAddress } from '../../../src/machine/instance.ts'
import { newRecord } from '../../../src/machine/record.ts'

const record = () =>
  newRecord({
    name: 'web',
    driverName: 'vagrant',
    storePath: '/store',
    engine: {},
    swarm: {},
    tlsSans: [],
    machine: { Phase: 'ready', EnginePort: 2376 },
  })
const up = { status: 'Running', address: '127.0.0.1' } as const

test('the port the driver tells goes before the engine’s own', () => {
  expect(engineUrl(record(), { ...up, enginePort: 2201 })).toBe('tcp://127.0.0.1:2201')
  expect(engineUrl(record(), { ...up, address: '192.168.56.4' })).toBe('tcp://192.168.56.4:2376')
})

test('it is kept for what does not ask the driver, as long as it is so', () => {
  const kept = record()
  noteAddress(kept, { ...up, enginePort: 2201 })
  expect([kept.Driver.IPAddress, kept.Machine?.ForwardedPort, kept.Machine?.EnginePort]).toEqual([
    '127.0.0.1',
    2201,
    2376,
  ])
  expect(engineUrl(kept, up)).toBe('tcp://127.0.0.1:2201')
  noteAddress(kept, { status: 'Running', address: '192.168.56.4' })
  expect(kept.Machine).not.toHaveProperty('ForwardedPort')
  expect(engineUrl(kept, { status: 'Running', address: '192.168.56.4' })).toBe('tcp://192.168.56.4:2376')
})
