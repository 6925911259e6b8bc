import { Args, Flags } from '@oclif/core'
import { config } from '../answers/config.ts'
import { MachineCommand } from '../command.ts'

export default class Config extends MachineCommand {
  static override summary = 'Print the connection options for the docker command.'
  static override usage = 'config [OPTIONS] [NAME]'
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  protected override readonly cleanStdout = true
  static override flags = {
    swarm: Flags.boolean({ description: "the swarm manager's address instead of the engine's" }),
    'no-check': Flags.boolean({ description: 'print without asking the engine first' }),
    json: Flags.boolean({ description: 'print as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Config)
    this.answer(await config({ names: argv as string[], flags, typed: process.argv.slice(2) }, this.world(flags)))
  }
}
