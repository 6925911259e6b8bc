import { expect, test } from '@jest/globals'
import type { Entry } from '../../../../agent/audit/entry.ts'
import { droppedLine, lineOf } from '../../../../agent/audit/line.ts'

const ENTRY: Entry = {
  at: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  name: 'ann',
  ou: 'viewer',
  serial: '0A1B',
  role: 'viewer',
  address: '198.18.0.9',
  method: 'GET',
  path: '/v1.51/containers/json',
  status: 200,
  bytesIn: 0,
  bytesOut: 1234,
  durationMs: 1.2345,
}

test('one line of JSON with the fields of a request', () => {
  const line = lineOf(ENTRY)
  expect(line).toMatch(/^[^\n]+\n$/)
  expect(JSON.parse(line)).toEqual({
    time: '2026-01-02T03:04:05.678Z',
    client: { cn: 'ann', ou: 'viewer', serial: '0A1B', address: '198.18.0.9' },
    role: 'viewer',
    method: 'GET',
    path: '/v1.51/containers/json',
    status: 200,
    in: 0,
    out: 1234,
    ms: 1.2,
  })
})

test('a request nobody was let in with has no role, and a note why', () => {
  expect(JSON.parse(lineOf({ ...ENTRY, role: undefined, status: 403, note: 'its OU is unknown' }))).toMatchObject({
    role: null,
    status: 403,
    note: 'its OU is unknown',
  })
})

test('what a terminal would obey is escaped, and comes back when parsed', () => {
  const name = 'a\n\u001b[31m\u007f\u009b2J\u2028\u202e"\\\ud800'
  const line = lineOf({ ...ENTRY, name })
  expect(line).toMatch(/^[\x20-\x7e]+\n$/)
  expect(JSON.parse(line).client.cn).toBe(name)
})

test('overlong texts are cut', () => {
  const { path, client } = JSON.parse(lineOf({ ...ENTRY, path: 'x'.repeat(5000), name: 'n'.repeat(5000) }))
  expect(path).toBe(`${'x'.repeat(1024)}…`)
  expect(client.cn).toBe(`${'n'.repeat(256)}…`)
})

test('lost lines are counted', () => {
  expect(JSON.parse(droppedLine(7))).toMatchObject({ dropped: 7, note: '7 audit lines were lost before this one' })
})
