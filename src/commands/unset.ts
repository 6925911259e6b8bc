import { Flags } from '@oclif/core'
import { env } from '../answers/env.ts'
import { MachineCommand } from '../command.ts'

export default class Unset extends MachineCommand {
  static override summary = 'Print what takes the environment of `env` away again (as `env -u`).'
  static override usage = 'unset [--shell SHELL]'
  static override strict = false
  static override flags = {
    shell: Flags.string({ description: 'write for this shell; default: the one in use' }),
    json: Flags.boolean({ description: 'print the variables as JSON' }),
  }
  protected override readonly cleanStdout = true

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Unset)
    this.refuseArguments(argv)
    this.answer(
      await env({ names: [], flags: { ...flags, unset: true }, typed: process.argv.slice(2) }, this.world(flags)),
    )
  }
}
