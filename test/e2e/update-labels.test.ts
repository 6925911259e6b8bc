/** `machine update-labels`, on the store alone: what the record gets, and what is said. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Home, startHome } from '../kit/cli.ts'

jest.setTimeout(60_000)

describe('update-labels', () => {
  let home: Home
  beforeAll(async () => {
    home = await startHome()
    await home.ok('create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', 'dev')
  })
  afterAll(() => home?.[Symbol.asyncDispose]())
  const path = () => join(home.store, 'machines/dev/config.json')
  const record = () => JSON.parse(readFileSync(path(), 'utf8'))

  test('sets labels in the record and says that the driver keeps none', async () => {
    const done = await home.cli('update-labels', '--label', 'team=infra', '--label', 'seen=2026-01-31 12:00', 'dev')
    expect(done).toEqual({
      code: 0,
      signal: null,
      stdout: '',
      stderr:
        'Labels of "dev" set in its record alone: its driver cannot label instances: team=infra, seen=2026-01-31 12:00\n',
    })
    expect(record().Machine.Labels).toEqual({ team: 'infra', seen: '2026-01-31 12:00' })
    expect(record().HostOptions.EngineOptions.Labels).toEqual([])
  })

  test('flags behind the name; others stay; JSON', async () => {
    const out = await home.ok('update-labels', 'dev', '--label', 'team=web', '--json')
    expect(JSON.parse(out)).toEqual({
      name: 'dev',
      labels: { team: 'web', seen: '2026-01-31 12:00' },
      atProvider: false,
    })
  })

  test("a record of docker-machine's own", async () => {
    const { Machine: _, ...theirs } = record()
    writeFileSync(path(), JSON.stringify(theirs, null, 4))
    await home.ok('update-labels', '--label', 'a=b', 'dev')
    const { Machine, ...rest } = record()
    expect(rest).toEqual(theirs)
    expect(Machine).toMatchObject({ Phase: 'ready', Labels: { a: 'b' } })
  })

  test('used wrongly', async () => {
    for (const args of [[], ['dev'], ['--label', 'a=b'], ['--label', 'a=b', 'dev', 'more'], ['--label', 'ab', 'dev']])
      expect(await home.cli('update-labels', ...args)).toMatchObject({ code: 2, stdout: '' })
    const missing = await home.cli('update-labels', '--label', 'a=b', 'nope')
    expect(missing).toMatchObject({ code: 1, stdout: '' })
    expect(missing.stderr).toContain('Docker machine "nope" does not exist.')
  })
})
