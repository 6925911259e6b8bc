import { Args, Flags } from '@oclif/core'
import { url } from '../answers/url.ts'
import { MachineCommand } from '../command.ts'

export default class Url extends MachineCommand {
  static override summary = 'Print the URL of the engine of a machine.'
  static override usage = 'url [NAME]'
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = { json: Flags.boolean({ description: 'print as JSON' }) }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Url)
    this.answer(await url({ names: argv as string[], flags, typed: process.argv.slice(2) }, this.world(flags)))
  }
}
