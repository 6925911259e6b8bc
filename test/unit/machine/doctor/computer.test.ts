/** Each check of this computer, seen to fail on a real store. */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createCa, issueClientCert, type KeyAndCert } from '../../../../src/certs/index.ts'
import { doctor } from '../../../../src/machine/doctor/doctor.ts'
import { takeLock } from '../../../../src/store/lock.ts'
import { runTypeScript } from '../../../kit/processes.ts'
import { makeTempDir, type TempDir } from '../../../kit/temp-dir.ts'
import { type WorldChanges, worldOf } from '../world.ts'

const NOW = new Date('2026-06-01T12:00:00Z')
const DAY = 86_400_000
let dir: TempDir
let store = ''
const at = (...parts: string[]) => join(store, ...parts)

beforeEach(async () => {
  dir = makeTempDir()
  store = join(dir.path, "it's a store")
  for (const folder of ['certs', 'machines/dev', 'locks']) mkdirSync(at(folder), { recursive: true, mode: 0o700 })
  await putCerts({})
})
afterEach(() => dir[Symbol.dispose]())

const put = (path: string, text: string, mode = 0o600) => writeFileSync(at(path), text, { mode })

async function putCerts(o: {
  ca?: KeyAndCert
  caDays?: number
  clientDays?: number
  made?: Date
}): Promise<KeyAndCert> {
  const { made = new Date(NOW.getTime() - 10 * DAY) } = o
  const ca = o.ca ?? (await createCa({ owner: 'x', now: made, days: o.caDays ?? 3650 }))
  const client = await issueClientCert({ ca, owner: 'x', now: made, days: o.clientDays ?? 730 })
  put('certs/ca.pem', ca.certPem)
  put('certs/ca-key.pem', ca.keyPem)
  put('certs/cert.pem', client.certPem)
  put('certs/key.pem', client.keyPem)
  return ca
}

/** What one check tells: its state, its detail, then its remedies. */
async function told(id: string, changes: WorldChanges = {}): Promise<string[]> {
  const results = await doctor(worldOf(store, { now: NOW, env: { PATH: process.env.PATH }, ...changes }))
  const result = results.find(r => r.check === id)
  return result ? [result.state, result.detail, ...result.remedies] : []
}

test('a sound store', async () => {
  expect(await told('store')).toEqual(['ok', `${store}, 1 machine`])
  expect(await told('key-files')).toEqual(['ok', '2, readable by you alone'])
  expect(await told('ca')).toEqual(['ok', 'valid until 2036-05-19'])
  expect(await told('client-certificate')).toEqual(['ok', 'valid until 2028-05-21'])
  expect(await told('locks')).toEqual(['ok', 'none held'])
  expect(await told('node')).toEqual(['ok', `${process.version} (${process.execPath})`])
})

test('no store yet', async () => {
  rmSync(store, { recursive: true })
  expect(await told('store')).toEqual(['ok', `${store} (not there yet: the first create makes it)`])
  expect(await told('ca')).toEqual(['skipped', 'none yet: the first create makes it'])
  expect(await told('client-certificate')).toEqual(['skipped', 'none yet: the first create makes it'])
})

test('a file where the store should be', async () => {
  rmSync(store, { recursive: true })
  writeFileSync(store, '')
  expect(await told('store')).toEqual([
    'failed',
    `cannot read ${store}: a part of the path is not a folder`,
    '--storage-path (or MACHINE_STORAGE_PATH) names another folder for the store',
  ])
  expect(await told('locks')).toEqual(['skipped', 'not looked at: store failed'])
})

test('folders that others may write to', async () => {
  chmodSync(at('certs'), 0o777)
  expect(await told('store')).toEqual([
    'failed',
    `others may write to ${at('certs')}`,
    `chmod 700 '${at('certs').replace("'", "'\\''")}'`,
  ])
})

test('keys that others may read, and the commands that close them', async () => {
  chmodSync(at('certs/key.pem'), 0o644)
  put('machines/dev/id_rsa', 'x')
  chmodSync(at('machines/dev/id_rsa'), 0o640)
  const quoted = (path: string) => `'${path.replace("'", "'\\''")}'`
  expect(await told('key-files')).toEqual([
    'failed',
    `others may read or write ${at('certs/key.pem')} and 1 more`,
    `chmod 600 ${quoted(at('certs/key.pem'))}`,
    `chmod 600 ${quoted(at('machines/dev/id_rsa'))}`,
  ])
})

