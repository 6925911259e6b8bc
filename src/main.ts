/** Where the CLI begins: runs oclif and turns what it throws into one clear text and an exit code. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { flush, run } from '@oclif/core'
import { programName } from './command.ts'
import { report } from './terminal/report-error.ts'

export async function main(argv: string[]): Promise<void> {
  const program = programName(process.env)
  try {
    // dist/cli/main.js → the package's root, where oclif finds package.json
    const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
    await run(argv.length === 0 ? ['--help'] : normalise(argv), { root })
    await flush()
  } catch (error) {
    process.exitCode = report(error, program, argv)
  }
  // Sockets of an aborted attempt must not keep a finished command alive.
  if (process.exitCode) setTimeout(() => process.exit(), 100).unref()
}

/** `help x` is `x --help`; `-v` is `version`. */
function normalise(argv: string[]): string[] {
  if (argv[0] === 'help') return argv.length > 1 ? [...argv.slice(1), '--help'] : ['--help']
  if (argv.length === 1 && (argv[0] === '-v' || argv[0] === '--version')) return ['version']
  return argv
}
