import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../../command.ts'
import { messageOf } from '../../errors.ts'
import { type UpgradedAgent, upgradeAgent } from '../../machine/agent/upgrade.ts'
import { forEach } from '../../several.ts'

export default class AgentUpgrade extends MachineCommand {
  static override summary = "Bring machines' engine agents to the one of this program; containers and the engine go on."
  static override description =
    'The machine is brought to what its record says on the way, as by provision. An agent that does not come up gives way to the one before it.'
  static override usage = 'agent upgrade [OPTIONS] [NAME...]'
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = { json: Flags.boolean({ description: 'print what was done as JSON' }) }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(AgentUpgrade)
    const w = this.world(flags, argv as string[], true)
    const names = await this.severalNames(argv as string[], w)
    const done: UpgradedAgent[] = []
    const failure = await forEach(names, async name => {
      const started = Date.now()
      try {
        const upgraded = await upgradeAgent(name, w)
        const { version, digest, changed } = upgraded
        const what = changed.length === 0 ? 'nothing had to be changed' : `changed: ${changed.join(', ')}`
        w.say({ machine: name, type: 'info', text: what })
        const text = `the agent of "${name}" is ${version} (${digest})`
        w.say({ machine: name, type: 'finished', text, ms: Date.now() - started })
        done.push(upgraded)
      } catch (error) {
        w.say({ machine: name, type: 'failed', text: messageOf(error), ms: Date.now() - started })
        throw error
      }
    }).catch(error => error)
    if (flags.json) this.printJson(done)
    if (failure) throw failure
  }
}
