import { Args, Flags } from '@oclif/core'
import { inspect } from '../answers/inspect.ts'
import { MachineCommand } from '../command.ts'

export default class Inspect extends MachineCommand {
  static override summary = 'Print the record of a machine as JSON.'
  static override usage = 'inspect [OPTIONS] [NAME]'
  static override examples = ["<%= config.bin %> inspect -f '{{.Driver.IPAddress}}' dev"]
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = {
    format: Flags.string({
      char: 'f',
      description: 'a template of Go over the record, as {{.Driver.IPAddress}} or {{prettyjson .HostOptions}}',
      helpValue: 'TEMPLATE',
    }),
    json: Flags.boolean({ description: 'print as JSON, which it does anyway' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Inspect)
    this.answer(await inspect({ names: argv as string[], flags, typed: process.argv.slice(2) }, this.world(flags)))
  }
}
