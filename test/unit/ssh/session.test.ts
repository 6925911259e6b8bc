import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import { dial } from '../../../src/ssh/dial.ts'
import type { Host } from '../../../src/ssh/host.ts'
import { Secret, script, sh } from '../../../src/ssh/quote.ts'
import { uploadCommand } from '../../../src/ssh/upload.ts'
import { type Sshd, startSshd } from '../../kit/sshd.ts'
import { needs, which } from '../../kit/tools.ts'

const it = needs('sshd')
let sshd: Sshd
let host: Host
let dir = ''

const connect = (to: Sshd) =>
  dial({
    address: to.address,
    port: to.port,
    user: to.user,
    keyPath: to.keyPath,
    hostKeys: to.hostKeys,
    deadlineMs: 10_000,
    env: {},
    home: to.dir,
  })

beforeAll(async () => {
  if (!which('sshd')) return
  dir = await mkdtemp(join(tmpdir(), 'session-'))
  sshd = await startSshd()
  host = await connect(sshd)
})
afterAll(async () => {
  await host?.[Symbol.asyncDispose]()
  await sshd?.[Symbol.asyncDispose]()
  if (dir) await rm(dir, { recursive: true })
})

describe('run', () => {
  it('returns both streams and the exit code', async () => {
    const result = await host.run(sh`echo out; echo err >&2; exit 7`, { ok: [7] })
    expect(result).toEqual({ code: 7, stdout: 'out\n', stderr: 'err\n' })
  })

  it('an exit code that is not ok is an error with the last words of the command', async () => {
    const failing = host.run(sh`echo ${'first\nlast'} >&2; exit 3`)
    await expect(failing).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringMatching(/exit code 3: first\nlast$/),
    })
  })

  it('a command ended by a signal has the code a shell would give', async () => {
    expect((await host.run(sh`kill -KILL $$`, { ok: [137] })).code).toBe(137)
  })

  it('quoting survives, first command or later one', async () => {
    const words = ['a  b', "it's", '$HOME', '`x`', '!!', 'back\\slash', 'new\nline', 'ü🐳', '%s', '*']
    const expected = words.map(word => `${word}|`).join('')
    await using fresh = await connect(sshd)
    for (let i = 0; i < 4; i++) expect((await fresh.run(sh`printf '%s|' ${words}`)).stdout).toBe(expected)
  })

  it('many at once, more than sshd has sessions for', async () => {
    const numbers = Array.from({ length: 25 }, (_, i) => String(i))
    const results = await Promise.all(numbers.map(n => host.run(sh`echo ${n}`)))
    expect(results.map(r => r.stdout.trim())).toEqual(numbers)
  })

  it('input reaches the command whole, and a Secret may be one', async () => {
    expect((await host.run(sh`cat`, { input: 'no line end' })).stdout).toBe('no line end')
    expect((await host.run(sh`wc -c`, { input: Buffer.alloc(3_000_000, 1) })).stdout.trim()).toBe('3000000')
    expect((await host.run(sh`cat`, { input: new Secret('hidden') })).stdout).toBe('hidden')
    expect((await host.run(sh`cat; echo end`)).stdout).toBe('end\n')
  })

  it('a command may leave its input unread', async () => {
    expect((await host.run(sh`true`, { input: Buffer.alloc(5_000_000) })).code).toBe(0)
  })

  it('scripts of 300 kB run, with input of their own', async () => {
    const long = script(`${': "a filler that\'s quoted"\n'.repeat(11_000)}cat; exit 4`)
    await using fresh = await connect(sshd)
    for (let i = 0; i < 2; i++) {
      expect(await fresh.run(long, { ok: [4], input: 'in' })).toMatchObject({ code: 4, stdout: 'in' })
    }
  })

  it('lines are told as they come', async () => {
    const lines: string[] = []
    await host.run(sh`echo one; echo two >&2; printf three`, {
      onLine: (line, stream) => lines.push(`${stream} ${line}`),
    })
    expect(lines.sort()).toEqual(['stderr two', 'stdout one', 'stdout three'])
  })

  it('UTF-8 in large output is not torn at packet borders', async () => {
    const { stdout } = await host.run(sh`i=0; while [ $i -lt 3000 ]; do printf 'ä€🐳%060d' $i; i=$((i+1)); done`)
    expect(stdout).not.toContain('\ufffd')
    expect(stdout.match(/ä€🐳/g)).toHaveLength(3000)
  })

  it('a command that takes too long is given up and ended', async () => {
    const mark = join(dir, 'survived')
    const hanging = host.run(sh`echo $$ > ${`${mark}.pid`}; sleep 300; touch ${mark}`, { timeoutMs: 400 })
    await expect(hanging).rejects.toMatchObject({ code: 'REMOTE_TIMEOUT', message: expect.stringContaining('0.4 s') })
    const pid = (await readFile(`${mark}.pid`, 'utf8')).trim()
    await expect(
      host.run(sh`while kill -0 ${pid} 2>/dev/null; do sleep 0.05; done`, { timeoutMs: 20_000 }),
    ).resolves.toMatchObject({ code: 0 })
    expect(existsSync(mark)).toBe(false)
  })

  it('and what it started with it, in the background too', async () => {
    const file = join(dir, 'child.pid')
    const hanging = host.run(sh`sleep 300 & echo $! > ${file}; wait`, { timeoutMs: 400 })
    await expect(hanging).rejects.toMatchObject({ code: 'REMOTE_TIMEOUT' })
    const pid = (await readFile(file, 'utf8')).trim()
    const gone = sh`i=0; while kill -0 ${pid} 2>/dev/null; do i=$((i + 1)); [ $i -lt 60 ] || exit 1; sleep 0.05; done`
    await expect(host.run(gone, { timeoutMs: 20_000 })).resolves.toMatchObject({ code: 0 })
  })

  it('tells how much of its input has gone out, and goes on where the command takes no more', async () => {
    const input = Buffer.alloc(3_000_001, 'x\0ÿ')
    const told: [number, number][] = []
    const onProgress = (done: number, total: number) => told.push([done, total])
    expect((await host.run(sh`wc -c`, { input, onProgress })).stdout.trim()).toBe('3000001')
    expect(told.length).toBeGreaterThan(10)
    expect(told.at(-1)).toEqual([3_000_001, 3_000_001])
    expect((await host.run(sh`head -c 1`, { input: Buffer.alloc(9_000_000, 'x'), onProgress })).stdout).toBe('x')
    const thrown = new Error('from onProgress')
    const failing = () => {
      throw thrown
    }
    await expect(host.run(sh`cat >/dev/null`, { input, onProgress: failing })).rejects.toBe(thrown)
  })

  it('a signal ends it with its reason, at once or later', async () => {
    const reason = new Error('enough')
    await expect(host.run(sh`true`, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const hanging = host.run(sh`echo started; sleep 300`, {
      signal: controller.signal,
      onLine: () => controller.abort(reason),
    })
    await expect(hanging).rejects.toBe(reason)
    expect((await host.run(sh`echo still here`)).stdout).toBe('still here\n')
  })

  it('a connection lost midway is SSH_LOST, for that command and later ones', async () => {
    await using fresh = await connect(sshd)
    const dying = fresh.run(sh`echo started; sleep 300`, { onLine: () => sshd.dropConnections() })
    await expect(dying).rejects.toMatchObject({ code: 'SSH_LOST' })
    await expect(fresh.run(sh`true`)).rejects.toMatchObject({ code: 'SSH_LOST' })
    await host[Symbol.asyncDispose]()
    host = await connect(sshd)
  })
})

