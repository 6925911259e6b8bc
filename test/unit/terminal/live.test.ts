import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { canRedraw, fitted } from '../../../src/terminal/live.ts'
import { createReporter } from '../../../src/terminal/reporter.ts'

const tty = { isTTY: true }

test.each([
  [tty, { TERM: 'xterm' }, true],
  [tty, { TERM: 'dumb' }, false],
  [tty, {}, false],
  [tty, { TERM: 'xterm', CI: 'true' }, false],
  [tty, { TERM: 'xterm', CI: '1' }, false],
  [tty, { TERM: 'xterm', CI: 'woodpecker' }, false],
  [tty, { TERM: 'xterm', CI: 'false' }, true],
  [tty, { TERM: 'xterm', CI: '' }, true],
  [tty, { TERM: 'xterm', NO_COLOR: '1' }, true],
  [{}, { TERM: 'xterm' }, false],
])('a list is drawn on %j with %j: %s', (stream, env, can) => expect(canRedraw(stream, env, 'linux')).toBe(can))

test('Windows’ consoles set no TERM', () => expect(canRedraw(tty, {}, 'win32')).toBe(true))

test.each([
  ['short', 10, '', 'short'],
  ['exactly ten', 11, '', 'exactly ten'],
  ['longer than that', 10, '', 'longer th…'],
  ['longer than that', 12, ' 1.0 s', 'longe… 1.0 s'],
  ['cut at a blank', 8, '', 'cut at…'],
  ['x', 3, ' 100.0 s', 'x 100.0 s'],
  ['xyz', 3, ' 100.0 s', '… 100.0 s'],
])('%j in %d columns with %j', (text, columns, tail, shown) => expect(fitted(text, columns, tail)).toBe(shown))

/** What a terminal of so many columns is sent. */
async function drawn(columns: number, env: Record<string, string>): Promise<string> {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns, rows: 24 }) as unknown as NodeJS.WriteStream
  const reporter = createReporter({ format: 'text', debug: false, stream, names: ['a'], live: true, env })
  const text = 'Waiting for machine to be running, this may take a few minutes...'
  reporter.say({ machine: 'a', type: 'phase', phase: 'wait-running', text })
  reporter.say({ machine: 'a', type: 'warn', text: 'containers go on running while the engine restarts' })
  await sleep(250)
  await reporter.end()
  let sent = ''
  for (
    let part = (stream as unknown as PassThrough).read();
    part !== null;
    part = (stream as unknown as PassThrough).read()
  )
    sent += String(part)
  return sent
}

test('in 40 columns no drawn line wraps, and what stays is whole', async () => {
  const sent = await drawn(40, { TERM: 'xterm' })
  const plain = sent.replace(/\x1b\[[\d;?]*[a-zA-Z]/g, '')
  const [stays = ''] = plain.match(/✔.*$/s) ?? []
  expect(stays).toMatch(
    /^✔ Waiting for machine to be runni… 0\.\d s\n {2}warning: containers go on running while the engine restarts\n$/,
  )
  const frames = plain.slice(0, plain.indexOf('✔')).split('\n')
  expect(frames.length).toBeGreaterThan(2)
  for (const line of frames) expect([...line].length).toBeLessThanOrEqual(40)
  expect(sent).not.toMatch(/\x1b\[[\d;]*m/) // no colours
})

test.each([{ TERM: 'dumb' }, { TERM: 'xterm', CI: 'true' }])('with %j: plain lines', async env =>
  expect(await drawn(40, env)).toBe(
    'Waiting for machine to be running, this may take a few minutes...\nwarning: containers go on running while the engine restarts\n',
  ),
)
