/** A stand-in as a person starts it: `npm run kit -- NAME`, here without hosts. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from '@jest/globals'

const PROGRAM = join(import.meta.dirname, '../run-kit.ts')

export interface KitProgram extends AsyncDisposable {
  [Symbol.asyncDispose](): Promise<void>
  /** What it printed to be set; it prints nothing else on stdout. */
  readonly env: Readonly<Record<string, string>>
  /** What it said on stderr so far. */
  said(): string
  /** Ctrl-C; resolves with its exit code. */
  interrupt(): Promise<number | null>
}

export async function startKitProgram(name: string, args = ['--port', '0']): Promise<KitProgram> {
  const kit = spawn(process.execPath, [PROGRAM, name, ...args, '--hosts', 'none'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(kit, 'exit')
  await using stack = new AsyncDisposableStack()
  stack.defer(async () => {
    kit.kill('SIGKILL')
    await ended
  })
  let said = ''
  let printed = ''
  kit.stderr.setEncoding('utf8').on('data', text => {
    said += text
  })
  kit.stdout.setEncoding('utf8').on('data', text => {
    printed += text
  })
  for (let i = 0; i < 200 && !said.includes('It is up.'); i++) await sleep(100)
  expect(said).toContain('It is up.')
  const lines = printed.trim().split('\n')
  expect(lines.filter(line => !/^export [A-Z_\d]+=\S+$/.test(line))).toEqual([])
  const end = stack.move()
  return {
    env: Object.fromEntries(lines.map(line => line.replace('export ', '').split(/=(.*)/))),
    said: () => said,
    async interrupt() {
      kit.kill('SIGINT')
      return (await ended)[0]
    },
    [Symbol.asyncDispose]: () => end.disposeAsync(),
  }
}
