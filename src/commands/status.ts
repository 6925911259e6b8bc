import { Args, Flags } from '@oclif/core'
import { status } from '../answers/status.ts'
import { MachineCommand } from '../command.ts'

export default class Status extends MachineCommand {
  static override summary = 'Print the state of a machine.'
  static override usage = 'status [NAME]'
  static override strict = false
  // A certificate that is renewed on the way is told elsewhere than among the answers, under any name.
  protected override readonly cleanStdout = true
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = { json: Flags.boolean({ description: 'print as JSON' }) }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Status)
    this.answer(await status({ names: argv as string[], flags, typed: process.argv.slice(2) }, this.world(flags)))
  }
}
