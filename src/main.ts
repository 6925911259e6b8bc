/** The command line proper, all of it oclif's. What must be quick was answered before this was loaded: src/quick. */
import { wantsDebug } from './debug.ts'
import { becomePlugin, pluginCall } from './docker-plugin.ts'
import { TOPICS, typedName } from './flags/topics.ts'
import { programName } from './program-name.ts'
import { runCommand } from './run-command.ts'
import { report } from './terminal/report-error.ts'

const commandNames = async () => {
  const { COMMANDS } = await import('./commands.ts')
  return [...Object.keys(COMMANDS).map(typedName), ...Object.keys(TOPICS)]
}

export async function main(typed: string[]): Promise<void> {
  const call = pluginCall(typed, process.env)
  const argv = call ? becomePlugin(call) : typed
  try {
    wantsDebug(argv, process.env)
    await runCommand(argv)
  } catch (error) {
    process.exitCode = await report(error, programName(process.env), argv, commandNames)
  }
  // Sockets of an aborted attempt must not keep a finished command alive.
  if (process.exitCode) setTimeout(() => process.exit(), 100).unref()
}
