/** Health of real sockets and folders: an engine that answers, hangs, talks nonsense, is not there. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as httpServer } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readDisk } from '../../../../agent/health/disk.ts'
import { readDrift } from '../../../../agent/health/drift.ts'
import { askEngine } from '../../../../agent/health/engine.ts'
import { openSources, readHealth } from '../../../../agent/health/health.ts'
import { shared } from '../../../../agent/health/shared.ts'
import { HEALTH } from './fixtures.ts'

let folder: string
let socket: string
const servers: { server: Server; sockets: Set<Socket> }[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'health-'))
  socket = join(folder, 'docker.sock')
})
afterEach(async () => {
  for (const { server, sockets } of servers.splice(0)) {
    server.close()
    for (const open of sockets) open.destroy()
  }
  await rm(folder, { recursive: true, force: true })
})

async function listen(server: Server): Promise<void> {
  const sockets = new Set<Socket>()
  servers.push({ server, sockets })
  server.on('connection', open => sockets.add(open.on('error', () => {})))
  await new Promise<void>(resolve => server.listen(socket, resolve))
}

const VERSION = { Version: '28.5.2', ApiVersion: '1.51', MinAPIVersion: '1.24' }
const ANSWERS = { answers: true, version: '28.5.2', apiVersion: '1.51', minApiVersion: '1.24' }

describe('the engine', () => {
  test('that answers, whole or in pieces', async () => {
    const asked: string[] = []
    await listen(
      httpServer((request, response) => {
        asked.push(`${request.method} ${request.url}`)
        response.write(JSON.stringify(VERSION).slice(0, 9))
        setImmediate(() => response.end(JSON.stringify(VERSION).slice(9)))
      }),
    )
    expect(await askEngine(socket)).toEqual(ANSWERS)
    expect(asked).toEqual(['GET /version'])
  })

  test.each([
    ['HTTP/1.0 500 Oops\r\n\r\n', 'it answered with status 500'],
    ['SSH-2.0-x\r\n', 'what answers there is no engine'],
    ['HTTP/1.0 200 OK\r\n\r\n[]', 'what answers there is no engine'],
    ['HTTP/1.0 200 OK\r\n\r\nnull', 'what answers there is no engine'],
    ['', 'it closed the connection without an answer'],
    [`HTTP/1.0 200 OK\r\n\r\n${'x'.repeat(100_000)}`, 'what answers there is no engine'],
  ])('that says %j', async (said, error) => {
    await listen(createServer(open => open.end(said)))
    expect(await askEngine(socket)).toEqual({ answers: false, error })
  })

  test('that is not there, or not listening', async () => {
    expect(await askEngine(socket)).toEqual({
      answers: false,
      error: `there is no socket ${socket}: it does not run`,
    })
    await writeFile(socket, '')
    expect(await askEngine(socket)).toEqual({
      answers: false,
      error: `nothing listens on ${socket}: it does not run`,
    })
  })

  test('that hangs is given up', async () => {
    await listen(createServer(() => {}))
    expect(await askEngine(socket)).toEqual({ answers: false, error: 'it did not answer within 2 s' })
  })
})

describe('looks that are shared', () => {
  test('one for all who ask at the same time, kept for a moment', async () => {
    let looks = 0
    const ask = shared(async () => ++looks, 0, { keepMs: 60_000 })
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1])
    expect(await ask()).toBe(1)
  })

  test('a look that hangs keeps nobody, and stays the only one', async () => {
    let looks = 0
    let end = (_: string) => {}
    const hanging = () => {
      looks += 1
      return new Promise<string>(resolve => {
        end = resolve
      })
    }
    const ask = shared(hanging, 'late', { keepMs: 60_000, deadlineMs: 1 })
    expect([await ask(), await ask(), looks]).toEqual(['late', 'late', 1])
    end('there')
    expect([await ask(), await ask(), looks]).toEqual(['there', 'there', 1])
  })

  test('a look that throws is late, and the next one is made', async () => {
    let looks = 0
    const ask = shared(
      () => {
        looks += 1
        if (looks === 1) throw new Error('at once')
        return Promise.resolve('there')
      },
      'late',
      { keepMs: 0 },
    )
    expect([await ask(), await ask()]).toEqual(['late', 'there'])
  })
})

test('the disk of the data root, also of one that is not made yet', async () => {
  const path = join(folder, 'docker/data')
  const disk = await readDisk(path)
  expect(disk).toMatchObject({ path, totalBytes: expect.any(Number), freeBytes: expect.any(Number) })
  expect(disk?.totalBytes).toBeGreaterThan(disk?.freeBytes ?? Infinity)
  await writeFile(join(folder, 'file'), '')
  expect(await readDisk(join(folder, 'file/below'))).toBeUndefined()
})

test('drift as the watch writes it; anything else is none', async () => {
  const path = join(folder, 'drift.json')
  const drift = { checked: '2026-01-01T00:00:00Z', files: { '/a': 'changed' }, units: ['x'], portOpen: false }
  const read = async (value: unknown) => {
    await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value))
    return await readDrift(path)
  }
  expect(await read(drift)).toEqual(drift)
  expect(await read({ ...drift, more: 1, portOpen: 'x' })).toEqual({ ...drift, portOpen: undefined })
  for (const bad of [
    '',
    '{',
    'null',
    '[]',
    { ...drift, units: [1] },
    { ...drift, files: { '/a': 'odd' } },
    { units: [] },
  ])
    expect(await read(bad)).toBeUndefined()
  expect(await readDrift(join(folder, 'none'))).toBeUndefined()
})

test('all together', async () => {
  await listen(httpServer((_, response) => response.end(JSON.stringify(VERSION))))
  const driftPath = join(folder, 'drift.json')
  await writeFile(driftPath, JSON.stringify({ ...HEALTH.drift, units: ['docker.service'] }))
  const sources = openSources({ socket, dataRoot: folder }, driftPath)
  const { you, cas, revocation, id } = HEALTH
  const deps = { config: { id }, sources, version: '0.1.0', digest: 'd', you, cas, revocation }
  const certificate = { ...HEALTH.certificate, notBefore: '2025-01-01T00:00:00.000Z' }
  const at = (clock: string) =>
    readHealth({ ...deps, certificate, started: new Date('2026-01-01T00:00:00Z'), now: () => new Date(clock) })
  const health = await at(HEALTH.clock)
  expect(health).toMatchObject({ engine: ANSWERS, certificate: HEALTH.certificate, clock: HEALTH.clock, id, you })
  expect(health.certificate).toEqual(HEALTH.certificate)
  expect(health.drift?.units).toEqual(['docker.service'])
  expect(health.problems).toContain('docker.service is not active')
  const later = await at('2026-01-02T01:00:00Z')
  expect(later.drift).toBeUndefined()
  expect(later.problems).toContain('the watch of the host has not run since 2026-01-01T23:59:30Z')
})
