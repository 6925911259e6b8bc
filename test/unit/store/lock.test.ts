import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { MachineError } from '../../../src/errors.ts'
import { holderOf, takeLock } from '../../../src/store/lock.ts'
import { ownIdentity } from '../../../src/store/process-identity.ts'
import { runTogether, runTypeScript } from '../../kit/processes.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'

const contender = join(import.meta.dirname, 'contender.ts')
let dir: TempDir
let path = ''
beforeEach(() => {
  dir = makeTempDir()
  path = join(dir.path, 'x.lock')
})
afterEach(() => dir[Symbol.dispose]())

const take = (options = {}) => takeLock(path, 'machine "x" is', { purpose: 'test', ...options })

/** The lock of a process that was killed while it held it. */
async function dieHolding(): Promise<void> {
  const counter = join(dir.path, 'counter')
  writeFileSync(counter, '0')
  const ran = await runTypeScript(contender, [path, counter, '1', '1', 'die'])
  expect([ran.signal, existsSync(path)]).toEqual(['SIGKILL', true])
}

async function pretend(holder: object): Promise<void> {
  const mine = await ownIdentity()
  writeFileSync(path, JSON.stringify({ ...mine, purpose: 'create x', since: 'noon', token: 'cafe0001', ...holder }))
}

describe('one at a time', () => {
  test('twenty tasks of ten processes over a stale lock count without losing one', async () => {
    await dieHolding()
    const counter = join(dir.path, 'together')
    const running = runTogether(contender, 10, () => [path, counter, '2', '3'])
    renameSync(join(dir.path, 'counter'), counter)
    const ran = await running
    expect(ran.map(r => r.stderr)).toEqual(Array(10).fill(''))
    expect(readFileSync(counter, 'utf8')).toBe('61') // the dead one had counted one
    expect(readdirSync(dir.path)).toEqual(['together'])
  }, 120_000)

  test('processes that all die holding the lock count without losing one', async () => {
    const counter = join(dir.path, 'counter')
    writeFileSync(counter, '0')
    const ran = await runTogether(contender, 10, () => [path, counter, '2', '2', 'die'])
    expect(ran.map(r => r.signal)).toEqual(Array(10).fill('SIGKILL'))
    expect(readFileSync(counter, 'utf8')).toBe('40')
    await using _mine = await take()
    expect((await holderOf(path))?.pid).toBe(process.pid)
  }, 120_000)
})

describe('whose lock is stale', () => {
  test('a dead process’s is', async () => {
    await dieHolding()
    await using lock = await take()
    expect((await holderOf(lock.path))?.pid).toBe(process.pid)
  })

  test('one of a process whose pid another has now is', async () => {
    await pretend({ pid: process.ppid, started: '1' })
    await using _lock = await take()
    expect((await holderOf(path))?.pid).toBe(process.pid)
  })

  test('one of before the last boot is', async () => {
    await pretend({ boot: '00000000-0000-4000-8000-000000000000' })
    await using _lock = await take()
    expect((await holderOf(path))?.token).not.toBe('cafe0001')
  })

  test("a living process's is not, and is told with who, what and since when", async () => {
    await pretend({})
    const error = await take().catch(e => e)
    expect(error).toMatchObject({
      code: 'LOCKED',
      message: `machine "x" is being worked on by process ${process.pid} (create x) since noon`,
      suggestions: ['wait until it is done, or end that process', `if there is no such process, remove ${path}`],
    })
  })

  test("another host's is not, whatever its pid", async () => {
    await pretend({ host: 'other.example', pid: 999_999_999, boot: 'b', started: '1' })
    const error = await take().catch(e => e)
    expect(error).toMatchObject({
      code: 'LOCKED',
      message: 'machine "x" is being worked on by process 999999999 on other.example (create x) since noon',
      suggestions: [`if that process no longer runs on other.example, remove ${path}`],
    })
  })

  test('one in another process namespace is not', async () => {
    await pretend({ pid: 999_999_999, pids: 'pid:[1]' })
    await expect(take()).rejects.toMatchObject({ code: 'LOCKED' })
  })

  test('a file that is no lock is left alone', async () => {
    writeFileSync(path, 'hello')
    await expect(take()).rejects.toThrow(`${path} is not a lock this program wrote`)
    expect(readFileSync(path, 'utf8')).toBe('hello')
  })
})

describe('a stale lock is removed by one at a time', () => {
  test('not while another is at it: a slow one would else remove the lock of a quick one', async () => {
    await pretend({ pid: 999_999_999, token: 'cafe0002' })
    await using _guard = await takeLock(`${path}.cafe0002`, 'the lock is', { purpose: 'clear it' })
    await expect(take()).rejects.toThrow(/worked on by process \d+ \(clear it\)/)
    expect((await holderOf(path))?.token).toBe('cafe0002')
  })

  test('also after one that did it was killed', async () => {
    await pretend({ pid: 999_999_999, token: 'cafe0002' })
    renameSync(path, `${path}.cafe0003`)
    await pretend({ pid: 999_999_998, token: 'cafe0003' })
    const lock = await take()
    expect(readdirSync(dir.path)).toEqual(['x.lock'])
    await lock[Symbol.asyncDispose]()
  })
})

describe('waiting', () => {
  test('ends when the other is done', async () => {
    const first = await take()
    const second = take({ waitMs: 60_000 })
    await first[Symbol.asyncDispose]()
    await using lock = await second
    expect(existsSync(lock.path)).toBe(true)
  })

  test('ends with LOCKED when it is over', async () => {
    await using _first = await take()
    await expect(take({ waitMs: 100 })).rejects.toBeInstanceOf(MachineError)
  })

  test('ends with the reason of the signal', async () => {
    await using _first = await take()
    const stop = new AbortController()
    const second = take({ waitMs: 60_000, signal: stop.signal })
    const reason = new Error('enough')
    stop.abort(reason)
    await expect(second).rejects.toBe(reason)
    await expect(take({ signal: stop.signal })).rejects.toBe(reason)
  })
})

describe('the file', () => {
  test('can be read by its owner alone, and is gone afterwards', async () => {
    const lock = await take()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    await lock[Symbol.asyncDispose]()
    expect(readdirSync(dir.path)).toEqual([])
  })

  test('is not removed when another has it by now', async () => {
    const lock = await take()
    await pretend({ host: 'other.example' })
    await lock[Symbol.asyncDispose]()
    expect((await holderOf(path))?.host).toBe('other.example')
  })
})
