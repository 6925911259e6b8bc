import { expect, test } from '@jest/globals'
import { askForAgent, askForRegistry } from '../../../src/machine/engine-wish.ts'
import { newRecord } from '../../../src/machine/record.ts'

const record = () =>
  newRecord({
    name: 'dev',
    driverName: 'generic',
    storePath: '/s',
    engine: {},
    swarm: {},
    tlsSans: [],
    machine: { Phase: 'ready', EngineAgent: 'off' },
  })

test('a registry is kept for a machine with the agent, and forgotten with an empty one', () => {
  const dev = record()
  askForAgent(dev, 'on')
  askForRegistry(dev, 'https://npm.example/mirror')
  expect(dev.Machine?.Engine).toEqual({ Agent: 'on', AgentRegistry: 'https://npm.example/mirror' })
  askForRegistry(dev, '')
  expect(dev.Machine?.Engine).toEqual({ Agent: 'on' })
})

test('no registry without an agent, none that holds a password, and its text is not repeated', () => {
  const dev = record()
  expect(() => askForRegistry(dev, 'https://npm.example')).toThrow('machine "dev" has no engine agent')
  askForAgent(dev, 'on')
  expect(() => askForRegistry(dev, 'https://me:geheim@npm.example')).toThrow(/^(?!.*geheim).*takes no user, password/)
  expect(dev.Machine?.Engine).toEqual({ Agent: 'on' })
})
