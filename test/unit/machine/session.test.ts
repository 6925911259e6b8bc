/** What a session keeps in the record: the host key, and those of jump hosts the user does not know. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals'
import type { Instance } from '../../../drivers/driver.ts'
import { type MachineRecord, newRecord } from '../../../src/machine/record.ts'
import { dialMachine, openSession } from '../../../src/machine/session.ts'
import type { World } from '../../../src/machine/world.ts'
import { type Sshd, startSshd } from '../../kit/sshd.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'
import { needs, which } from '../../kit/tools.ts'
import { worldOf } from './world.ts'

jest.setTimeout(20_000)
const it = needs('sshd')
let dir: TempDir
let hop: Sshd
let target: Sshd
let w: World
let instance: Instance
const keyOf = (sshd: Sshd) => sshd.hostKeys[0]?.split(' ').slice(0, 2).join(' ') ?? ''

beforeAll(async () => {
  dir = makeTempDir()
  if (!which('sshd')) return
  hop = await startSshd()
  target = await startSshd()
  for (const folder of ['.ssh', 'store/machines/dev']) mkdirSync(join(dir.path, folder), { recursive: true })
  const host = (name: string, of: Sshd, more = '') =>
    `Host ${name}\n  HostName 127.0.0.1\n  Port ${of.port}\n  User ${of.user}\n  IdentityFile ${of.keyPath}\n${more}`
  writeFileSync(join(dir.path, '.ssh/config'), host('hop', hop) + host('target', target, '  ProxyJump hop\n'))
  w = { ...worldOf(join(dir.path, 'store')), home: dir.path }
  const ssh = { user: target.user, port: target.port, keyPath: target.keyPath, alias: 'target' }
  instance = { status: 'Running', address: '127.0.0.1', ssh }
})
afterAll(async () => {
  await hop?.[Symbol.asyncDispose]()
  await target?.[Symbol.asyncDispose]()
  dir[Symbol.dispose]()
})

const fresh = (): MachineRecord =>
  newRecord({
    name: 'dev',
    driverName: 'generic',
    storePath: w.store.path,
    engine: {},
    swarm: {},
    tlsSans: [],
    machine: { Phase: 'ready' },
  })

describe('a session through a jump host', () => {
  it('pins both keys at first sight; then another hop is refused until it is accepted', async () => {
    const record = fresh()
    await using _first = await openSession(record, instance, w, { deadlineMs: 0 })
    expect(record.Machine).toMatchObject({
      HostKeys: [keyOf(target)],
      JumpHostKeys: { [`[127.0.0.1]:${hop.port}`]: keyOf(hop) },
    })
    expect(readFileSync(join(w.store.machineDir('dev'), 'known_hosts'), 'utf8')).toContain(keyOf(target))

    const { port } = hop
    await hop[Symbol.asyncDispose]()
    hop = await startSshd({ port })
    // the key that is let in is a new one as well
    writeFileSync(
      join(dir.path, '.ssh/config'),
      readFileSync(join(dir.path, '.ssh/config'), 'utf8').replace(/IdentityFile .*/, `IdentityFile ${hop.keyPath}`),
    )
    await expect(openSession(record, instance, w, { deadlineMs: 0 })).rejects.toMatchObject({
      code: 'SSH_HOST_KEY_CHANGED',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    })
    await using _accepted = await openSession(record, instance, w, { deadlineMs: 0, acceptHostKey: true })
    expect(record.Machine?.JumpHostKeys).toEqual({ [`[127.0.0.1]:${port}`]: keyOf(hop) })
    await using _again = await openSession(record, instance, w, { deadlineMs: 0 })
  })

  it('that is lost is left without waiting', async () => {
    const host = await openSession(fresh(), instance, w, { deadlineMs: 0 })
    hop.dropConnections()
    await sleep(300) // the loss is noticed first: nothing more is then heard of the connection
    await host[Symbol.asyncDispose]()
  })

  it('that is only looked through keeps nothing', async () => {
    const record = fresh()
    await using _host = await dialMachine(record, instance, w, { deadlineMs: 0 })
    expect(record).toEqual(fresh())
  })
})

describe('a machine that docker-machine made, whose record is left as it is', () => {
  it('shows the same key ever after, also to provision; another one is refused until it is accepted', async () => {
    mkdirSync(join(dir.path, 'store/machines/old'), { recursive: true })
    const { Machine: _, ...record } = { ...fresh(), Name: 'old' }
    const at = (sshd: Sshd): Instance => ({
      status: 'Running',
      address: '127.0.0.1',
      ssh: { user: sshd.user, port: sshd.port, keyPath: sshd.keyPath },
    })
    const knownHosts = () => readFileSync(join(w.store.machineDir('old'), 'known_hosts'), 'utf8')
    const first = await startSshd()
    {
      await using _seen = await openSession(record, at(first), w, { deadlineMs: 0 })
      expect(knownHosts()).toContain(keyOf(first))
    }
    await first[Symbol.asyncDispose]()
    await using other = await startSshd({ port: first.port })
    // provision makes the record ours before it logs in
    for (const asked of [record, { ...record, Machine: { Phase: 'ready' as const } }])
      await expect(openSession(asked, at(other), w, { deadlineMs: 0 })).rejects.toMatchObject({
        code: 'SSH_HOST_KEY_CHANGED',
      })
    expect(knownHosts()).toContain(keyOf(first))
    await using _accepted = await openSession(record, at(other), w, { deadlineMs: 0, acceptHostKey: true })
    expect(knownHosts()).toContain(keyOf(other))
  })
})
