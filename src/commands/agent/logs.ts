import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../../command.ts'
import { agentLogs } from '../../machine/agent/logs.ts'

export default class AgentLogs extends MachineCommand {
  static override summary = 'Print what the engine agent of a machine wrote: a line a request, and its own.'
  static override usage = 'agent logs [OPTIONS] [NAME]'
  static override examples = [
    "<%= config.bin %> agent logs --since '1 hour ago' dev",
    '<%= config.bin %> agent logs -f dev',
  ]
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = {
    follow: Flags.boolean({ char: 'f', description: 'go on with what comes, until Ctrl-C' }),
    lines: Flags.integer({
      char: 'n',
      description: 'how many of the last lines',
      default: 100,
      min: 0,
      helpValue: 'N',
    }),
    since: Flags.string({ description: "only what is newer: '2026-01-31 10:00', '1 hour ago'", helpValue: 'TIME' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(AgentLogs)
    const w = this.world(flags)
    const name = await this.oneName(argv as string[], w)
    process.exitCode = await agentLogs(name, flags, w)
  }
}
