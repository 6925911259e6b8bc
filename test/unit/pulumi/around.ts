/** What a provider is called in, for tests that go nowhere. */
import type { MachineEvent } from '../../../src/events.ts'
import type { Around } from '../../../src/pulumi/core/crud.ts'

export interface Heard extends Around {
  readonly events: MachineEvent[]
}

export function aroundOf(changes: Partial<Around> = {}): Heard {
  const events: MachineEvent[] = []
  return {
    env: { USER: 'someone' },
    home: '/nonexistent',
    platform: 'linux',
    signal: new AbortController().signal,
    say: event => void events.push(event),
    now: () => new Date('2026-11-26T12:00:00Z'),
    heard: async () => true,
    ...changes,
    events,
  }
}
