/**
 * Flags of aliyunecs, and their variables, as the parameters the stand-in Alibaba Cloud got. Each row is made twice, once with
 * flags and once with variables, and must come to the same. The driver is called in this process; no hosts are booted.
 */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { accessFlags } from '../../drivers/aliyunecs/access-flags.ts'
import type { EcsConfig } from '../../drivers/aliyunecs/flags.ts'
import { aliyunecs } from '../../drivers/aliyunecs/index.ts'
import type { State } from '../../drivers/aliyunecs/state.ts'
import type { CreateCtx, FlagSpec } from '../../drivers/driver.ts'
import { flagName, readConfig } from '../../src/driver-config.ts'
import { type AliyunCall, type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import { QUICK } from '../kit/aliyun/delays.ts'
import { findPlace, type Place } from '../kit/aliyun/first-steps.ts'
import { makeTempDir } from '../kit/temp-dir.ts'
import { type FlagRow, flagRows } from './aliyun-flag-rows.ts'

jest.setTimeout(120_000)
const specs = aliyunecs.flags as Record<string, FlagSpec>

interface Seen {
  readonly state: Record<string, unknown>
  /** Parameters of the last call of each action. */
  readonly asked: Record<string, unknown>
  readonly said: string
}

describe('flags of aliyunecs', () => {
  const folder = makeTempDir()
  let cloud: AliyunCloud
  let place: Place
  let rows: Record<string, FlagRow>
  const covered = new Set<string>()
  beforeAll(async () => {
    cloud = await startAliyun({ delays: QUICK })
    cloud.check.answer = '198.51.100.77'
    place = await findPlace(cloud)
    cloud.markFresh()
    const files = { key: join(folder.path, 'key'), userData: join(folder.path, 'user-data') }
    writeFileSync(files.key, place.privateKey, { mode: 0o600 })
    writeFileSync(files.userData, '#cloud-config\npackages: [htop]\n')
    rows = flagRows({ cloud, place, files })
  })
  afterAll(async () => {
    await cloud?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  async function make({ settings, power }: FlagRow, way: 'flags' | 'variables'): Promise<Seen> {
    const typed: Record<string, unknown> = {}
    const env: Record<string, string | undefined> = { ...cloud.env }
    for (const [key, value] of Object.entries(settings)) {
      const spec = specs[key]
      if (!spec?.env) throw new Error(`there is no flag ${key} with a variable`)
      covered.add(key)
      // Secrets are handed on as variables, whichever way they came.
      if (way === 'flags' && !spec.secret) typed[flagName(aliyunecs, key, spec)] = value
      else env[spec.env] = Array.isArray(value) ? value.join(',') : String(value)
    }
    const from = cloud.calls.length
    const saved: State[] = []
    const said: string[] = []
    const ctx: CreateCtx<State> = {
      name: 'web',
      machineDir: folder.path,
      storeId: randomBytes(4).toString('hex'),
      env,
      signal: new AbortController().signal,
      say: event => void said.push('text' in event ? String(event.text) : ''),
      point: () => {},
      publicKey: place.publicKey,
      enginePort: 2376,
      checkpoint: async state => void saved.push({ ...saved.at(-1), ...state }),
    }
    const config = readConfig(aliyunecs, typed, env, []) as EcsConfig
    try {
      await aliyunecs.preflight(config, ctx)
      const state = await aliyunecs.create(config, ctx)
      if (power) await aliyunecs.power?.stop?.(state, ctx)
      const calls = cloud.calls.slice(from).filter(call => !call.dryRun) as AliyunCall[]
      const asked = Object.fromEntries(calls.map(call => [call.action, call.parameters]))
      return { state: { ...state }, asked, said: said.join('\n') }
    } finally {
      await aliyunecs.remove(saved.at(-1) ?? ({} as State), ctx)
    }
  }

  const titles = Object.keys(flagRows(undefined))
  describe.each(['flags', 'variables'] as const)('as %s', way => {
    test.each(titles)('%s', async title => {
      const row = rows[title] as FlagRow
      const { asked, state, said } = await make(row, way)
      for (const [action, parameters] of Object.entries(row.asks))
        expect({ [action]: asked[action] }).toMatchObject({ [action]: parameters })
      for (const [action, names] of Object.entries(row.lacks ?? {}))
        expect(names.filter(name => name in (asked[action] as object))).toEqual([])
      expect(state).toMatchObject(row.state ?? {})
      if (row.says) expect(said).toContain(row.says)
      expect(cloud.complaints).toEqual([])
    })
  })

  test('each flag is in one of the rows', () => {
    const rest = Object.keys(specs).filter(key => !covered.has(key) && !(key in accessFlags))
    expect(rest).toEqual([])
  })

  test('nothing is left of any of them', () => {
    expect(cloud.left()).toEqual([])
  })
})
