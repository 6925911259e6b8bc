import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type DialOptions, dial } from '../../../src/ssh/dial.ts'
import { fingerprint, generateKeyPair } from '../../../src/ssh/keys.ts'
import { Secret, sh } from '../../../src/ssh/quote.ts'
import { startAgent } from '../../kit/ssh-agent.ts'
import { freePort, type Sshd, startSshd } from '../../kit/sshd.ts'
import { needs, which } from '../../kit/tools.ts'

const it = needs('sshd')
let sshd: Sshd
beforeAll(async () => {
  if (which('sshd')) sshd = await startSshd({ hostKeys: ['rsa', 'ecdsa', 'ed25519'] })
})
afterAll(async () => sshd?.[Symbol.asyncDispose]())

const options = (more: Partial<DialOptions> = {}, to = sshd): DialOptions => ({
  address: to.address,
  port: to.port,
  user: to.user,
  keyPath: to.keyPath,
  hostKeys: [],
  deadlineMs: 0,
  env: {},
  home: to.dir,
  ...more,
})
async function works(how: DialOptions): Promise<void> {
  await using host = await dial(how)
  expect((await host.run(sh`echo ok`)).stdout).toBe('ok\n')
}

describe('host keys', () => {
  it('the first one seen is told, ed25519 if there is one', async () => {
    await using host = await dial(options())
    expect(host.hostKey).toBe(sshd.hostKeys[2])
    expect(host.name).toBe(`${sshd.user}@127.0.0.1:${sshd.port}`)
  })

  it('a pin of any type counts, though the host has better keys', async () => {
    for (const pin of sshd.hostKeys) {
      await using host = await dial(options({ hostKeys: [`${pin} a comment`] }))
      expect(host.hostKey).toBe(pin)
    }
  })

  it('another key than the pinned one is refused at once, with both fingerprints', async () => {
    const other = (await generateKeyPair('ed25519', '')).publicLine
    const attempts: string[] = []
    const refused = dial(
      options({ hostKeys: [other], deadlineMs: 60_000, onAttempt: text => attempts.push(text), machine: 'm1' }),
    )
    await expect(refused).rejects.toMatchObject({
      code: 'SSH_HOST_KEY_CHANGED',
      suggestions: [expect.stringContaining('machine provision --accept-host-key m1'), expect.anything()],
    })
    const message = await refused.catch(error => error.message)
    for (const part of [fingerprint(other), fingerprint(sshd.hostKeys[2] ?? ''), `127.0.0.1:${sshd.port}`]) {
      expect(message).toContain(part)
    }
    expect(attempts).toEqual([])
  })

  it('a pin of a type the host has no more is refused too', async () => {
    await using plain = await startSshd()
    const refused = dial(options({ hostKeys: [sshd.hostKeys[1] ?? ''] }, plain))
    await expect(refused).rejects.toMatchObject({ code: 'SSH_HOST_KEY_CHANGED' })
  })
})