describe('upload', () => {
  it('writes 20 MB as they are, with the mode asked for, and nothing beside', async () => {
    const content = Buffer.alloc(20_000_000, 'x\0ÿ')
    await host.upload(join(dir, 'big'), content, { mode: 0o640 })
    expect((await readFile(join(dir, 'big'))).equals(content)).toBe(true)
    expect((await stat(join(dir, 'big'))).mode & 0o777).toBe(0o640)
    expect((await readdir(dir)).filter(name => name.startsWith('big'))).toEqual(['big'])
  })

  it('replaces a file, takes a Secret, and odd names', async () => {
    const path = join(dir, "a 'name' $x")
    await host.upload(path, 'first, longer')
    await host.upload(path, new Secret('second'), { mode: 0o400 })
    expect([await readFile(path, 'utf8'), (await stat(path)).mode & 0o777]).toEqual(['second', 0o400])
    await host.upload(path, '')
    expect(await readFile(path, 'utf8')).toBe('')
  })

  it('a missing folder and a folder in the place are errors that say so', async () => {
    await expect(host.upload(join(dir, 'no/where'), 'x')).rejects.toMatchObject({ code: 'REMOTE_FAILED' })
    await expect(host.upload(dir, 'x')).rejects.toThrow(/is a folder/)
  })

  it('a full disk is said clearly and leaves nothing', async () => {
    const small = join(dir, 'small')
    const mounted = await host.run(sh`mkdir -p ${small} && mount -t tmpfs -o size=256k none ${small}`, {
      ok: [0, 1, 32],
    })
    if (mounted.code !== 0) return console.warn('skipped: tmpfs cannot be mounted here')
    try {
      await host.upload(join(small, 'f'), 'the old one')
      await expect(host.upload(join(small, 'f'), Buffer.alloc(1_000_000))).rejects.toMatchObject({
        code: 'REMOTE_DISK_FULL',
      })
      expect(await readdir(small)).toEqual(['f'])
      expect(await readFile(join(small, 'f'), 'utf8')).toBe('the old one')
    } finally {
      await host.run(sh`umount ${small}`)
    }
  })

  it('a file that comes cut short is not put in place', async () => {
    const path = join(dir, 'kept')
    await host.upload(path, 'the old one')
    const cut = await host.run(uploadCommand(path, 10, 0o644), { input: 'only 9 by', ok: [1] })
    expect(cut.stderr).toContain('cut short')
    expect(await readFile(path, 'utf8')).toBe('the old one')
    expect((await readdir(dir)).filter(name => name.startsWith('kept'))).toEqual(['kept'])
  })
})
