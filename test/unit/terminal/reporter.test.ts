import { PassThrough } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import type { MachineEvent } from '../../../src/events.ts'
import { jsonLines } from '../../../src/terminal/json-lines.ts'
import { plainLines } from '../../../src/terminal/plain-lines.ts'
import { withBar, withShare } from '../../../src/terminal/progress.ts'
import { createReporter, type Reporter } from '../../../src/terminal/reporter.ts'

const EVENTS: MachineEvent[] = [
  { type: 'info', text: 'Using driver nspawn' },
  { machine: 'a', type: 'phase', phase: 'create', text: 'Creating machine...' },
  { machine: 'a', type: 'progress', text: 'unpacking', fraction: 0.5 },
  { machine: 'a', type: 'warn', text: 'no memory controller' },
  { machine: 'a', type: 'finished', text: 'Docker is up and running!', ms: 12 },
]

function told(make: (stream: PassThrough) => Reporter, events = EVENTS): string[] {
  const stream = new PassThrough()
  const reporter = make(stream)
  for (const event of events) reporter.say(event)
  let text = ''
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) text += String(chunk)
  return text.trimEnd().split('\n')
}

describe('plain lines', () => {
  test('one machine: no prefix, progress held back', () =>
    expect(told(s => plainLines(['a'], s))).toEqual([
      'Using driver nspawn',
      'Creating machine...',
      'warning: no memory controller',
      'Docker is up and running!',
    ]))
  test('several machines: each line names its own', () =>
    expect(told(s => plainLines(['a', 'b'], s))[1]).toBe('(a) Creating machine...'))
  test('a failure is left to the error of the command, unless others go on', () => {
    const failed: MachineEvent[] = [{ machine: 'a', type: 'failed', text: 'no', ms: 1 }]
    expect(told(s => plainLines(['a'], s), failed)).toEqual([''])
    expect(told(s => plainLines(['a', 'b'], s), failed)).toEqual(['(a) no'])
  })
})

test('JSON lines carry level, machine and the phase they fall in', () => {
  const lines = told(jsonLines).map(line => JSON.parse(line) as Record<string, unknown>)
  for (const line of lines) expect(line.msg).toBe(line.message) // the name GitLab's fork gave it
  expect(lines.map(({ time: _, msg: __, ...rest }) => rest)).toEqual([
    { level: 'info', message: 'Using driver nspawn' },
    { level: 'info', message: 'Creating machine...', machine: 'a', phase: 'create' },
    { level: 'info', message: 'unpacking', machine: 'a', phase: 'create', fraction: 0.5 },
    { level: 'warning', message: 'no memory controller', machine: 'a', phase: 'create' },
    { level: 'info', message: 'Docker is up and running!', machine: 'a', phase: 'create', ms: 12 },
  ])
})

test('debug is told only when asked for', () => {
  const make = (debug: boolean) => (stream: PassThrough) =>
    createReporter({ format: 'text', debug, stream: stream as unknown as NodeJS.WriteStream, names: ['a'], live: true })
  const events: MachineEvent[] = [{ machine: 'a', type: 'debug', text: 'attempt 1' }]
  expect(told(make(false), events)).toEqual([''])
  expect(told(make(true), events)).toEqual(['attempt 1'])
})

test('a file under way: a bar where it moves, a share where lines stay, bytes for programs', () => {
  const event: MachineEvent = { type: 'progress', text: 'sending', fraction: 0.5, bytes: { done: 26e6, total: 52e6 } }
  expect(withBar(event)).toBe('sending ██████████░░░░░░░░░░ 26 of 52 MB')
  expect(withShare(event)).toBe('sending: 50 % of 52 MB')
  expect(withBar({ type: 'progress', text: 'unpacking', fraction: 0.5 })).toBe('unpacking')
  expect(JSON.parse(told(jsonLines, [event])[0] ?? '')).toMatchObject({ bytes: { done: 26e6, total: 52e6 } })
})
