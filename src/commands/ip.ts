import { Args, Flags } from '@oclif/core'
import { ip } from '../answers/ip.ts'
import { MachineCommand } from '../command.ts'

export default class Ip extends MachineCommand {
  static override summary = 'Print the addresses of machines.'
  static override usage = 'ip [NAME...]'
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = { json: Flags.boolean({ description: 'print as JSON' }) }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Ip)
    this.answer(await ip({ names: argv as string[], flags, typed: process.argv.slice(2) }, this.world(flags)))
  }
}