describe('waiting for sshd', () => {
  it('goes on trying until it comes up', async () => {
    const port = await freePort()
    const refused = Promise.withResolvers<string>()
    const dialing = dial(options({ port, deadlineMs: 60_000, onAttempt: refused.resolve, keyPath: sshd.keyPath }))
    expect(await refused.promise).toContain('ECONNREFUSED')
    await using _late = await startSshd({ port, authorizedKeys: [sshd.publicLine] })
    await using host = await dialing
    expect((await host.run(sh`echo ok`)).stdout).toBe('ok\n')
  }, 30_000)

  it('says what it waited for when the deadline passes', async () => {
    const port = await freePort()
    const late = dial(options({ port, deadlineMs: 700 }))
    await expect(late).rejects.toMatchObject({
      code: 'SSH_UNREACHABLE',
      message: expect.stringMatching(new RegExp(`sshd on 127.0.0.1:${port} did not answer within 1 s: .*ECONNREFUSED`)),
      suggestions: expect.arrayContaining([expect.stringContaining(`port ${port}`)]),
    })
  })

  it('a server that accepts and says nothing, or hangs up, is one that is not there yet', async () => {
    for (const behave of ['silent', 'rude'] as const) {
      const server = createServer(socket => {
        socket.on('error', () => {})
        if (behave === 'rude') socket.destroy()
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as { port: number }
      const attempts: string[] = []
      const late = dial(
        options({ port, deadlineMs: 1000, connectTimeoutMs: 300, onAttempt: text => attempts.push(text) }),
      )
      await expect(late).rejects.toMatchObject({ code: 'SSH_UNREACHABLE' })
      expect(attempts.length).toBeGreaterThan(1)
      server.close()
    }
  })

  it('a signal ends the waiting with its reason', async () => {
    const reason = new Error('enough')
    const controller = new AbortController()
    const waiting = dial(
      options({
        port: await freePort(),
        deadlineMs: 60_000,
        signal: controller.signal,
        onAttempt: () => controller.abort(reason),
      }),
    )
    await expect(waiting).rejects.toBe(reason)
  })

  it('a name that does not exist is no reason to wait', async () => {
    const lost = dial(options({ address: 'no-such-host.invalid', deadlineMs: 60_000 }))
    await expect(lost).rejects.toMatchObject({ code: 'SSH_UNREACHABLE' })
  })
})

describe('logging in', () => {
  it('asks for no more than it must: neither `none` nor whether a key would do', async () => {
    await using chatty = await startSshd({ config: ['LogLevel DEBUG1'] })
    await works(options({}, chatty))
    expect(chatty.log()).toContain('method publickey')
    expect(chatty.log()).not.toMatch(/method none|Postponed publickey/)
  })

  it('works with RSA keys, and with an sshd that takes only ed25519', async () => {
    const rsa = await generateKeyPair('rsa', '')
    const keyPath = join(sshd.dir, 'rsa')
    await writeFile(keyPath, rsa.privatePem, { mode: 0o600 })
    await using both = await startSshd({ authorizedKeys: [rsa.publicLine] })
    await works(options({ keyPath }, both))
    await using strict = await startSshd({
      authorizedKeys: [rsa.publicLine],
      config: [
        'HostKeyAlgorithms ssh-ed25519',
        'PubkeyAcceptedAlgorithms ssh-ed25519',
        'KexAlgorithms curve25519-sha256',
      ],
    })
    await works(options({}, strict))
    await expect(dial(options({ keyPath }, strict))).rejects.toMatchObject({ code: 'SSH_AUTH_FAILED' })
  })

  it('a wrong key is final, unless there is a grace for a fresh host', async () => {
    const other = await generateKeyPair('ed25519', '')
    const keyPath = join(sshd.dir, 'other')
    await writeFile(keyPath, other.privatePem, { mode: 0o600 })
    const attempts: string[] = []
    const onAttempt = (text: string) => attempts.push(text)
    await expect(dial(options({ keyPath, deadlineMs: 60_000, onAttempt }))).rejects.toMatchObject({
      code: 'SSH_AUTH_FAILED',
      message: expect.stringContaining('tried a ssh-ed25519 key'),
    })
    expect(attempts).toHaveLength(1)

    await using fresh = await startSshd()
    const dialing = dial(
      options(
        {
          keyPath,
          deadlineMs: 60_000,
          authGraceMs: 60_000,
          onAttempt: () =>
            execFileSync('sh', ['-c', 'cat > "$0/authorized"', fresh.dir], { input: `${other.publicLine}\n` }),
        },
        fresh,
      ),
    )
    await using host = await dialing
    expect((await host.run(sh`echo ok`)).stdout).toBe('ok\n')
  })

  it('a key file others can read is refused in docker-machine words', async () => {
    const keyPath = join(sshd.dir, 'open')
    await writeFile(keyPath, 'x')
    await chmod(keyPath, 0o644)
    await expect(dial(options({ keyPath }))).rejects.toThrow(`permissions 0644 for '${keyPath}' are too open`)
    await expect(dial(options({ keyPath: `${keyPath}-not` }))).rejects.toMatchObject({ code: 'SSH_KEY_MISSING' })
    await chmod(keyPath, 0o600)
    await expect(dial(options({ keyPath }))).rejects.toMatchObject({ code: 'SSH_KEY_UNREADABLE' })
  })

  it('without a key path, the own keys in ~/.ssh are taken, passing over encrypted ones', async () => {
    await mkdir(join(sshd.dir, '.ssh'))
    const own = (name: string) => join(sshd.dir, '.ssh', name)
    execFileSync('cp', [sshd.keyPath, own('id_rsa')])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'locked', '-f', own('id_ed25519')])
    const { keyPath: _, ...none } = options()
    await works(none)
    await expect(dial({ ...none, home: '/nonexistent' })).rejects.toThrow(/no key: there is none to offer/)
  })

  it('a command not run by the log-in (a forced one) says what it says instead', async () => {
    await using forced = await startSshd({ config: ['ForceCommand echo Please log in as somebody else'] })
    await using host = await dial(options({}, forced))
    await expect(host.run(sh`true`)).rejects.toMatchObject({
      code: 'SSH_NO_SHELL',
      message: expect.stringContaining('somebody else'),
    })
  })
})

