/**
 * `machine __complete WORD…`: what may stand for the last word, for the scripts of `completion` and for docker, which asks
 * its plug-ins so. A line a candidate, TAB, its explanation; at last `:` and the directive. Neither oclif nor a driver is
 * loaded: a Tab has to be quick.
 */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { machineNames } from '../machine/names.ts'
import { complete } from './complete.ts'
import type { Table } from './table.ts'

/** Some shells cannot pass an empty word: this one in front says that the last word is new. */
const NEW_WORD = '--new-word'
/** An explanation shares its line with the candidate. */
const MAX_HELP = 72

export async function answerCompletion(argv: readonly string[], described: boolean): Promise<void> {
  const words = argv[0] === NEW_WORD ? [...argv.slice(1), ''] : argv
  const { env } = process
  const { candidates, directive } = await complete(words, table(), {
    driver: env.MACHINE_DRIVER || undefined,
    names: path => namesIn(path ?? (env.MACHINE_STORAGE_PATH || join(homedir(), '.docker', 'machine'))),
  })
  const lines = candidates.map(({ text, help }) => (described && help ? `${text}\t${shorten(help)}` : text))
  process.stdout.write(`${[...lines, `:${directive}`].join('\n')}\n`)
}

/** Written by the build, beside the bundle this is part of. */
function table(): Table {
  return JSON.parse(readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'completion', 'table.json'), 'utf8'))
}

async function namesIn(path: string): Promise<string[]> {
  const names = await machineNames(path.replace(/^~(?=\/|$)/, homedir()))
  return names.filter(name => !/\p{Cc}/u.test(name)) // a line is a candidate
}

function shorten(text: string): string {
  return text.length <= MAX_HELP ? text : `${text.slice(0, MAX_HELP - 1).trimEnd()}…`
}
