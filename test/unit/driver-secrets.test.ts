/** Keys typed as flags reach the driver and nothing else: no file of the store, no event, no other program. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type AnyDriver, type Ctx, defineDriver } from '../../drivers/driver.ts'
import { readConfig } from '../../src/driver-config.ts'
import { withSecrets } from '../../src/driver-secrets.ts'
import type { MachineEvent } from '../../src/events.ts'
import { createMachine } from '../../src/machine/create.ts'
import { worldOf } from './machine/world.ts'

const CANARY = 'CANARY-3f2a'
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** A driver that notes what it finds in its environment, and keeps all it is given. */
function cloud(seen: [string, string | undefined][]): AnyDriver {
  const note = (verb: string, ctx: Pick<Ctx, 'env'>) => seen.push([verb, ctx.env.CLOUD_SECRET])
  return defineDriver({
    name: 'cloud',
    summary: 'for tests',
    flags: { secretKey: { type: 'string', help: 'key', env: 'CLOUD_SECRET', secret: true } },
    automatic: false,
    provisions: false,
    keys: 'own',
    usable: async () => ({ usable: true, missing: [] }),
    preflight: async (_, ctx) => void note('preflight', ctx),
    async create(config, ctx): Promise<Record<string, unknown>> {
      note('create', ctx)
      await ctx.checkpoint({ ...config })
      return { ...config, URL: 'tcp://192.0.2.1:2376', IPAddress: '192.0.2.1' }
    },
    async inspect(_, ctx) {
      note('inspect', ctx)
      return { status: 'Running', address: '192.0.2.1', url: 'tcp://192.0.2.1:2376' }
    },
    remove: async () => {},
  }) as AnyDriver
}

test('every verb of the command finds them, nothing else does', async () => {
  const seen: [string, string | undefined][] = []
  const events: MachineEvent[] = []
  const driver = cloud(seen)
  const plain = { ...worldOf(folder), drivers: [driver], say: (e: MachineEvent) => void events.push(e) }
  const typed = { 'cloud-secret-key': CANARY }
  const config = readConfig(driver, typed, plain.env, plain.drivers)
  const w = withSecrets(plain, driver, typed)
  await createMachine({ name: 'm', driver, config }, w)

  expect(new Set(seen.map(([verb]) => verb))).toEqual(new Set(['preflight', 'create', 'inspect']))
  expect(seen.filter(([, secret]) => secret !== CANARY)).toEqual([])
  expect(w.env).toBe(plain.env)
  expect(inspect([config, events], { depth: 9 })).not.toContain(CANARY)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) expect(await readFile(join(entry.parentPath, entry.name), 'utf8')).not.toContain(CANARY)
  expect(events.filter(e => e.type === 'info')).toEqual([
    {
      type: 'info',
      text:
        'What was given with --cloud-secret-key is kept nowhere: for later commands set CLOUD_SECRET, ' +
        'or what else driver cloud takes instead',
    },
  ])
})

test('where none was typed the world stays as it is and nothing is said', () => {
  const said: MachineEvent[] = []
  const w = { ...worldOf(folder), say: (e: MachineEvent) => void said.push(e) }
  expect(withSecrets(w, cloud([]), {})).toBe(w)
  expect(said).toEqual([])
})

test('a typed key counts before one of the environment', () => {
  const w = worldOf(folder, { env: { CLOUD_SECRET: 'other' } })
  expect(withSecrets(w, cloud([]), { 'cloud-secret-key': CANARY }).driverEnv?.CLOUD_SECRET).toBe(CANARY)
})
