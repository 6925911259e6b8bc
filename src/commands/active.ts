import { Flags } from '@oclif/core'
import { ACTIVE_TIMEOUT_S, active } from '../answers/active.ts'
import { MachineCommand } from '../command.ts'
import { integer } from '../flags/types.ts'

export default class Active extends MachineCommand {
  static override summary = 'Print the machine that DOCKER_HOST points at.'
  static override usage = 'active [OPTIONS]'
  static override strict = false
  static override flags = {
    timeout: integer({
      char: 't',
      description: 'seconds the machines may take to answer',
      default: ACTIVE_TIMEOUT_S,
      min: 1,
    }),
    json: Flags.boolean({ description: 'print as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Active)
    this.answer(await active({ names: argv as string[], flags, typed: process.argv.slice(2) }, this.world(flags)))
  }
}
