import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type DialOptions, dial } from '../../../src/ssh/dial.ts'
import { Secret, script, sh } from '../../../src/ssh/quote.ts'
import { readRefusal } from '../../../src/ssh/sudo.ts'
import { type Sshd, startSshd } from '../../kit/sshd.ts'
import { needs, which } from '../../kit/tools.ts'
import { makeUnixUser, type UnixUser } from '../../kit/unix-user.ts'

describe('what sudo says', () => {
  test.each([
    ['password', 1, 'sudo: a password is required\n'],
    ['password', 1, 'sudo: sorry, a password is required to run sudo\n'],
    ['password', 1, 'sudo: no tty present and no askpass program specified\n'],
    ['password', 1, 'sudo: a terminal is required to read the password; either use the -S option …\n'],
    ['password', 1, 'sudo: interactive authentication is required\n'],
    ['terminal', 1, 'sudo: sorry, you must have a tty to run sudo\n'],
    ['absent', 127, 'sh: 1: exec: sudo: not found\n'],
    ['forbidden', 1, 'joe is not in the sudoers file.  This incident will be reported.\n'],
    ['forbidden', 1, 'Sorry, user joe may not run sudo on host.\n'],
    ['forbidden', 1, "Sorry, user joe is not allowed to execute '/bin/sh' as root on host.\n"],
    ['other', 1, 'sudo: /etc/sudo.conf is world writable\n'],
  ])('%s: %i %j', (refusal, code, text) => {
    expect(readRefusal(code, text)).toBe(refusal)
  })
})

const root = process.getuid?.() === 0
const it = root
  ? needs('sshd', 'sudo', 'useradd')
  : (title: string, _: () => Promise<void>) => test.skip(`${title} [needs root, to make a user]`, () => {})