describe('certificates', () => {
  const client = 'machine regenerate-certs --client-certs NAME'
  test('that ran out', async () => {
    await putCerts({ clientDays: 5 })
    expect(await told('client-certificate')).toEqual(['failed', 'expired on 2026-05-27', client])
    await putCerts({ caDays: 5 })
    expect(await told('ca')).toEqual(['failed', 'expired on 2026-05-27', expect.stringContaining('a new CA is made')])
    expect(await told('client-certificate')).toEqual(['skipped', 'not looked at: CA failed'])
  })

  test('that soon run out', async () => {
    await putCerts({ clientDays: 11, caDays: 40 })
    expect(await told('client-certificate')).toEqual(['warning', 'expires on 2026-06-02, in 1 day', client])
    expect((await told('ca')).slice(0, 2)).toEqual(['warning', 'expires on 2026-07-01, in 30 days'])
  })

  test('of the future', async () => {
    const ca = await putCerts({})
    await putCerts({ ca, made: new Date(NOW.getTime() + DAY) })
    expect((await told('client-certificate')).slice(0, 2)).toEqual([
      'failed',
      'cert.pem is not valid before Jun  2 11:55:00 2026 GMT',
    ])
  })

  test('that do not belong together', async () => {
    const other = await createCa({ owner: 'x', now: NOW })
    put('certs/ca-key.pem', other.keyPem)
    expect((await told('ca')).slice(0, 2)).toEqual(['failed', 'ca.pem does not belong to its key'])
    put('certs/ca.pem', other.certPem)
    expect((await told('client-certificate')).slice(0, 2)).toEqual(['failed', 'cert.pem is not signed by the CA'])
    put('certs/key.pem', other.keyPem)
    expect((await told('client-certificate')).slice(0, 2)).toEqual(['failed', 'cert.pem does not belong to its key'])
  })

  test('that are missing', async () => {
    rmSync(at('certs/key.pem'))
    expect((await told('client-certificate')).slice(0, 2)).toEqual(['failed', `key.pem is missing in ${at('certs')}`])
    rmSync(at('certs/ca-key.pem'))
    expect((await told('ca')).slice(0, 2)).toEqual([
      'warning',
      `${at('certs')} has no ca-key.pem: nothing can be issued here`,
    ])
    put('certs/ca-key.pem', 'x')
    rmSync(at('certs/ca.pem'))
    expect((await told('ca')).slice(0, 2)).toEqual([
      'failed',
      `ca-key.pem is there, but ca.pem is missing in ${at('certs')}`,
    ])
  })
})

describe('locks', () => {
  test('that are held', async () => {
    await using _lock = await takeLock(at('locks/dev.lock'), 'machine "dev" is', { purpose: 'create dev' })
    expect(await told('locks')).toEqual([
      'ok',
      expect.stringMatching(`^at work now: dev: process ${process.pid} \\(create dev\\) since \\d{4}-`),
    ])
  })

  test('of a process that was killed', async () => {
    put('counter', '0')
    const contender = join(import.meta.dirname, '../../store/contender.ts')
    await runTypeScript(contender, [at('locks/.certs.lock'), at('counter'), '1', '1', 'die'])
    expect(await told('locks')).toEqual([
      'warning',
      expect.stringMatching(/^left by processes that died: certificates: process \d+ /),
      'the next command on it takes them away',
    ])
  })

  test('of another computer, and files that are none', async () => {
    const holder = { pid: 7, host: 'elsewhere', token: 'cafe0001', purpose: 'create dev', since: '2026-06-01' }
    put('locks/dev.lock', JSON.stringify(holder))
    const remove = `rm '${at('locks/dev.lock').replace("'", "'\\''")}'`
    expect(await told('locks')).toEqual([
      'warning',
      'held on another computer: dev: process 7 on elsewhere (create dev) since 2026-06-01',
      `if that process is gone: ${remove}`,
    ])
    put('locks/dev.lock', 'mine')
    expect(await told('locks')).toEqual(['failed', `not written by this program: ${at('locks/dev.lock')}`, remove])
  })
})

describe('tools', () => {
  test('that are not installed are named with their package', async () => {
    expect(await told('sshfs', { env: { PATH: dir.path } })).toEqual([
      'warning',
      'not installed: there is no mount',
      'apt-get install sshfs',
    ])
  })

  test('tell their version', async () => {
    writeFileSync(join(dir.path, 'docker'), '#!/bin/sh\necho "Docker version 28.5.2, build abc"\n', { mode: 0o755 })
    writeFileSync(join(dir.path, 'rsync'), '#!/bin/sh\nexit 3\n', { mode: 0o755 })
    const env = { PATH: `${dir.path}:/bin:/usr/bin` }
    expect(await told('docker', { env })).toEqual(['ok', `28.5.2 (${dir.path}/docker)`])
    expect(await told('rsync', { env })).toEqual(['ok', `says no version (${dir.path}/rsync)`])
  })
})

describe('the environment of docker', () => {
  const anew = 'eval $(machine env NAME)'
  test.each([
    [{}, ['ok', 'nothing is set: docker goes where its context says']],
    [{ DOCKER_CONTEXT: 'there' }, ['ok', 'docker uses the context there']],
    [{ DOCKER_HOST: 'unix:///run/docker.sock' }, ['ok', 'docker uses unix:///run/docker.sock']],
    [
      { DOCKER_HOST: 'tcp://192.0.2.1:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CONTEXT: 'there' },
      [
        'warning',
        'DOCKER_HOST is set, so docker does not heed DOCKER_CONTEXT=there',
        'unset DOCKER_HOST',
        'unset DOCKER_CONTEXT',
      ],
    ],
    [
      { DOCKER_HOST: 'tcp://192.0.2.1:2376' },
      [
        'warning',
        'DOCKER_HOST is tcp://192.0.2.1:2376, and without DOCKER_TLS_VERIFY docker speaks plainly to it',
        anew,
      ],
    ],
    [
      { DOCKER_HOST: 'tcp://192.0.2.1:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nonexistent' },
      ['warning', 'DOCKER_CERT_PATH=/nonexistent has no cert.pem', anew, 'eval $(machine env -u)'],
    ],
  ])('%j', async (env, expected) => {
    expect(await told('docker-environment', { env })).toEqual(expected)
  })
})
