import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { readLife } from '../../../../drivers/nspawn/process.ts'
import { placesOf } from '../../../../drivers/nspawn/state.ts'

const folder = mkdtempSync(join(tmpdir(), 'machine-state-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['', '/var/lib/machine'],
  ['..', '/var/lib/machine'],
  ['a/b', '/var/lib/machine'],
  ['dev-1', 'relative'],
  ['dev-1', '/var/lib/../..'],
])('a record that could lead root elsewhere is refused: %p in %p', (Id, StateDir) => {
  expect(() => placesOf({ Id, StateDir })).toThrow('the record names no host folder')
})

describe('a host runs', () => {
  const places = placesOf({ Id: 'x', StateDir: folder })
  mkdirSync(places.dir, { recursive: true })
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  const stat = readFileSync(`/proc/${process.pid}/stat`, 'utf8')
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  const lifeWith = (text: string) => {
    writeFileSync(places.pid, text)
    return readLife(places)
  }
  test('only with the pid, start time and boot that were written down', async () => {
    expect(await lifeWith(`${process.pid} ${start} ${boot}\n`)).not.toBe('gone')
    expect(await lifeWith(`${process.pid} ${Number(start) + 1} ${boot}\n`)).toBe('gone')
    expect(await lifeWith(`${process.pid} ${start} 00000000-0000-0000-0000-000000000000\n`)).toBe('gone')
    expect(await lifeWith(`4194304 ${start} ${boot}\n`)).toBe('gone')
    expect(await lifeWith('')).toBe('gone')
  })
})
