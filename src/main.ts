/** Where the CLI begins. What must be quick is answered before oclif is loaded; all else is oclif's. */
import { programName } from './program-name.ts'
import { report } from './terminal/report-error.ts'

export async function main(argv: string[]): Promise<void> {
  try {
    if (argv[0] === 'env' && (await (await import('./quick-env.ts')).quickEnv(argv.slice(1)))) return
    const { runCommand } = await import('./run-command.ts')
    await runCommand(argv)
  } catch (error) {
    process.exitCode = report(error, programName(process.env), argv)
  }
  // Sockets of an aborted attempt must not keep a finished command alive.
  if (process.exitCode) setTimeout(() => process.exit(), 100).unref()
}
