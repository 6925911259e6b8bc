import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import { generateKeyPair } from '../../../src/ssh/keys.ts'
import { writeKnownHosts } from '../../../src/ssh/known-hosts.ts'
import { interactive, sshArgv } from '../../../src/ssh/shell.ts'
import { run as runProgram } from '../../kit/cli.ts'
import { type Sshd, startSshd } from '../../kit/sshd.ts'
import { needs, which } from '../../kit/tools.ts'

let sshd: Sshd
beforeAll(async () => {
  if (which('sshd')) sshd = await startSshd({ hostKeys: ['ecdsa', 'ed25519'] })
})
afterAll(async () => sshd?.[Symbol.asyncDispose]())

describe("the system's ssh", () => {
  const it = needs('sshd', 'ssh')
  const target = async (keys: readonly string[]) => {
    const knownHostsPath = join(sshd.dir, 'known hosts 100%')
    await writeKnownHosts(knownHostsPath, sshd.address, sshd.port, keys)
    return { address: sshd.address, port: sshd.port, user: sshd.user, keyPath: sshd.keyPath, knownHostsPath }
  }
  const run = (argv: string[], input = '') => runProgram('ssh', argv, { input })

  it('runs words as ssh does, with stdin, and returns the exit code', async () => {
    for (const pin of sshd.hostKeys) {
      const argv = sshArgv(await target([pin]), ['cat;', 'echo', '"$0"', '-x;', 'exit', '7'], { tty: false })
      const ran = await run(argv, 'input\n')
      expect([ran.code, ran.stderr]).toEqual([7, ''])
      expect(ran.stdout).toMatch(/^input\n.*sh -x\n$/)
    }
  })

  it('a terminal where one is asked for', async () => {
    const ran = await run(sshArgv(await target(sshd.hostKeys), ['echo', 'hi'], { tty: true }))
    expect([ran.code, ran.stdout.trim()]).toEqual([0, 'hi'])
  })

  it('another host key than the pinned one, or none pinned, is refused', async () => {
    for (const keys of [[(await generateKeyPair('ed25519', '')).publicLine], []]) {
      const ran = await run(sshArgv(await target(keys), ['true'], { tty: false }))
      expect(ran.code).toBe(255)
    }
  })

  it('an alias brings its own way, the host key is checked all the same', async () => {
    await using hop = await startSshd()
    const config = join(sshd.dir, 'config')
    const hopOptions = `HostName 127.0.0.1\n  Port ${hop.port}\n  User ${hop.user}\n  IdentityFile ${hop.keyPath}\n  UserKnownHostsFile /dev/null\n  StrictHostKeyChecking no`
    await writeFile(config, `Host there\n  HostName localhost\n  ProxyJump hop\nHost hop\n  ${hopOptions}\n`)
    const argv = [
      '-F',
      config,
      ...sshArgv({ ...(await target(sshd.hostKeys)), alias: 'there' }, ['echo', 'hi'], { tty: false }),
    ]
    const ran = await run(argv)
    expect([ran.code, ran.stdout]).toEqual([0, 'hi\n'])
    expect(hop.log()).toContain('Accepted publickey')
  })
})

describe('the built-in client', () => {
  const it = needs('sshd')
  async function run(command: string[], input: Readable, onOutput = () => {}) {
    const streams = { stdin: input, stdout: new PassThrough(), stderr: new PassThrough() }
    streams.stdout.once('data', onOutput)
    const { address, port, user, keyPath, hostKeys, dir } = sshd
    const said = Promise.all([text(streams.stdout), text(streams.stderr)])
    const done = interactive({ address, port, user, keyPath, hostKeys }, command, { env: {}, home: dir }, { streams })
    const code = await done.finally(() => {
      streams.stdout.end()
      streams.stderr.end()
    })
    return { code, said: await said }
  }

  it('runs words as ssh does, with stdin, and returns the exit code', async () => {
    const ran = await run(['cat;', 'echo', '"$((1+1))"', '>&2;', 'exit', '7'], Readable.from(['in', 'put']))
    expect(ran).toEqual({ code: 7, said: ['input', '2\n'] })
  })

  it('a log-in shell without words, fed from a pipe', async () => {
    const ran = await run([], Readable.from(['echo from the shell\nexit 5\n']))
    expect(ran.code).toBe(5)
    expect(ran.said[0]).toContain('from the shell\n')
  })

  it('stdin that never ends does not keep it from ending; a signal has the code of a shell', async () => {
    expect((await run(['kill', '-TERM', '$$'], new PassThrough())).code).toBe(143)
  })

  it('is lost with its connection, as ssh: 255', async () => {
    const running = run(['echo started; sleep 300'], new PassThrough(), () => sshd.dropConnections())
    await expect(running).rejects.toMatchObject({ code: 'SSH_LOST', oclif: { exit: 255 } })
  })
})
