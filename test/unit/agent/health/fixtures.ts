import type { Health } from '../../../../agent/protocol.ts'

/** All is well. */
export const HEALTH: Health = {
  agent: { version: '0.1.0', digest: '0123456789abcdef', node: '26.10.0', started: '2026-01-01T00:00:00.000Z' },
  id: '0123456789abcdef0123456789abcdef',
  you: { name: 'ann', role: 'admin', serial: '0A', notAfter: '2027-01-01T00:00:00.000Z' },
  engine: { answers: true, version: '28.5.2', apiVersion: '1.51', minApiVersion: '1.24' },
  disk: { path: '/var/lib/docker', totalBytes: 1000, freeBytes: 500, inodes: 100, freeInodes: 50 },
  certificate: { serial: '0B', notAfter: '2026-06-01T00:00:00.000Z' },
  cas: [{ fingerprint256: 'AA:BB', notAfter: '2035-01-01T00:00:00.000Z' }],
  revocation: { number: 3, serials: 2 },
  clock: '2026-01-02T00:00:00.000Z',
  drift: { checked: '2026-01-01T23:59:30Z', files: {}, units: [], portOpen: true, listening: true },
  problems: [],
}
