/** Tables of what a create refuses, and the whole of what it says then. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import type { Ran } from '../kit/cli.ts'

export interface Refusal {
  /** The first line of its block: flags, or what the cloud answers. */
  readonly ask: string
  readonly code: number
  readonly text: string
  readonly hints: readonly string[]
}

/** Blocks of a file beside the tests, after the one that explains: `ask`, two spaces and `code text`, then hints. */
export function readRefusals(file: string): Refusal[] {
  return readFileSync(join(import.meta.dirname, file), 'utf8')
    .trim()
    .split('\n\n')
    .slice(1)
    .map(block => {
      const [ask = '', said = '', ...hints] = block.split('\n')
      const [, code, text = ''] = /^ {2}(\d) (.*)$/.exec(said) ?? []
      return { ask, code: Number(code), text, hints }
    })
}

/** The whole of what is said before anything is made. */
export function saidBefore(code: number, text: string, hints: readonly string[]): Ran {
  return {
    code,
    signal: null,
    stdout: '',
    stderr: [
      'Running pre-create checks...',
      code === 2
        ? `Error setting machine configuration from flags provided: ${text}`
        : `Error with pre-create check: ${JSON.stringify(text)}`,
      ...hints,
      '',
    ].join('\n'),
  }
}

/** Asks for each of them, some at once, and compares all that was said. `here`: a text of the table in this cloud. */
export async function expectRefused(
  cases: readonly Refusal[],
  create: (ask: string) => Promise<Ran>,
  { here = text => text, atOnce = 3 }: { here?: (text: string) => string; atOnce?: number } = {},
): Promise<void> {
  const left = [...cases]
  const seen: unknown[] = []
  const work = async () => {
    for (let each = left.shift(); each !== undefined; each = left.shift()) seen.push([each.ask, await create(each.ask)])
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  const expected = cases.map(({ ask, code, text, hints }) => [ask, saidBefore(code, here(text), hints.map(here))])
  const inOrder = (all: unknown[]) => all.map(each => JSON.stringify(each, undefined, 1)).sort()
  expect(inOrder(seen)).toEqual(inOrder(expected))
}

/** The words of a line of flags, with the driver's name before each. */
export function flagWords(driver: string, flags: string): string[] {
  const words = flags.split(' ').filter(word => word !== '')
  return words.map(word => (word.startsWith('--no-') ? word : word.replace(/^--/, `--${driver}-`)))
}
