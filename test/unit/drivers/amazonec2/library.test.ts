/** Keys given to the library as flags: they sign its requests, and stand in no event, no file and no error. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { expect, test } from '@jest/globals'
import { createMachine, type MachineEvent } from '../../../../src/index.ts'
import { makeTempDir } from '../../../kit/temp-dir.ts'
import { failing, loopbackApi } from './loopback-api.ts'

const flags = {
  'amazonec2-access-key': 'ASIACANARY0000000001',
  'amazonec2-secret-key': 'CANARYsecret',
  'amazonec2-session-token': 'CANARYtoken',
}

test('createMachine with keys as flags', async () => {
  using store = makeTempDir()
  await using api = await loopbackApi()
  api.answer(failing('AuthFailure', 'AWS was not able to validate the provided access credentials', 401))
  const events: MachineEvent[] = []
  const made = createMachine(
    {
      name: 'web',
      driver: 'amazonec2',
      flags: {
        ...flags,
        'amazonec2-endpoint': api.url,
        'amazonec2-retries': -1,
        'amazonec2-allow-cidr': ['203.0.113.7'],
      },
    },
    { storagePath: store.path, env: { HOME: store.path }, onEvent: event => void events.push(event) },
  )
  const error = await made.then(
    () => undefined,
    thrown => thrown,
  )
  expect(error.code).toBe('PRECREATE')
  expect(error.message).toContain('AWS does not know these credentials (environment) in region us-east-1')
  expect(api.asked.length).toBeGreaterThan(0)
  expect(api.asked.every(a => a.headers.authorization?.includes('ASIACANARY0000000001'))).toBe(true)
  expect(api.asked.every(a => a.headers['x-amz-security-token'] === 'CANARYtoken')).toBe(true)

  for (let at = error; at !== undefined; at = at.cause)
    expect(inspect(at, { depth: 20, showHidden: true })).not.toMatch(/CANARY/)
  expect(inspect(events, { depth: 20 })).not.toMatch(/CANARY/)
  expect(events).toContainEqual(
    expect.objectContaining({
      type: 'info',
      text: expect.stringMatching(
        /^What was given with --amazonec2-access-key, --amazonec2-secret-key and --amazonec2-session-token is kept nowhere/,
      ),
    }),
  )
  for (const entry of readdirSync(store.path, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) expect(readFileSync(join(entry.parentPath, entry.name), 'utf8')).not.toMatch(/CANARY/)
})
