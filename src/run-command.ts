/** Hands a command line to oclif. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { flush, type Interfaces, run } from '@oclif/core'
import { globalFlags } from './command.ts'
import { COMMANDS } from './commands.ts'
import { normaliseArgv } from './flags/normalise-argv.ts'
import { TOPICS } from './flags/topics.ts'
import type { FlagTable, KnownFlag } from './flags/words.ts'
import { programName } from './program-name.ts'
import { PACKAGE } from './version.ts'

export async function runCommand(argv: string[]): Promise<void> {
  // dist/cli/<this bundle> → the package's root, from where oclif finds the commands
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
  // Help names the program as it was called.
  const topics = Object.fromEntries(Object.entries(TOPICS).map(([name, description]) => [name, { description }]))
  const pjson = { ...PACKAGE, oclif: { ...PACKAGE.oclif, bin: programName(process.env), topics } } as Interfaces.PJSON
  await run(normaliseArgv(argv, flagsOf), { root, pjson })
  await flush()
}

function flagsOf(command: string): FlagTable | undefined {
  const found = Object.entries(COMMANDS).find(([name]) => name === command)?.[1]
  if (!found) return undefined
  const flags: Interfaces.FlagInput = { ...globalFlags, ...found.flags }
  const known = new Map<string, KnownFlag>()
  for (const [name, flag] of Object.entries(flags)) {
    const entry = {
      name,
      takesValue: flag.type === 'option',
      repeats: flag.type === 'option' && flag.multiple === true,
      negatable: flag.type === 'boolean' && flag.allowNo === true,
    }
    for (const key of [name, flag.char]) if (key) known.set(key, entry)
  }
  return name => known.get(name)
}
