/**
 * What a driver must do, as checks: functions that throw where it does not. The real driver passes them; each broken copy of it
 * is caught by the check that is there for that.
 */
import assert from 'node:assert/strict'
import { beforeAll, expect, test } from '@jest/globals'
import type { StandIn } from '../kit/cloud/stand-in.ts'
import { makeTempDir } from '../kit/temp-dir.ts'
import { type Break, brokenDriver } from './broken-driver.ts'
import { inLanes } from './in-lanes.ts'

interface Account extends StandIn {
  readonly delays: object
  readonly faults: { clear(): void }
  left(): string[] | Promise<string[]>
  markFresh(): void | Promise<void>
}

export interface Broken<Name extends string> extends Break {
  readonly caughtBy: Name
  /** What it fails with, where that is no assertion of the check but an error of the driver. */
  readonly says?: string
}

export interface Mutants<Name extends string, D, C extends Account, S> {
  /** Its name, and the driver as it is. */
  readonly name: string
  readonly driver: D
  /** Each gets a store in an account in which it leaves nothing. */
  readonly checks: Readonly<Record<Name, (store: S) => Promise<void>>>
  readonly broken: readonly Broken<Name>[]
  /** How many accounts are used at once; one by default. */
  readonly lanes?: number
  open(): Promise<C>
  store(driver: D, cloud: C): S
}

/** To be called inside a `describe`: a test for each check and for each broken copy. All run before, some at once. */
export function mutantTests<Name extends string, D, C extends Account, S>(mutants: Mutants<Name, D, C, S>): void {
  const { name, driver, checks, broken, lanes = 1 } = mutants
  const names = Object.keys(checks) as Name[]
  /** What each came to: undefined, or what was thrown. */
  const results = new Map<string, unknown>()

  /** What a check leaves or breaks is no other check's. */
  async function run(check: Name, its: D, cloud: C): Promise<void> {
    const usual = { ...cloud.delays }
    await cloud.markFresh()
    try {
      await checks[check](mutants.store(its, cloud))
      await cloud.settled()
      assert.deepEqual(await cloud.left(), [])
    } finally {
      Object.assign(cloud.delays, usual)
      cloud.faults.clear()
    }
  }

  beforeAll(async () => {
    using scratch = makeTempDir()
    const all = [
      ...names.map(check => ({ title: check as string, check, make: async () => driver })),
      ...broken.map((each, i) => ({
        title: String(i),
        check: each.caughtBy,
        make: () => brokenDriver<D>(name, scratch.path, `broken-${i}`, [each]),
      })),
    ]
    const how = { count: lanes, open: mutants.open, title: ({ title }: (typeof all)[number]) => title }
    await inLanes(all, how, async (cloud, { title, check, make }) => {
      const running = make().then(its => run(check, its, cloud))
      results.set(
        title,
        await running.then(
          () => undefined,
          (error: unknown) => error,
        ),
      )
    })
  }, 280_000)

  test.each(names)('%s', check => {
    expect(results.has(check)).toBe(true)
    if (results.get(check) !== undefined) throw results.get(check)
  })

  test('each check catches a broken copy', () => {
    expect([...new Set(broken.map(each => each.caughtBy))].sort()).toEqual([...names].sort())
  })

  test.each(broken.map((each, i) => ({ ...each, i })))('broken in $file: $caughtBy', ({ i, says }) => {
    const error = results.get(String(i)) as { code?: string; message?: string } | undefined
    expect([error?.code === 'ERR_ASSERTION', String(error?.message)]).toEqual([
      says === undefined,
      expect.stringContaining(says ?? ''),
    ])
  })
}
