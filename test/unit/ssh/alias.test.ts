import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { resolveAlias } from '../../../src/ssh/alias.ts'
import { dial } from '../../../src/ssh/dial.ts'
import { sh } from '../../../src/ssh/quote.ts'
import { startSshd } from '../../kit/sshd.ts'
import { needs } from '../../kit/tools.ts'

let home = ''
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'alias-'))
})
afterAll(() => rm(home, { recursive: true }))

async function config(files: Record<string, string>): Promise<void> {
  await rm(join(home, '.ssh'), { recursive: true, force: true })
  for (const [name, text] of Object.entries(files)) {
    const path = join(home, '.ssh', name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
}

describe('resolveAlias', () => {
  test('takes what the config says, the first value of each, whatever its case', async () => {
    await config({
      config: `
IdentityFile ~/.ssh/first
Host web web-*
    hostname %h.example.net
    PORT 2222
    IdentityFile=/keys/%h-%r
    IdentityFile none
Host web
    HostName second.example.net
    ProxyJump one,ops@two:2200
Host *
    User ops
    Port 22
`,
    })
    expect(await resolveAlias('web', home)).toEqual({
      hostName: 'web.example.net',
      user: 'ops',
      port: 2222,
      identityFiles: [join(home, '.ssh/first'), '/keys/web.example.net-ops'],
      proxyJump: ['one', 'ops@two:2200'],
    })
    expect(await resolveAlias('web-1', home)).toMatchObject({ hostName: 'web-1.example.net', proxyJump: [] })
  })

  test('follows Include, relative and with wildcards', async () => {
    await config({
      config: 'Include config.d/*.conf missing\nHost *\n  User last\n',
      'config.d/10.conf': 'Host a\n  HostName a.example\nInclude ~/.ssh/more\n',
      'config.d/20.conf': 'Host b\n  HostName b.example\n',
      'config.d/30.txt': 'Host b\n  User wrong\n',
      more: 'Host c\n  User me\n',
    })
    expect(await resolveAlias('a', home)).toMatchObject({ hostName: 'a.example', user: 'last' })
    expect(await resolveAlias('b', home)).toMatchObject({ hostName: 'b.example', user: 'last' })
    expect(await resolveAlias('c', home)).toMatchObject({ hostName: 'c', user: 'me' })
  })

  test('a file that includes itself ends with an error, not never', async () => {
    await config({ config: 'Include config\n' })
    await expect(resolveAlias('a', home)).rejects.toMatchObject({ code: 'SSH_CONFIG' })
  })

  test('without a config an alias is a host name', async () => {
    expect(await resolveAlias('host.example', '/nonexistent')).toEqual({
      hostName: 'host.example',
      identityFiles: [],
      proxyJump: [],
    })
  })

  test('ProxyCommand is refused clearly; ProxyJump none is none', async () => {
    await config({ config: 'Host a\n  ProxyCommand nc %h %p\nHost b\n  ProxyCommand none\n  ProxyJump none\n' })
    await expect(resolveAlias('a', home)).rejects.toMatchObject({ code: 'SSH_PROXY_COMMAND' })
    expect((await resolveAlias('b', home)).proxyJump).toEqual([])
  })
})

describe('dialing through jump hosts', () => {
  const it = needs('sshd')

  it('each an alias, each with its own key, and all of it gone afterwards', async () => {
    await using first = await startSshd()
    await using second = await startSshd()
    await using target = await startSshd()
    await config({
      config: `
Host first
  HostName 127.0.0.1
  Port ${first.port}
  IdentityFile ${first.keyPath}
Host second
  HostName 127.0.0.1
  Port ${second.port}
  IdentityFile ${second.keyPath}
  ProxyJump first
Host target
  HostName 127.0.0.1
  Port ${target.port}
  IdentityFile ${target.keyPath}
  ProxyJump second
Host *
  User ${target.user}
`,
    })
    {
      await using host = await dial({ alias: 'target', hostKeys: target.hostKeys, deadlineMs: 0, env: {}, home })
      const { stdout } = await host.run(sh`echo "$SSH_CONNECTION"`)
      expect(stdout.trim().split(' ')[3]).toBe(String(target.port))
      for (const hop of [first, second]) expect(hop.log()).toContain('Accepted publickey')
    }
    // what is given outweighs the alias
    const given = { address: '127.0.0.1', port: second.port, user: second.user, keyPath: second.keyPath }
    await using host = await dial({
      ...given,
      alias: 'target',
      hostKeys: second.hostKeys,
      deadlineMs: 0,
      env: {},
      home,
    })
    expect((await host.run(sh`echo "$SSH_CONNECTION"`)).stdout).toContain(` ${second.port}\n`)
  })

  it('a jump host with another key than ~/.ssh/known_hosts has is refused', async () => {
    await using hop = await startSshd()
    await using other = await startSshd()
    await config({
      config: `Host t\n  HostName 127.0.0.1\n  Port ${other.port}\n  IdentityFile ${other.keyPath}\n  ProxyJump ${hop.user}@127.0.0.1:${hop.port}\n`,
      known_hosts: `[127.0.0.1]:${hop.port} ${other.hostKeys[0]}\n`,
    })
    const dialing = dial({ alias: 't', hostKeys: [], deadlineMs: 0, env: {}, home })
    await expect(dialing).rejects.toMatchObject({
      code: 'SSH_HOST_KEY_CHANGED',
      message: expect.stringContaining(String(hop.port)),
    })
  })

  it('errors name the jump host; circles end', async () => {
    await using hop = await startSshd()
    await config({
      config: `
Host here
  HostName 127.0.0.1
  Port 1
  IdentityFile ${hop.keyPath}
  ProxyJump ${hop.user}@127.0.0.1:${hop.port}
Host a
  ProxyJump b
Host b
  ProxyJump a
`,
    })
    const at = { hostKeys: [], deadlineMs: 0, env: {}, home }
    await expect(dial({ ...at, alias: 'here' })).rejects.toThrow(`jump host ${hop.user}@127.0.0.1:${hop.port}`)
    await expect(dial({ ...at, alias: 'a' })).rejects.toThrow(/in a circle/)
  })
})
