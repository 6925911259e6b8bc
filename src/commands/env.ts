import { Args, Flags } from '@oclif/core'
import { env } from '../answers/env.ts'
import { MachineCommand } from '../command.ts'
import { SHELLS } from '../machine/environment.ts'

export default class Env extends MachineCommand {
  static override summary = 'Print the environment that points the Docker client at a machine.'
  static override usage = 'env [OPTIONS] [NAME]'
  static override examples = ['eval $(<%= config.bin %> env dev)', 'eval $(<%= config.bin %> env -u)']
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = {
    shell: Flags.string({ description: `write for this shell: ${SHELLS.join(', ')}; default: the one in use` }),
    unset: Flags.boolean({ char: 'u', description: 'take the variables away instead' }),
    swarm: Flags.boolean({ description: "the swarm manager's address instead of the engine's" }),
    'no-proxy': Flags.boolean({ description: "put the machine's address into no_proxy" }),
    'no-check': Flags.boolean({ description: 'print without asking the engine first' }),
    json: Flags.boolean({ description: 'print the variables as JSON' }),
  }
  protected override readonly cleanStdout = true

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Env)
    this.answer(await env({ names: argv as string[], flags, typed: process.argv.slice(2) }, this.world(flags)))
  }
}
