/** Hands a command line to oclif. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { flush, run } from '@oclif/core'
import { normaliseArgv } from './normalise-argv.ts'

export async function runCommand(argv: string[]): Promise<void> {
  // dist/cli/<this bundle> → the package's root, where oclif finds package.json
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
  await run(normaliseArgv(argv), { root })
  await flush()
}
