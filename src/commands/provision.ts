import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { messageOf } from '../errors.ts'
import { provisionMachine } from '../machine/provision.ts'
import { forEach } from '../several.ts'

export default class Provision extends MachineCommand {
  static override summary = 'Bring machines to what their records say; change nothing where all of it holds.'
  static override usage = 'provision [NAME...]'
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = {
    'accept-host-key': Flags.boolean({ description: 'the host was rebuilt: pin the SSH host key it shows now' }),
    'engine-agent': Flags.string({
      description: 'put the agent in front of the engine, or take it away; containers go on running',
      options: ['on', 'off'],
    }),
    'engine-agent-registry': Flags.string({
      description: "npm registry the host gets the agent's runtime from; '' goes back to npm's here",
      helpValue: 'URL',
    }),
    json: Flags.boolean({ description: 'print what was changed as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Provision)
    const w = this.world(flags, argv as string[], true)
    const names = await this.severalNames(argv as string[], w)
    const done: { name: string; engineVersion: string; changed: readonly string[] }[] = []
    await forEach(names, async name => {
      const started = Date.now()
      try {
        const agent = flags['engine-agent'] as 'on' | 'off' | undefined
        const agentRegistry = flags['engine-agent-registry']
        const { engineVersion, changed } = await provisionMachine(name, w, {
          acceptHostKey: flags['accept-host-key'],
          ...(agent ? { agent } : {}),
          ...(agentRegistry === undefined ? {} : { agentRegistry }),
        })
        const text = changed.length === 0 ? 'nothing had to be changed' : `changed: ${changed.join(', ')}`
        w.say({ machine: name, type: 'info', text })
        w.say({ machine: name, type: 'finished', text: 'Docker is up and running!', ms: Date.now() - started })
        done.push({ name, engineVersion, changed })
      } catch (error) {
        w.say({ machine: name, type: 'failed', text: messageOf(error), ms: Date.now() - started })
        throw error
      }
    })
    if (flags.json) this.printJson(done)
  }
}
