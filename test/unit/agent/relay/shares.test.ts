/** What a client may have of the agent, and how what is kept for it is counted. */
import { expect, test } from '@jest/globals'
import { gather } from '../../../../agent/relay/gather.ts'
import { LIMITS } from '../../../../agent/relay/limits.ts'
import { createShares } from '../../../../agent/relay/shares.ts'

test('pieces of a byte each cost no more than their sum twice, and are given back', () => {
  let kept = 0
  const all = gather(bytes => {
    kept += bytes
  })
  for (let i = 0; i < 300_000; i++) all.add(Buffer.of(i & 0xff))
  expect(all.size).toBe(300_000)
  expect(kept).toBeLessThanOrEqual(600_000)
  const bytes = all.take()
  expect(bytes.every((byte, i) => byte === (i & 0xff))).toBe(true)
  expect([kept, all.size]).toEqual([0, 0])
})

test('what may be no longer than its limit', () => {
  const all = gather(() => {}, { bytes: 3, what: 'it' })
  all.add(Buffer.from('abc'))
  expect(() => all.add(Buffer.from('d'))).toThrow('it is longer than 3 bytes')
})

test('a client that has too much kept is refused, others are not, and what it had is free when it leaves', () => {
  const shares = createShares()
  const [greedy, other] = [shares.enter('AA'), shares.enter('BB')]
  greedy?.keep(LIMITS.keptOfOne)
  expect(() => shares.enter('AA')?.keep(1)).toThrow('no room')
  other?.keep(LIMITS.keptOfOne)
  expect(() => shares.enter('CC')?.keep(LIMITS.keptOfAll - 2 * LIMITS.keptOfOne + 1)).toThrow('no room')
  greedy?.leave()
  shares.enter('AA')?.keep(LIMITS.keptOfOne)
})

test('one client does not take all connections', () => {
  const shares = createShares()
  const all = Array.from({ length: LIMITS.connectionsOfOne }, () => shares.enter('AA'))
  expect(all.every(share => share !== undefined)).toBe(true)
  expect(shares.enter('AA')).toBeUndefined()
  expect(shares.enter('BB')).toBeDefined()
  all[0]?.leave()
  expect(shares.enter('AA')).toBeDefined()
})
