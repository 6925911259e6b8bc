import { expect, test } from '@jest/globals'
import { problemsOf } from '../../../../agent/health/problems.ts'
import type { Drift, Health } from '../../../../agent/protocol.ts'
import { HEALTH } from './fixtures.ts'

const NOT_BEFORE = '2025-12-01T00:00:00.000Z'

function problems(changed: Partial<Health>, drift: Drift | undefined = HEALTH.drift, notBefore = NOT_BEFORE) {
  return problemsOf({ health: { ...HEALTH, ...changed }, drift, notBefore })
}
const disk = (more: object) => ({ disk: { path: '/d', totalBytes: 1000, freeBytes: 500, ...more } })
const drift = (more: object) => ({ ...(HEALTH.drift as Drift), ...more })

test('none when all is well', () => {
  expect(problems({})).toEqual([])
})

test('the engine', () => {
  expect(problems({ engine: { answers: false, error: 'it did not answer within 2 s' } })).toEqual([
    'the engine does not answer: it did not answer within 2 s',
  ])
})

test('disk: full from 90 %, inodes short below 5 %; a file system that counts none is no problem', () => {
  expect(problems(disk({ freeBytes: 101 }))).toEqual([])
  expect(problems(disk({ freeBytes: 100 }))).toEqual(['the disk of /d is 90 % full'])
  expect(problems(disk({ inodes: 100, freeInodes: 5 }))).toEqual([])
  expect(problems(disk({ inodes: 100, freeInodes: 4 }))).toEqual(['only 4 % of the inodes of /d are free'])
  expect(problems(disk({ totalBytes: 0, freeBytes: 0 }))).toEqual([])
})

test('certificates: the server’s within 14 days, CAs within 30, and what ran out', () => {
  const server = (notAfter: string) => problems({ certificate: { serial: '0B', notAfter } })
  const ca = (notAfter: string) => problems({ cas: [{ fingerprint256: 'AA', notAfter }] })
  expect(server('2026-01-16T00:00:00.000Z')).toEqual([])
  expect(server('2026-01-15T23:00:00.000Z')).toEqual(['the server certificate runs out on 2026-01-15 (in 13 days)'])
  expect(server('2026-01-03T12:00:00.000Z')).toEqual(['the server certificate runs out on 2026-01-03 (in 1 day)'])
  expect(server('2026-01-02T12:00:00.000Z')).toEqual([
    'the server certificate runs out on 2026-01-02 (in less than a day)',
  ])
  expect(server('2026-01-01T23:00:00.000Z')).toEqual(['the server certificate ran out on 2026-01-01'])
  expect(ca('2026-02-01T00:00:00.000Z')).toEqual([])
  expect(ca('2026-01-31T00:00:00.000Z')).toEqual(['the CA runs out on 2026-01-31 (in 29 days)'])
})

test('a clock behind the certificate', () => {
  expect(problems({}, HEALTH.drift, '2026-01-02T00:00:01.000Z')).toEqual([
    "the host's clock says 2026-01-02T00:00:00.000Z, which is before its certificate begins (2026-01-02T00:00:01.000Z)",
  ])
})

test('drift, each thing in a sentence', () => {
  const files = { '/etc/docker/daemon.json': 'changed', '/etc/x.service': 'missing' }
  expect(
    problems(
      {},
      drift({ files, units: ['docker.service', 'machine-agent.service'], portOpen: false, listening: false }),
    ),
  ).toEqual([
    '/etc/docker/daemon.json was changed since it was provisioned',
    '/etc/x.service is gone',
    'docker.service is not active',
    "nothing listens on the engine's port",
    "the host's firewall no longer lets the engine's port in",
  ])
})

test('a watch that stopped; one that never ran is given ten minutes', () => {
  expect(problems({}, drift({ checked: '2026-01-01T23:50:00Z', units: ['x'] }))).toEqual([
    'the watch of the host has not run since 2026-01-01T23:50:00Z',
  ])
  const never = (started: string) =>
    problemsOf({
      health: { ...HEALTH, agent: { ...HEALTH.agent, started } },
      drift: undefined,
      notBefore: NOT_BEFORE,
    })
  expect(never('2026-01-01T23:51:00.000Z')).toEqual([])
  expect(never('2026-01-01T23:50:00.000Z')).toEqual(['the watch of the host has not run since it booted'])
})
