import { Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { driverRows } from '../machine/default-driver.ts'
import { table } from '../terminal/table.ts'

export default class Drivers extends MachineCommand {
  static override summary = 'List the drivers, whether they can be used here, and what is missing.'
  static override usage = 'drivers [--json]'
  static override strict = false
  static override flags = { json: Flags.boolean({ description: 'print the rows as JSON' }) }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Drivers)
    this.refuseArguments(argv)
    const rows = await driverRows(this.world(flags))
    if (flags.json) return this.printJson(rows)
    const cells = rows.map(r => [
      r.name + (r.chosen ? ' *' : ''),
      r.usable ? 'yes' : 'no',
      r.summary,
      r.missing.join('; '),
    ])
    this.print(table([['NAME', 'USABLE', 'WHAT', 'MISSING'], ...cells]))
    if (rows.some(r => r.chosen)) this.tell('* is taken by create when no driver is named')
  }
}
