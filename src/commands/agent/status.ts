import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../../command.ts'
import { EXIT } from '../../errors.ts'
import { type AgentStatus, agentStatus } from '../../machine/agent/status.ts'
import { forEach } from '../../several.ts'
import { renderAgentStatus } from '../../terminal/agent-status.ts'

export default class AgentStatusCommand extends MachineCommand {
  static override summary = 'Show what the engine agents of machines say: of themselves, the engine, the host.'
  static override usage = 'agent status [OPTIONS] [NAME...]'
  static override examples = [
    '<%= config.bin %> agent status dev',
    '<%= config.bin %> agent status --exit-code dev >/dev/null || echo look at dev',
  ]
  static override strict = false
  // A certificate that is renewed on the way is told elsewhere than among the answers, under any name.
  protected override readonly cleanStdout = true
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = {
    'exit-code': Flags.boolean({ description: 'exit 1 when an agent tells a problem' }),
    json: Flags.boolean({ description: 'print what they say as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(AgentStatusCommand)
    const w = this.world(flags)
    const names = await this.severalNames(argv as string[], w)
    const seen = new Map<string, AgentStatus>()
    const failure = await forEach(names, async name => {
      seen.set(name, await agentStatus(name, w))
    }).catch(error => error)
    const all = names.flatMap(name => seen.get(name) ?? [])
    if (flags.json) this.printJson(all)
    else for (const { name, url, health } of all) this.print(renderAgentStatus(name, url, health, w.now()))
    if (failure) throw failure
    if (flags['exit-code'] && all.some(({ health }) => health.problems.length > 0)) process.exitCode = EXIT.failed
  }
}
