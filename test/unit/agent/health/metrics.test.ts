import { expect, test } from '@jest/globals'
import type { Entry } from '../../../../agent/audit/entry.ts'
import { createMetrics, type Metrics } from '../../../../agent/health/metrics.ts'
import type { Health } from '../../../../agent/protocol.ts'
import { readExposition } from './exposition.ts'
import { HEALTH } from './fixtures.ts'

const ENTRY: Entry = {
  at: 0,
  name: 'ann',
  ou: '',
  serial: '0A',
  role: 'admin',
  address: '198.18.0.9',
  method: 'GET',
  path: '/',
  status: 200,
  bytesIn: 10,
  bytesOut: 100,
  durationMs: 20,
}
const FACTS = { residentBytes: 70_000_000, loopDelaySeconds: 0.002, droppedAuditLines: 4 }
const read = (metrics: Metrics, health: Health = HEALTH) => readExposition(metrics.render(health, FACTS))

test('before anything came: only what is known, all of it valid', () => {
  const { values, types } = read(createMetrics())
  expect(values.get('machine_agent_connections_total')).toBe(0)
  expect(values.get('machine_agent_request_duration_seconds_count')).toBe(0)
  expect([...types.keys()].every(name => name.startsWith('machine_agent_'))).toBe(true)
  expect(types.has('machine_agent_requests_total')).toBe(false)
})

test('requests by role, method and class of status; bytes; durations without streams', () => {
  const metrics = createMetrics()
  for (const more of [
    {},
    { status: 204 },
    { status: 101, durationMs: 1e6 },
    { method: 'BREW', role: undefined, status: 0 },
  ])
    metrics.request({ ...ENTRY, ...more })
  const { values } = read(metrics)
  const of = (role: string, method: string, status: string) =>
    values.get(`machine_agent_requests_total{role="${role}",method="${method}",status="${status}"}`)
  expect([of('admin', 'GET', '2xx'), of('admin', 'GET', '1xx'), of('none', 'other', 'none')]).toEqual([2, 1, 1])
  expect(values.get('machine_agent_request_bytes_total{direction="out"}')).toBe(400)
  expect(values.get('machine_agent_request_duration_seconds_bucket{le="0.005"}')).toBe(0)
  expect(values.get('machine_agent_request_duration_seconds_bucket{le="0.025"}')).toBe(3)
  expect(values.get('machine_agent_request_duration_seconds_bucket{le="+Inf"}')).toBe(3)
  expect(values.get('machine_agent_request_duration_seconds_sum')).toBeCloseTo(0.06)
})

test('connections and streams go up and down', () => {
  const metrics = createMetrics()
  for (let i = 0; i < 3; i += 1) metrics.connectionOpened()
  metrics.connectionClosed()
  metrics.streamOpened()
  const { values } = read(metrics)
  expect(values.get('machine_agent_connections_open')).toBe(2)
  expect(values.get('machine_agent_connections_total')).toBe(3)
  expect(values.get('machine_agent_streams_open')).toBe(1)
})

test('labels are bounded and escaped, whatever they are', () => {
  const metrics = createMetrics()
  metrics.refused('a "quoted"\n\\ kind')
  for (let i = 0; i < 1000; i += 1) metrics.handshakeFailed(`reason ${i}`)
  const { values } = read(metrics)
  expect(values.get('machine_agent_refused_total{kind="a \\"quoted\\"\\n\\\\ kind"}')).toBe(1)
  const reasons = [...values].filter(([name]) => name.startsWith('machine_agent_handshakes_failed_total'))
  expect(reasons.length).toBe(65)
  expect(values.get('machine_agent_handshakes_failed_total{reason="other"}')).toBe(936)
})

test('health: engine, disk, certificates, revocations, drift', () => {
  const { values } = read(createMetrics())
  expect(values.get('machine_agent_engine_up')).toBe(1)
  expect(values.get('machine_agent_disk_free_inodes')).toBe(50)
  expect(values.get('machine_agent_certificate_expiry_seconds{certificate="server",fingerprint=""}')).toBe(
    Date.UTC(2026, 5, 1) / 1000,
  )
  expect(values.get('machine_agent_certificate_expiry_seconds{certificate="ca",fingerprint="AA:BB"}')).toBe(
    Date.UTC(2035, 0, 1) / 1000,
  )
  expect(values.get('machine_agent_revocation_number')).toBe(3)
  expect(values.get('machine_agent_drift')).toBe(0)
  expect(values.get('machine_agent_resident_memory_bytes')).toBe(70_000_000)
  expect(values.get('machine_agent_audit_lines_dropped_total')).toBe(4)
})

test('what is not known is left out', () => {
  const { disk: _, drift: __, ...rest } = HEALTH
  const { values, types } = read(createMetrics(), { ...rest, engine: { answers: false, error: 'no' }, problems: ['a'] })
  expect(values.get('machine_agent_engine_up')).toBe(0)
  expect(values.get('machine_agent_problems')).toBe(1)
  for (const name of ['engine_info', 'disk_bytes', 'disk_inodes', 'drift'])
    expect(types.has(`machine_agent_${name}`)).toBe(false)
})