describe('a log-in that is not root', () => {
  let sshd: Sshd | undefined
  let user: UnixUser | undefined
  beforeAll(async () => {
    if (!root || !which('sshd') || !which('sudo')) return
    user = makeUnixUser({ shell: which('tcsh') ?? '/bin/sh' })
    sshd = await startSshd()
  })
  afterAll(async () => {
    user?.[Symbol.dispose]()
    await sshd?.[Symbol.asyncDispose]()
  })

  function connect(more: Partial<DialOptions> = {}) {
    if (!sshd || !user) throw new Error('no sshd')
    const { address, port, keyPath, hostKeys, dir } = sshd
    return dial({ address, port, user: user.name, keyPath, hostKeys, deadlineMs: 5000, env: {}, home: dir, ...more })
  }
  const sudoers = (...lines: string[]) => user?.allowSudo(...lines)

  it('becomes root through sudo where root is asked for, and only there', async () => {
    sudoers('USER ALL=(ALL) NOPASSWD: ALL')
    await using host = await connect()
    expect((await host.run(sh`id -un`)).stdout.trim()).toBe(user?.name)
    for (let i = 0; i < 3; i++) {
      const result = await host.run(sh`id -un; echo ${"it's"} >&2; cat`, { root: true, input: 'in', ok: [0] })
      expect(result).toEqual({ code: 0, stdout: 'root\nin', stderr: "it's\n" })
    }
    const lines: string[] = []
    await host.run(sh`echo a >&2; exit 1`, { root: true, ok: [1], onLine: line => lines.push(line) })
    expect(lines).toEqual(['a'])
  })

  it('long scripts, uploads, and exit codes go through it', async () => {
    sudoers('USER ALL=(ALL) NOPASSWD: ALL')
    await using host = await connect()
    const long = script(`${': "filler"\n'.repeat(20_000)}id -u; cat; exit 9`)
    expect(await host.run(long, { root: true, ok: [9], input: 'in' })).toMatchObject({ stdout: '0\nin', stderr: '' })
    const path = join(sshd?.dir ?? '', 'as-root')
    await expect(host.upload(path, 'x')).rejects.toMatchObject({ code: 'REMOTE_FAILED' })
    await host.upload(path, 'x', { root: true, mode: 0o600 })
    expect((await host.run(sh`stat -c '%U %a' ${path}`, { root: true })).stdout).toBe('root 600\n')
  })

  it('a command as root that takes too long is ended too', async () => {
    sudoers('USER ALL=(ALL) NOPASSWD: ALL')
    await using host = await connect()
    const pidFile = join(sshd?.dir ?? '', 'pid')
    const hanging = host.run(sh`echo $$ > ${pidFile}; sleep 300; true`, { root: true, timeoutMs: 700 })
    await expect(hanging).rejects.toMatchObject({ code: 'REMOTE_TIMEOUT' })
    await host.run(sh`while kill -0 "$(cat ${pidFile})" 2>/dev/null; do sleep 0.05; done`, {
      root: true,
      timeoutMs: 4000,
    })
  })

  it('asks for the password once, and gives it neither to the command nor to anybody else', async () => {
    sudoers('USER ALL=(ALL) ALL')
    let asked = 0
    const sudoPassword = async () => {
      asked++
      return new Secret(user?.password ?? '')
    }
    await using host = await connect({ sudoPassword })
    const both = await Promise.all([1, 2].map(() => host.run(sh`id -u; cat`, { root: true, input: 'in' })))
    expect(both.map(result => result.stdout)).toEqual(['0\nin', '0\nin'])
    expect(await host.run(sh`cat; ps -eo args`, { root: true })).toMatchObject({
      stdout: expect.not.stringContaining('päss'),
    })
    await host.upload(join(sshd?.dir ?? '', 'with-password'), 'content', { root: true })
    expect((await host.run(sh`cat ${join(sshd?.dir ?? '', 'with-password')}`, { root: true })).stdout).toBe('content')
    expect(asked).toBe(1)
  })

  it('a wrong password, none, and nobody to ask are told apart', async () => {
    sudoers('USER ALL=(ALL) ALL')
    const refused = (text: RegExp) => ({ code: 'SUDO_REFUSED', message: expect.stringMatching(text) })
    await using wrong = await connect({ sudoPassword: async () => new Secret('wrong') })
    await expect(wrong.run(sh`id`, { root: true, input: 'a\nb\n' })).rejects.toMatchObject(
      refused(/does not take the password/),
    )
    await using none = await connect({ sudoPassword: async () => undefined })
    await expect(none.run(sh`id`, { root: true })).rejects.toMatchObject(refused(/wants the password/))
    await using nobody = await connect()
    await expect(nobody.run(sh`id`, { root: true })).rejects.toMatchObject(refused(/nobody to ask/))
    expect((await nobody.run(sh`echo still here`)).stdout).toBe('still here\n')
  })

  it('requiretty and not being allowed are told apart', async () => {
    await using host = await connect({ sudoPassword: async () => new Secret(user?.password ?? '') })
    sudoers('Defaults:USER requiretty', 'USER ALL=(ALL) NOPASSWD: ALL')
    await expect(host.run(sh`id`, { root: true })).rejects.toThrow(/requiretty/)
    sudoers('USER ALL=(ALL) NOPASSWD: /bin/true')
    await expect(host.run(sh`id`, { root: true })).rejects.toThrow(/may not use sudo/)
  })

  it('a command that fails by itself with the words of sudo is no refusal', async () => {
    sudoers('USER ALL=(ALL) NOPASSWD: ALL')
    await using host = await connect()
    const failing = host.run(sh`echo 'sudo: a password is required' >&2; exit 1`, { root: true })
    await expect(failing).rejects.toMatchObject({ code: 'REMOTE_FAILED' })
  })

  it('without sudo the error says so', async () => {
    if (!sshd) return
    // a PATH without sudo, for this sshd only
    await using bare = await startSshd({
      authorizedKeys: [sshd.publicLine],
      env: { PATH: bareBin(sshd.dir) },
    })
    await using host = await connect({ port: bare.port, hostKeys: bare.hostKeys })
    await expect(host.run(sh`id`, { root: true })).rejects.toThrow(/sudo is not installed/)
  })
})

function bareBin(dir: string): string {
  const bin = join(dir, 'bin')
  if (!existsSync(bin))
    execFileSync('sh', ['-c', 'mkdir "$0" && for p in sh id dd; do ln -s "$(command -v $p)" "$0/$p"; done', bin])
  return bin
}
