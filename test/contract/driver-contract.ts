/** What every driver must do, run against the real thing: one suite, once per driver. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { AnyDriver, Config, CreateCtx, Status } from '../../drivers/driver.ts'

type State = Record<string, unknown>

export interface Subject {
  driver: AnyDriver
  /** Settings of a create; called once, after the suite's own beforeAll. */
  config(): Config
  /** Public key line handed to create. */
  publicKey: string
  /** What the driver left on this computer, as text; the same before a create and after its remove. */
  leftovers(): Promise<string> | string
  /** False: the driver only points at the host (generic), so it is still there after remove. */
  makesInstances: boolean
  /** True: a start gives it another address. */
  moves?: boolean
}

const LONG_MS = 180_000

/** A context that records what the driver did, and may end the create at one point of it. */
function watch(subject: Subject, name: string, stopAt?: (label: string, count: number) => boolean) {
  const machineDir = mkdtempSync(join(tmpdir(), 'machine-contract-'))
  const abort = new AbortController()
  const points: string[] = []
  const saved: State[] = []
  const note = (label: string) => {
    points.push(label)
    if (stopAt?.(label, points.length)) abort.abort(new Error(`stopped at ${label}`))
  }
  const ctx: CreateCtx<State> = {
    name,
    machineDir,
    storeId: process.pid.toString(16).padStart(8, '0'),
    env: process.env,
    signal: abort.signal,
    say: () => {},
    publicKey: subject.publicKey,
    enginePort: 2376,
    point: note,
    // As through the store: only what JSON keeps is kept, and it is merged.
    checkpoint: async state => {
      saved.push(JSON.parse(JSON.stringify({ ...saved.at(-1), ...state })))
      note('checkpoint')
    },
  }
  // What comes after an interrupted create is another process, with a signal of its own.
  const later = { ...ctx, signal: new AbortController().signal, point: () => {} }
  return { ctx, later, points, saved, end: () => rmSync(machineDir, { recursive: true, force: true }) }
}

export function driverContract(subject: Subject): void {
  const { driver } = subject
  let config: Config
  let before: string

  beforeAll(async () => {
    config = subject.config()
    before = await subject.leftovers()
  }, LONG_MS)
  afterAll(async () => expect(await subject.leftovers()).toBe(before), LONG_MS)

  const statusOf = async (state: State, ctx: CreateCtx<State>): Promise<Status> =>
    (await driver.inspect(state, ctx)).status

  test(
    'is usable here and passes its own pre-create check',
    async () => {
      const { ctx, end } = watch(subject, 'contract-pre')
      expect(await driver.usable(ctx)).toEqual({ usable: true, missing: [] })
      await driver.preflight(config, ctx)
      expect(await subject.leftovers()).toBe(before)
      end()
    },
    LONG_MS,
  )

  test(
    'create → inspect → stop → start → kill → remove → remove',
    async () => {
      const { ctx, later, saved, end } = watch(subject, 'contract-life')
      const made = (await driver.create(config, ctx)) as State
      const state: State = JSON.parse(JSON.stringify({ ...saved.at(-1), ...made }))
      expect(saved.length).toBeGreaterThan(0)
      const up = await driver.inspect(state, later)
      expect(up).toMatchObject({ status: 'Running', address: state.IPAddress, ssh: { user: state.SSHUser } })
      if (driver.power?.stop && driver.power.start) {
        await driver.power.stop(state, later)
        expect(await statusOf(state, later)).toBe('Stopped')
        await driver.power.start(state, later)
        const again = await driver.inspect(state, later)
        expect(again).toEqual(subject.moves ? { ...up, address: again.address } : up)
        if (subject.moves) expect(again.address).not.toBe(up.address)
      }
      if (driver.power?.kill) {
        await driver.power.kill(state, later)
        expect(await statusOf(state, later)).toBe('Stopped')
      }
      await driver.remove(state, later)
      if (subject.makesInstances) expect(await statusOf(state, later)).toBe('Not Found')
      await driver.remove(state, later)
      expect(await subject.leftovers()).toBe(before)
      end()
    },
    LONG_MS,
  )

  test(
    'what an aborted create leaves is removed from the last checkpoint, wherever it was aborted',
    async () => {
      const whole = watch(subject, 'contract-count')
      const made = (await driver.create(config, whole.ctx)) as State
      await driver.remove(made, whole.later)
      whole.end()
      expect(whole.points.length).toBeGreaterThan(1)

      for (const at of whole.points.keys()) {
        const { ctx, later, points, saved, end } = watch(subject, `contract-abort${at}`, (_, count) => count === at + 1)
        const ended = await driver.create(config, ctx).then(
          () => 'made',
          () => 'aborted',
        )
        expect(points[at]).toBe(whole.points[at])
        // Only a create whose last point it was may still succeed.
        if (subject.makesInstances && at < whole.points.length - 1) expect([at, ended]).toEqual([at, 'aborted'])
        await driver.remove(saved.at(-1) ?? {}, later)
        expect([points[at], await subject.leftovers()]).toEqual([points[at], before])
        end()
      }
    },
    LONG_MS,
  )

  test(
    'remove from a record with nothing in it is success',
    async () => {
      const { later, end } = watch(subject, 'contract-none')
      await driver.remove({}, later)
      expect(await subject.leftovers()).toBe(before)
      end()
    },
    LONG_MS,
  )
}
