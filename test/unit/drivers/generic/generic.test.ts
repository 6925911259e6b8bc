import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import type { CreateCtx } from '../../../../drivers/driver.ts'
import { generic, type State } from '../../../../drivers/generic/index.ts'
import { answers } from '../../../../drivers/reach.ts'

const folder = mkdtempSync(join(tmpdir(), 'machine-generic-'))
afterAll(() => rmSync(folder, { recursive: true }))
const machineDir = join(folder, 'm')
const home = join(folder, 'home')
mkdirSync(machineDir)
mkdirSync(join(home, '.ssh'), { recursive: true })
const key = join(folder, 'mykey')
writeFileSync(key, '-----BEGIN OPENSSH PRIVATE KEY-----\n', { mode: 0o644 })
writeFileSync(`${key}.pub`, 'ssh-ed25519 AAAA me\n')

const saved: State[] = []
const ctx: CreateCtx<State> = {
  name: 'gen',
  machineDir,
  storeId: '1a2b3c4d',
  env: { HOME: home },
  signal: new AbortController().signal,
  say: () => {},
  point: () => {},
  publicKey: '',
  enginePort: 2376,
  checkpoint: async state => {
    saved.push(state)
  },
}
const unset = {
  enginePort: undefined,
  ipAddress: undefined,
  sshUser: undefined,
  sshKey: undefined,
  sshPort: undefined,
  sshAlias: undefined,
}

describe('generic', () => {
  test("the address is required, in Docker Machine's words", async () => {
    await expect(generic.preflight(unset, ctx)).rejects.toThrow(
      'generic driver requires the --generic-ip-address option',
    )
  })
  test('the key must be there, and be the private half', async () => {
    const at = { ...unset, ipAddress: '203.0.113.7' }
    await expect(generic.preflight({ ...at, sshKey: `${key}.absent` }, ctx)).rejects.toThrow('SSH key does not exist')
    await expect(generic.preflight({ ...at, sshKey: `${key}.pub` }, ctx)).rejects.toThrow('is no private SSH key')
    await generic.preflight({ ...at, sshKey: key }, ctx)
  })
  test('create copies the key and keeps the fields of Docker Machine', async () => {
    const state = await generic.create(
      { ...unset, ipAddress: '203.0.113.7', sshUser: 'ubuntu', sshKey: key, enginePort: 2375 },
      ctx,
    )
    expect(state).toEqual({
      IPAddress: '203.0.113.7',
      MachineName: 'gen',
      SSHUser: 'ubuntu',
      SSHPort: 22,
      SSHKeyPath: join(machineDir, 'mykey'),
      EnginePort: 2375,
      SSHKey: key,
    })
    expect(saved.at(-1)).toEqual(state)
    for (const end of ['', '.pub']) {
      expect(statSync(state.SSHKeyPath + end).mode & 0o777).toBe(0o600)
      expect(readFileSync(state.SSHKeyPath + end, 'utf8')).toBe(readFileSync(key + end, 'utf8'))
    }
  })
  test('an alias gives what flags do not', async () => {
    writeFileSync(join(home, '.ssh/config'), 'Host lab\n  HostName 203.0.113.9\n  User eve\n  Port 2222\n')
    const state = await generic.create({ ...unset, sshAlias: 'lab', sshPort: 22 }, ctx)
    expect(state).toMatchObject({
      IPAddress: '203.0.113.9',
      SSHUser: 'eve',
      SSHPort: 22,
      SSHAlias: 'lab',
      SSHKeyPath: '',
    })
    expect(await generic.inspect(state, ctx)).toMatchObject({ address: '203.0.113.9', ssh: { alias: 'lab' } })
  })
  test('what it cannot do is said as Docker Machine said it', () => {
    expect(generic.noPowerText?.('stop')).toBe('generic driver does not support stop')
  })
})

describe('a host', () => {
  test('runs when its SSH port accepts, and does not when it refuses or stays silent', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    expect(await answers('127.0.0.1', port, ctx.signal, 5000)).toBe(true)
    await new Promise(resolve => server.close(resolve))
    expect(await answers('127.0.0.1', port, ctx.signal, 5000)).toBe(false)
    const aborted = AbortSignal.abort(new Error('enough'))
    await expect((async () => answers('127.0.0.1', port, aborted, 5000))()).rejects.toThrow('enough')
  })
})
