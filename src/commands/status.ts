import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { EXIT, hasCode, MachineError, messageOf } from '../errors.ts'
import { inspectInstance } from '../machine/instance.ts'
import { loadRecord } from '../machine/load.ts'

export default class Status extends MachineCommand {
  static override summary = 'Print the state of a machine.'
  static override usage = 'status [NAME]'
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = { json: Flags.boolean({ description: 'print as JSON' }) }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Status)
    const w = this.world(flags)
    const name = await this.oneName(argv as string[], w)
    const record = await loadRecord(w.store, name, w.program).catch(error => {
      throw hasCode(error, 'NOT_FOUND')
        ? new MachineError('NOT_FOUND', messageOf(error), { exit: EXIT.missing })
        : error
    })
    const { status } = await inspectInstance(record, w)
    if (flags.json) return this.printJson({ name, status })
    this.print(status)
    if (status === 'Not Found') this.exit(EXIT.missing)
  }
}
