/** Hands a command line to oclif. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { flush, run } from '@oclif/core'

export async function runCommand(argv: string[]): Promise<void> {
  // dist/cli/<this bundle> → the package's root, where oclif finds package.json
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
  await run(normalise(argv), { root })
  await flush()
}

/** No command is help, `help x` is `x --help`; `-v` is `version`. */
function normalise(argv: string[]): string[] {
  if (argv.length === 0) return ['--help']
  if (argv[0] === 'help') return argv.length > 1 ? [...argv.slice(1), '--help'] : ['--help']
  if (argv.length === 1 && (argv[0] === '-v' || argv[0] === '--version')) return ['version']
  return argv
}
