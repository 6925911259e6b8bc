/** Fifty creates at once on a store that is empty, as CI farms do: nobody waits for long, nobody undoes another's work. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { type Home, startHome } from '../kit/cli.ts'

jest.setTimeout(120_000)
const FIFTY = Array.from({ length: 50 }, (_, i) => `n${i + 1}`)
const ASK = ['create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376']

let home: Home
beforeEach(async () => {
  home = await startHome()
})
afterEach(() => home?.[Symbol.asyncDispose]())

/** Every record is whole, nothing half lies about, no lock is left. */
async function isWhole(): Promise<void> {
  expect((await home.ok('ls', '-q')).trimEnd().split('\n')).toEqual(FIFTY)
  const records = await Promise.all(
    FIFTY.map(async name => JSON.parse(await readFile(join(home.store, 'machines', name, 'config.json'), 'utf8'))),
  )
  expect(records.map(r => r.Machine.Phase)).toEqual(FIFTY.map(() => 'ready'))
  expect((await readdir(join(home.store, 'machines'))).filter(name => name.startsWith('.'))).toEqual([])
  expect(await readdir(join(home.store, 'locks'))).toEqual([])
}

test('fifty processes', async () => {
  const ran = await Promise.all(FIFTY.map(name => home.cli(...ASK, name)))
  expect(ran.filter(r => r.code !== 0)).toEqual([])
  await isWhole()
  const removed = await Promise.all(FIFTY.map(name => home.cli('rm', '-y', name)))
  expect(removed.filter(r => r.code !== 0)).toEqual([])
  expect(await home.ok('ls', '-q')).toBe('')
})

test('one process with fifty names', async () => {
  const made = JSON.parse(await home.ok(...ASK, '--json', ...FIFTY)) as { name: string }[]
  expect(made.map(m => m.name)).toEqual(FIFTY)
  await isWhole()
})
