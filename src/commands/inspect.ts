import { Args } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { loadRecord } from '../machine/load.ts'
import { renderRecord } from '../machine/record.ts'

export default class Inspect extends MachineCommand {
  static override summary = 'Print the record of a machine as JSON.'
  static override usage = 'inspect [NAME]'
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Inspect)
    const w = this.world(flags)
    this.print(renderRecord(await loadRecord(w.store, await this.oneName(argv as string[], w), w.program)))
  }
}
