import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from '@jest/globals'
import { runAsRoot } from '../../../../drivers/nspawn/root-shell.ts'
import { sh } from '../../../../src/ssh/quote.ts'

const folder = mkdtempSync(join(tmpdir(), 'machine-shell-'))
afterAll(() => rmSync(folder, { recursive: true }))
const signal = new AbortController().signal
// The scripts themselves need no root: they are run as who we are.
const uid = 0

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !what(); i++) await sleep(50)
  expect(what()).toBe(true)
}

const isGone = (pid: number) => {
  try {
    process.kill(pid, 0)
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return true
  }
}

describe('runAsRoot', () => {
  test('returns stdout, tells every line, and quotes what it is given', async () => {
    const lines: string[] = []
    const word = `a'b $HOME "c"`
    expect(
      await runAsRoot(sh`echo ${word}; echo aside >&2`, { signal, uid, doing: 'x', onLine: line => lines.push(line) }),
    ).toBe(word)
    expect(lines.sort()).toEqual([word, 'aside'].sort())
  })
  test('says what failed, with the errors it printed', async () => {
    const failing = runAsRoot(sh`echo fine; echo 'E: no such thing' >&2; exit 7`, { signal, uid, doing: 'do it' })
    await expect(failing).rejects.toMatchObject({ code: 'NSPAWN_FAILED', message: 'could not do it: E: no such thing' })
  })
  test('an abort ends the script and all it started', async () => {
    const abort = new AbortController()
    const file = join(folder, 'abort')
    const running = runAsRoot(sh`sleep 600 & echo $! > ${file}.new; mv ${file}.new ${file}; wait`, {
      signal: abort.signal,
      uid,
      doing: 'x',
    })
    await until(() => existsSync(file))
    abort.abort(new Error('enough'))
    await expect(running).rejects.toThrow('enough')
    await until(() => isGone(Number(readFileSync(file, 'utf8'))))
  })
  test('the death of the caller, kill -9 included, ends the script', async () => {
    const file = join(folder, 'orphan')
    const module = new URL('../../../../drivers/nspawn/root-shell.ts', import.meta.url).href
    const quote = new URL('../../../../src/ssh/quote.ts', import.meta.url).href
    const program = `const { runAsRoot } = await import('${module}'); const { sh } = await import('${quote}')
      await runAsRoot(sh\`sleep 600 & echo $! > \${'${file}'}.new; mv \${'${file}'}.new \${'${file}'}; wait\`,
        { signal: new AbortController().signal, uid: 0, doing: 'x' })`
    const caller = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' })
    await until(() => existsSync(file))
    caller.kill('SIGKILL')
    await until(() => isGone(Number(readFileSync(file, 'utf8'))))
  })
})