describe('encrypted keys', () => {
  const locked: Record<string, string> = {}
  beforeAll(async () => {
    if (!which('sshd')) return
    for (const format of ['RFC4716', 'PEM']) {
      const path = join(sshd.dir, `locked-${format}`)
      const pair = await generateKeyPair('rsa', '')
      await writeFile(path, pair.privatePem, { mode: 0o600 })
      await writeFile(join(sshd.dir, 'authorized'), `${pair.publicLine}\n`, { flag: 'a' })
      execFileSync('ssh-keygen', ['-p', '-q', '-m', format, '-P', '', '-N', 'sesame', '-f', path])
      locked[format] = path
    }
  })

  for (const format of ['RFC4716', 'PEM']) {
    it(`${format}: asks for the passphrase, again after a wrong one`, async () => {
      const answers = ['wrong', 'sesame']
      const asked: string[] = []
      const askSecret = async (prompt: string) => {
        asked.push(prompt)
        return new Secret(answers.shift() ?? '')
      }
      await works(options({ keyPath: locked[format] ?? '', askSecret }))
      expect(asked).toEqual(Array(2).fill(`Passphrase of ${locked[format]}`))
    })
  }

  it('gives up with the way out', async () => {
    const keyPath = locked.RFC4716 ?? ''
    const hint = { code: 'SSH_KEY_LOCKED', suggestions: [expect.stringContaining(`ssh-add ${keyPath}`)] }
    await expect(dial(options({ keyPath }))).rejects.toMatchObject(hint)
    await expect(dial(options({ keyPath, askSecret: async () => undefined }))).rejects.toMatchObject(hint)
    await expect(dial(options({ keyPath, askSecret: async () => new Secret('no') }))).rejects.toMatchObject(hint)
  })

  needs(
    'sshd',
    'ssh-agent',
    'setsid',
  )('the agent is asked first, for just that key', async () => {
    await using agent = await startAgent(sshd.dir)
    const keyPath = locked.RFC4716 ?? ''
    const unknown = join(sshd.dir, 'unknown')
    for (let i = 0; i < 8; i++) {
      await writeFile(unknown, (await generateKeyPair('ed25519', '')).privatePem, { mode: 0o600 })
      agent.add(unknown) // more than sshd's MaxAuthTries: offering them all would fail
    }
    await expect(dial(options({ keyPath, env: agent.env }))).rejects.toMatchObject({ code: 'SSH_KEY_LOCKED' })
    agent.add(keyPath, 'sesame')
    await works(options({ keyPath, env: agent.env }))
  })

  needs('sshd', 'ssh-agent')('without a key path the agent alone will do', async () => {
    await using agent = await startAgent(sshd.dir)
    agent.add(sshd.keyPath)
    const { keyPath: _, ...none } = options({ env: agent.env, home: '/nonexistent' })
    await works(none)
    await works({ ...none, env: { SSH_AUTH_SOCK: '/nonexistent' }, home: sshd.dir })
  })
})

test('neither address nor alias is a usage error', async () => {
  await expect(dial({ hostKeys: [], deadlineMs: 0, env: {}, home: '/nonexistent' })).rejects.toMatchObject({
    code: 'USAGE',
  })
})
