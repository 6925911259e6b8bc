import { Args } from '@oclif/core'
import { MachineCommand } from '../../command.ts'
import { restartAgent } from '../../machine/agent/restart.ts'
import { forEach } from '../../several.ts'

export default class AgentRestart extends MachineCommand {
  static override summary = 'Restart the engine agents of machines; containers and the engine go on.'
  static override usage = 'agent restart [NAME...]'
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(AgentRestart)
    const w = this.world(flags, argv as string[])
    const names = await this.severalNames(argv as string[], w)
    await forEach(names, async name => {
      const { agent } = await restartAgent(name, w)
      w.say({ machine: name, type: 'info', text: `the agent ${agent.version} (${agent.digest}) of "${name}" answers` })
    })
  }
}
