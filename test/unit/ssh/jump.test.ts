/** Host keys of jump hosts: the user's known_hosts decides where it knows them, else the first one seen is pinned. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { dial } from '../../../src/ssh/dial.ts'
import { type Sshd, startSshd } from '../../kit/sshd.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'
import { needs, which } from '../../kit/tools.ts'

const it = needs('sshd')
let hop: Sshd
let target: Sshd
let dir: TempDir
const knownHosts = () => join(dir.path, '.ssh/known_hosts')
const hopName = () => `[127.0.0.1]:${hop.port}`
const keyOf = (sshd: Sshd) => sshd.hostKeys[0]?.split(' ').slice(0, 2).join(' ') ?? ''

beforeAll(async () => {
  dir = makeTempDir()
  if (!which('sshd')) return
  hop = await startSshd()
  target = await startSshd()
  await mkdir(join(dir.path, '.ssh'))
  const of = (sshd: Sshd) =>
    `  HostName 127.0.0.1\n  Port ${sshd.port}\n  User ${sshd.user}\n  IdentityFile ${sshd.keyPath}\n`
  await writeFile(join(dir.path, '.ssh/config'), `Host hop\n${of(hop)}Host target\n${of(target)}  ProxyJump hop\n`)
})
beforeEach(() => rm(knownHosts(), { force: true }))
afterAll(async () => {
  await hop?.[Symbol.asyncDispose]()
  await target?.[Symbol.asyncDispose]()
  dir[Symbol.dispose]()
})

const through = (more: { jumpHostKeys?: Record<string, string>; machine?: string } = {}) =>
  dial({ alias: 'target', hostKeys: target.hostKeys, deadlineMs: 0, env: {}, home: dir.path, ...more })

describe('a jump host', () => {
  it('nobody knows is told, for pinning', async () => {
    await using host = await through()
    expect(host.jumpHostKeys).toEqual({ [hopName()]: keyOf(hop) })
  })

  it('that shows its pinned key is passed through', async () => {
    await using host = await through({ jumpHostKeys: { [hopName()]: keyOf(hop) } })
    expect(host.jumpHostKeys).toEqual({ [hopName()]: keyOf(hop) })
  })

  it('that shows another key than the pinned one is refused, before anything is sent to it', async () => {
    const before = hop.log()
    await expect(through({ jumpHostKeys: { [hopName()]: keyOf(target) }, machine: 'web' })).rejects.toMatchObject({
      code: 'SSH_HOST_KEY_CHANGED',
      message: expect.stringMatching(`^the SSH host key of 127\\.0\\.0\\.1:${hop.port} is not the one`),
      suggestions: ['if the host was rebuilt: machine provision --accept-host-key web', expect.anything()],
    })
    expect(hop.log().slice(before.length)).not.toContain('Accepted')
  })

  it('the user knows is checked against the user’s file alone, and is not ours to pin', async () => {
    await writeFile(knownHosts(), `${hopName()} ${keyOf(hop)}\n`)
    await using host = await through({ jumpHostKeys: { [hopName()]: keyOf(target) } })
    expect(host.jumpHostKeys).toEqual({})
  })

  it('that is not the one the user knows is refused, with the command that forgets it', async () => {
    await writeFile(knownHosts(), `${hopName()} ${keyOf(target)}\n`)
    await expect(through({ machine: 'web' })).rejects.toMatchObject({
      code: 'SSH_HOST_KEY_CHANGED',
      suggestions: [`if the host was rebuilt: ssh-keygen -f ${knownHosts()} -R '${hopName()}'`, expect.anything()],
    })
  })

  it('first seen in one attempt is checked in the next', async () => {
    // The machine behind it comes up late: the hop is met again and again, and may not change in between.
    const late = new AbortController()
    const attempts: string[] = []
    await writeFile(
      join(dir.path, '.ssh/config'),
      `Host hop\n  HostName 127.0.0.1\n  Port ${hop.port}\n  User ${hop.user}\n  IdentityFile ${hop.keyPath}\n` +
        'Host dead\n  HostName 127.0.0.1\n  Port 1\n  ProxyJump hop\n',
    )
    const options = { alias: 'dead', hostKeys: [], env: {}, home: dir.path, deadlineMs: 30_000, signal: late.signal }
    const port = hop.port
    const dialing = dial({
      ...options,
      onAttempt: async text => {
        attempts.push(text)
        if (attempts.length > 1) return
        await hop[Symbol.asyncDispose]()
        hop = await startSshd({ port })
      },
    }).catch(error => error)
    const timer = setTimeout(() => late.abort(new Error('too late')), 20_000)
    expect(await dialing).toMatchObject({ code: 'SSH_HOST_KEY_CHANGED' })
    clearTimeout(timer)
    expect(attempts.length).toBeGreaterThan(0)
  })
})

test('a bug is thrown at once, however long sshd may take to answer', async () => {
  const broken = { aborted: false, throwIfAborted() {}, removeEventListener() {} } as unknown as AbortSignal
  const at = { address: '127.0.0.1', port: 1, user: 'x', hostKeys: [], env: {}, home: dir.path }
  const attempts: string[] = []
  const dialing = dial({ ...at, deadlineMs: 60_000, signal: broken, onAttempt: text => attempts.push(text) })
  await expect(dialing).rejects.toThrow(TypeError)
  expect(attempts).toEqual([])
})
