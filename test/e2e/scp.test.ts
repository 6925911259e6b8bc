/** `machine scp` between real sshds: each machine with its own port, key and host key; odd names; what goes wrong. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Home, startHome } from '../kit/cli.ts'
import { writeSshMachine } from '../kit/ssh-machine.ts'
import { freePort, type Sshd, startSshd } from '../kit/sshd.ts'
import { makeTempDir } from '../kit/temp-dir.ts'
import { needs } from '../kit/tools.ts'

jest.setTimeout(120_000)
const SFTP = ['Subsystem sftp internal-sftp']

describe('scp', () => {
  let home: Home
  let one: Sshd
  let two: Sshd
  let plain: Sshd
  const folder = makeTempDir()
  const at = (...parts: string[]) => join(folder.path, ...parts)
  const leftBehind = () => readdirSync(tmpdir()).filter(name => name.startsWith('machine-ssh-'))
  let before: string[]

  beforeAll(async () => {
    home = await startHome()
    ;[one, two, plain] = await Promise.all([startSshd({ config: SFTP }), startSshd({ config: SFTP }), startSshd()])
    writeSshMachine(home.store, 'one', one)
    writeSshMachine(home.store, 'two', two)
    writeSshMachine(home.store, 'plain', plain)
    writeSshMachine(home.store, 'off', { ...one, port: await freePort() })
    // docker-machine's own record: no key is pinned
    writeSshMachine(home.store, 'old', { address: one.address, port: one.port, user: one.user, keyPath: one.keyPath })
    writeSshMachine(home.store, 'changed', { ...two, hostKeys: one.hostKeys })
    before = leftBehind()
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    for (const sshd of [one, two, plain]) await sshd?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })
  const scp = (...args: string[]) => home.cliWith({ cwd: folder.path }, 'scp', ...args)
  const write = (name: string, text = name) => {
    mkdirSync(join(at(name), '..'), { recursive: true })
    writeFileSync(at(name), text)
    return at(name)
  }
  const nothing = { code: 0, signal: null, stdout: '', stderr: '' }

  test('to a machine, from a machine, and from one to another with another port, key and host key', async () => {
    const file = write('a.txt', 'words')
    expect(await scp(file, `one:${at('b.txt')}`)).toEqual(nothing)
    expect(await scp(`one:${at('b.txt')}`, `two:${at('c.txt')}`)).toEqual(nothing)
    expect(await scp(`two:${at('c.txt')}`, 'd.txt')).toEqual(nothing)
    expect(readFileSync(at('d.txt'), 'utf8')).toBe('words')
    expect(one.log()).toContain('Accepted publickey')
    expect(two.log()).toContain('Accepted publickey')
    expect(leftBehind()).toEqual(before)
  })

  test('a folder with -r, also as --recursive and behind the paths', async () => {
    write('tree/x/y.txt', 'deep')
    expect(await scp('-r', 'tree', `one:${at('tree2')}`)).toEqual(nothing)
    expect(await scp(`one:${at('tree2')}`, `two:${at('tree3')}`, '--recursive', '-q')).toEqual(nothing)
    expect(readFileSync(at('tree3/x/y.txt'), 'utf8')).toBe('deep')
    const refused = await scp('tree', `one:${at('tree4')}`)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/tree.*not a regular file/)
  })

  test.each([
    'with space.txt',
    `quotes ' and ".txt`,
    '-leading-dash.txt',
    'a:colon.txt',
    'ünï–📦.txt',
    '$(touch injected) `x` ; & #.txt',
    'brackets[1]*.txt',
    ' ~tilde',
    'back\\slash',
  ])('a file called %s', async name => {
    write(name)
    mkdirSync(at('got'), { recursive: true })
    const local = name.includes(':') ? `./${name}` : name
    const there = at('there', name)
    mkdirSync(at('there'), { recursive: true })
    // scp itself takes the last part of a remote source for a pattern
    const pattern = there.replace(/[\\*[]/g, '\\$&')
    expect(await scp('--', local, `one:${at('there')}/`)).toEqual(nothing)
    expect(readFileSync(there, 'utf8')).toBe(name)
    expect(await scp('--', `one:${pattern}`, `two:${at('got')}/`)).toEqual(nothing)
    expect(readFileSync(at('got', name), 'utf8')).toBe(name)
    expect(existsSync(at('injected'))).toBe(false)
  })

  test('a host without SFTP gets the old protocol, and names arrive as they are', async () => {
    write('it is.txt', 'old')
    const done = await scp('it is.txt', `plain:${at("it's there.txt")}`)
    expect(done).toMatchObject({ code: 0, stdout: '' })
    expect(done.stderr).toContain('the host serves no SFTP: copying by the old scp protocol\n')
    expect(await scp(`plain:${at("it's there.txt")}`, 'back.txt')).toMatchObject({ code: 0 })
    expect(readFileSync(at('back.txt'), 'utf8')).toBe('old')
  })

  test('localhost: is this computer, user@ another login, and a home directory goes unnamed', async () => {
    write('h.txt', 'h')
    expect(await scp(`localhost:${at('h.txt')}`, `${one.user}@one:${at('h2.txt')}`)).toEqual(nothing)
    expect(await scp(`one:${at('h2.txt')}`, 'localhost:h3.txt')).toEqual(nothing)
    expect(readFileSync(at('h3.txt'), 'utf8')).toBe('h')
    const nobody = await scp(`nosuchuser@one:${at('h2.txt')}`, 'x')
    expect(nobody.code).not.toBe(0)
    expect(nobody.stderr).toContain('nosuchuser@127.0.0.1: Permission denied')
  })

  test('the exit code of scp, and its words', async () => {
    const missing = await scp(`one:${at('nowhere')}`, 'x')
    expect(missing.code).toBe(1)
    expect(missing.stderr).toContain('No such file or directory')
  })

  test("docker-machine's own record: the host key is pinned at first sight and held to afterwards", async () => {
    expect(await scp(write('p.txt', 'p'), `old:${at('p2.txt')}`)).toEqual(nothing)
    const pinned = join(home.store, 'machines/old/known_hosts')
    const [type, key] = (one.hostKeys[0] ?? '').split(' ')
    expect(readFileSync(pinned, 'utf8')).toBe(`[127.0.0.1]:${one.port} ${type} ${key}\n`)
    const other = (two.hostKeys[0] ?? '').split(' ').slice(0, 2).join(' ')
    writeFileSync(pinned, `[127.0.0.1]:${one.port} ${other}\n`)
    const refused = await scp(at('p.txt'), `old:${at('p3.txt')}`)
    expect(refused.code).not.toBe(0)
    expect(refused.stderr).toMatch(/host key .*changed|verification failed/i)
    expect(existsSync(at('p3.txt'))).toBe(false)
  })

  test('another host key than the pinned one is refused, nothing is copied', async () => {
    const refused = await scp(write('q.txt'), `changed:${at('q2.txt')}`)
    expect(refused.code).not.toBe(0)
    expect(refused.stderr).toMatch(/verification failed/i)
    expect(existsSync(at('q2.txt'))).toBe(false)
  })

  test('names that are no machines are all told, before anything is done', async () => {
    expect(await scp('nope:/a', 'neither:/b')).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: `${['nope', 'neither']
        .map(
          name =>
            `Docker machine "${name}" does not exist. Use "machine ls" to list machines. Use "machine create" to add a new one.\n`,
        )
        .join('')}  → did you mean one?\n`,
    })
  })

  test('a machine that is off', async () => {
    expect(await scp('off:/etc/hostname', 'x')).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: 'Error: Cannot run SSH command: Host "off" is not running\n  → machine start off\n',
    })
  })

  test('not two paths', async () => {
    for (const paths of [[], ['a'], ['a', 'b', 'c']]) {
      const refused = await scp(...paths)
      expect(refused).toMatchObject({ code: 2, stdout: '' })
      expect(refused.stderr.split('\n')[0]).toBe('Improper number of arguments')
    }
    const dropIn = await home.cliWith({ env: { MACHINE_CALLED_AS: 'docker-machine' } }, 'scp', 'a')
    expect(dropIn.code).toBe(1)
  })

  test('no scp on this computer', async () => {
    const refused = await home.cliWith({ env: { PATH: at('nothing') } }, 'scp', 'a', 'one:b')
    expect(refused.code).toBe(1)
    expect(refused.stderr.split('\n')[0]).toBe('You must have a copy of the scp binary locally to use the scp feature')
    const delta = await home.cliWith({ env: { PATH: at('nothing') } }, 'scp', '-d', 'a', 'one:b')
    expect(delta.stderr.split('\n')[0]).toBe('You must have a copy of the rsync binary locally to use the scp feature')
  })

  test('a Windows path is no machine’s', async () => {
    write('C:\\x', 'drive')
    expect(await scp('C:\\x', `one:${at('w')}`)).toEqual(nothing)
    expect(readFileSync(at('w'), 'utf8')).toBe('drive')
  })

  test('a store and a home with spaces, quotes and percent signs in their paths', async () => {
    const odd = at(`odd "store' %h $HOME`)
    const key = join(odd, 'machines', 'spaced', 'id rsa')
    writeSshMachine(odd, 'spaced', { ...two, keyPath: key })
    writeFileSync(key, readFileSync(two.keyPath), { mode: 0o600 })
    const args = ['-s', odd, 'scp', write('s.txt', 's'), `spaced:${at('s2.txt')}`]
    expect(await home.cliWith({ env: { TMPDIR: odd } }, ...args)).toEqual(nothing)
    expect(readFileSync(at('s2.txt'), 'utf8')).toBe('s')
  })

  test('a store that cannot be written', async () => {
    const frozen = at('frozen')
    writeSshMachine(frozen, 'one', one)
    const mounted = ['mount', '--bind', '-o', 'ro', frozen, frozen]
    execFileSync(mounted[0] as string, mounted.slice(1))
    try {
      execFileSync('mount', ['-o', 'remount,ro,bind', frozen])
      expect(await home.cli('-s', frozen, 'scp', write('f.txt', 'f'), `one:${at('f2.txt')}`)).toEqual(nothing)
    } finally {
      execFileSync('umount', [frozen])
    }
  })

  test('machines behind ssh aliases: one through a jump host, beside one without', async () => {
    mkdirSync(join(home.path, '.ssh'), { recursive: true, mode: 0o700 })
    const known = [one, two].map(
      s => `[127.0.0.1]:${s.port} ${(s.hostKeys[0] ?? '').split(' ').slice(0, 2).join(' ')}\n`,
    )
    writeFileSync(at('jump_known'), known.join(''))
    writeFileSync(
      join(home.path, '.ssh/config'),
      `Host inner
  HostName 127.0.0.1
  Port ${two.port}
  IdentityFile ${two.keyPath}
  ProxyJump gate
Host gate
  HostName 127.0.0.1
  Port ${one.port}
  IdentityFile ${one.keyPath}
  UserKnownHostsFile ${at('jump_known')}
Host *
  IdentitiesOnly yes
  ConnectTimeout 1
`,
    )
    writeSshMachine(home.store, 'inner', { ...two, keyPath: '', alias: 'inner' })
    const jumps = one.log().split('Accepted publickey').length
    expect(await scp(write('j.txt', 'j'), `inner:${at('j2.txt')}`)).toEqual(nothing)
    expect(one.log().split('Accepted publickey').length).toBe(jumps + 1)
    expect(await scp(`inner:${at('j2.txt')}`, `one:${at('j3.txt')}`)).toEqual(nothing)
    expect(readFileSync(at('j3.txt'), 'utf8')).toBe('j')
    // without an alias nothing of the user's own configuration counts
    writeFileSync(join(home.path, '.ssh/config'), 'Host *\n  Port 1\n  User nobody\n  Nonsense yes\n')
    expect(await scp(at('j.txt'), `one:${at('j4.txt')}`)).toEqual(nothing)
    writeFileSync(join(home.path, '.ssh/config'), '')
  })

  test('one alias for two machines that differ is refused', async () => {
    writeSshMachine(home.store, 'same1', { ...one, alias: 'same' })
    writeSshMachine(home.store, 'same2', { ...two, alias: 'same' })
    const refused = await scp('same1:/a', 'same2:/b')
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain(
      'both machines are reached through the ssh alias "same", with different settings\n',
    )
  })

  needs('rsync')('-d copies by rsync, and sends nothing the second time', async () => {
    write('site/index one.html', 'first')
    write('site/big', 'x'.repeat(300_000))
    const first = await scp('-d', '-r', './site/', `one:${at('www site')}`)
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toContain('index one.html')
    expect(readFileSync(at('www site/index one.html'), 'utf8')).toBe('first')
    const again = await scp('-d', '-r', './site/', `one:${at('www site')}`)
    expect(again.stdout).not.toContain('big')
    write('site/index one.html', 'second')
    const quiet = await scp('--delta', '-q', '-r', `one:${at('www site')}/`, 'back site')
    expect(quiet).toEqual(nothing)
    expect(readFileSync(at('back site/index one.html'), 'utf8')).toBe('first')
    const missing = await scp('-d', `two:${at('nowhere')}`, 'x')
    expect(missing.code).toBe(23) // rsync: partial transfer due to error
  })

  needs('rsync')('-d between two machines is refused with the way to go', async () => {
    expect(await scp('-d', 'one:/a', 'two:/b')).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: `rsync copies between this computer and one machine, not from one machine to another
  → leave --delta out: machine scp one:/a two:/b
  → or go by a folder of this computer: machine scp -r -d one:/a ./copy, then machine scp -r -d ./copy two:/b
`,
    })
  })

  needs('rsync')('-d to a machine without rsync says what is missing', async () => {
    const bin = at('bin')
    mkdirSync(bin)
    const shell = join(bin, 'shell')
    writeFileSync(shell, '#!/bin/sh\nPATH=/nowhere; export PATH\nexec /bin/sh "$@"\n')
    chmodSync(shell, 0o755)
    await using bare = await startSshd({ config: [...SFTP, `ForceCommand ${shell} -c "$SSH_ORIGINAL_COMMAND"`] })
    writeSshMachine(home.store, 'bare', bare)
    const failed = await scp('-d', write('r.txt'), 'bare:/tmp/r.txt')
    expect(failed.code).not.toBe(0)
    expect(failed.stderr).toContain('warning: rsync has to be installed on the machine too\n')
  })

  test('the key and the config of a copy lie in a folder no one else may read', async () => {
    const fake = at('fakebin')
    mkdirSync(fake)
    symlinkSync('/usr/bin/ssh', join(fake, 'ssh'))
    writeFileSync(
      join(fake, 'scp'),
      `#!/bin/sh\nwhile [ "$1" != -F ]; do shift; done; stat -c '%a' "\${2%/*}" "$2"; cat "$2"; exit 42\n`,
    )
    chmodSync(join(fake, 'scp'), 0o755)
    const done = await home.cliWith({ env: { PATH: `${fake}:${process.env.PATH}` } }, 'scp', 'a', 'one:/b')
    expect(done.code).toBe(42)
    expect(done.stdout.split('\n').slice(0, 2)).toEqual(['700', '600'])
    expect(done.stdout).toContain(`  Port ${one.port}\n`)
    expect(leftBehind()).toEqual(before)
  })
})
