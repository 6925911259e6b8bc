import { expect, test } from '@jest/globals'
import { MachineError } from '../../../src/errors.ts'
import type { MachineEvent, Phase } from '../../../src/events.ts'
import { staged } from '../../../src/machine/stage.ts'
import { worldOf } from './world.ts'

const failing = (phases: readonly Phase[], error: unknown, signal = new AbortController().signal) => {
  const told: MachineEvent[] = []
  const world = { ...worldOf('/nonexistent'), signal, say: (event: MachineEvent) => void told.push(event) }
  const work = staged(world, async w => {
    for (const phase of phases) w.say({ machine: 'x', type: 'phase', phase, text: phase })
    throw error
  })
  return work.catch((thrown: unknown) => ({ thrown, told: told.length }))
}

test.each([
  [['create'], 'Error in driver during machine creation: no'],
  [['create', 'wait-running'], 'Error waiting for machine to be running: no'],
  [['create', 'wait-running', 'wait-ssh'], 'Error detecting OS: no'],
  [['wait-ssh', 'detect-os'], 'Error detecting OS: no'],
  [['detect-os', 'provision'], 'Error running provisioning: no'],
  [['provision', 'check-engine'], 'Error checking the host: no'],
  [[], 'no'],
] as [Phase[], string][])('after %j: %s', async (phases, message) => {
  const error = new MachineError('SOME', 'no', { hints: ['do this'], exit: 3 })
  expect(await failing(phases, error)).toMatchObject({
    thrown: { code: 'SOME', message, suggestions: ['do this'], oclif: { exit: 3 } },
    told: phases.length,
  })
})

test('an error of ours that nobody foresaw, and an interruption, stay what they are', async () => {
  const bug = new TypeError('no')
  expect(await failing(['create'], bug)).toMatchObject({ thrown: bug })
  const stopped = new MachineError('SOME', 'interrupted')
  expect(await failing(['create'], stopped, AbortSignal.abort())).toMatchObject({ thrown: stopped })
})
