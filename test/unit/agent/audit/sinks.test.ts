/** Real files and pipes. */
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openFileSink } from '../../../../agent/audit/file-sink.ts'
import { openStdoutSink } from '../../../../agent/audit/stdout-sink.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('a file', () => {
  test('is appended to, its owner’s alone, and rotated before it grows too large', async () => {
    const file = join(folder, 'audit.log')
    await writeFile(file, 'old\n', { mode: 0o644 })
    const sink = openFileSink({ file, maxBytes: 12, keep: 2 })
    for (const text of ['one\n', 'two\n', 'three\n', 'fourteen\n', 'fifteen\n', 'six\n']) await sink.write(text)
    await sink.close()
    expect([read('audit.log'), read('audit.log.1'), read('audit.log.2')]).toEqual([
      'fifteen\nsix\n',
      'fourteen\n',
      'three\n',
    ])
    await expect(stat(`${file}.3`)).rejects.toThrow('ENOENT')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(`${file}.2`)).mode & 0o777).toBe(0o600)
  })

  test('with no old ones kept begins anew', async () => {
    const file = join(folder, 'audit.log')
    const sink = openFileSink({ file, maxBytes: 5, keep: 0 })
    await sink.write('one\n')
    await sink.write('two\n')
    await sink.close()
    expect(read('audit.log')).toBe('two\n')
  })

  test('that somebody moved away is made again', async () => {
    const file = join(folder, 'audit.log')
    const sink = openFileSink({ file, maxBytes: 1000, keep: 1 })
    await sink.write('one\n')
    await rename(file, join(folder, 'kept'))
    await sink.write('two\n')
    await sink.close()
    expect([read('kept'), read('audit.log')]).toEqual(['one\n', 'two\n'])
  })

  test('whose folder is not there rejects until it is', async () => {
    const gone = join(folder, 'gone')
    const sink = openFileSink({ file: join(gone, 'audit.log'), maxBytes: 1000, keep: 1 })
    await expect(sink.write('one\n')).rejects.toThrow('ENOENT')
    await rename(await mkdtemp(join(folder, 'x')), gone)
    await sink.write('one\n')
    await sink.close()
    expect(read('gone/audit.log')).toBe('one\n')
  })

  test('on a full disk keeps whole lines: half a one is taken back, and comes again when there is room', async () => {
    const file = join(folder, 'audit.log')
    const sinkFile = join(import.meta.dirname, '../../../../agent/audit/file-sink.ts')
    const program = `
      const { openFileSink } = await import(${JSON.stringify(sinkFile)})
      const sink = openFileSink({ file: ${JSON.stringify(file)}, maxBytes: 1e6, keep: 1 })
      await sink.write('a'.repeat(899) + '\\n')
      await sink.write('b'.repeat(899) + '\\n').catch(error => process.stdout.write(error.code + ' '))
      await sink.write('c\\n')
      await sink.close()`
    // A limit of the size of files, in blocks of 512 bytes or of a KiB, is the full disk of those who are not root.
    const limited = 'trap "" XFSZ; ulimit -f 2; [ "$(ulimit -f)" = 2 ] && exec "$@"'
    const argv = ['-c', limited, 'sh', process.execPath, '--experimental-strip-types', '--input-type=module', '-e']
    const child = spawn('dash', [...argv, program])
    const said: string[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', text => said.push(String(text)))
    await new Promise(resolve => child.on('close', resolve))
    expect(said.join('')).toBe('EFBIG ')
    expect(read('audit.log')).toBe(`${'a'.repeat(899)}\nc\n`)
  })
})

describe('standard output', () => {
  test('as a file', async () => {
    const fd = openSync(join(folder, 'out'), 'w')
    const sink = openStdoutSink(fd)
    await sink.write('one\n')
    await sink.write('two\n')
    await sink.close()
    closeSync(fd)
    expect(read('out')).toBe('one\ntwo\n')
  })

  test('as a pipe nobody reads: the agent goes on, lines are counted and told when it is read again', async () => {
    const audit = join(import.meta.dirname, '../../../../agent/audit/audit.ts')
    const program = `
      const { openAudit } = await import(${JSON.stringify(audit)})
      const audit = openAudit('stdout')
      const entry = { at: 0, name: 'n', ou: '', serial: '1', role: 'admin', address: 'a', method: 'GET', path: '/' + 'x'.repeat(900), status: 200, bytesIn: 0, bytesOut: 0, durationMs: 1 }
      for (let i = 0; i < 3000; i += 1) audit.record(entry)
      process.stderr.write(String(audit.dropped))
      process.stdin.once('data', async () => {
        for (let i = 0; i < 200; i += 1) await new Promise(resolve => setImmediate(resolve))
        await audit.close()
        process.exit(0)
      })`
    const child = spawn(process.execPath, ['--experimental-strip-types', '--input-type=module', '-e', program])
    let out = ''
    const ended = new Promise(resolve => child.on('close', resolve))
    const lost = Number(await new Promise(resolve => child.stderr.once('data', text => resolve(String(text)))))
    child.stdout.setEncoding('utf8').on('data', text => {
      out += text
    })
    child.stdin.end('go')
    await ended
    const lines = out.trimEnd().split('\n')
    expect(lost).toBeGreaterThan(1000)
    for (const line of lines) JSON.parse(line)
    const told = lines.map(line => JSON.parse(line).dropped ?? 0).reduce((a, b) => a + b, 0)
    expect(told).toBe(lost)
    expect(lines.filter(line => !JSON.parse(line).dropped).length + lost).toBe(3000)
  })

  test('as a pipe whose reader went away rejects, and does not end the process', async () => {
    const sinkFile = join(import.meta.dirname, '../../../../agent/audit/stdout-sink.ts')
    const program = `
      const { openStdoutSink } = await import(${JSON.stringify(sinkFile)})
      const sink = openStdoutSink()
      let failed = 0
      for (let i = 0; i < 5; i += 1) {
        await sink.write('x\\n').catch(() => { failed += 1 })
        await new Promise(resolve => setTimeout(resolve, 5))
      }
      process.stderr.write('failed ' + failed)`
    const child = spawn(process.execPath, ['--experimental-strip-types', '--input-type=module', '-e', program])
    child.stdout.destroy()
    let said = ''
    child.stderr.on('data', text => {
      said += text
    })
    const code = await new Promise(resolve => child.on('close', resolve))
    expect({ code, said }).toEqual({ code: 0, said: expect.stringMatching(/failed [345]$/) })
  })
})
