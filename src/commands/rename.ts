import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { renameMachine } from '../machine/rename.ts'

export default class Rename extends MachineCommand {
  static override summary = 'Give a machine another name.'
  static override description =
    'Certificates, keys and the host itself go on as they are. A host that was made for the machine keeps its host name until ' +
    'the next provision, which gives it the new one; a host that was there before keeps its own for good. Shells that ' +
    'were pointed at the machine need env once more. Where a driver knows its host by the name, the machine cannot be renamed.'
  static override usage = 'rename OLD NEW'
  static override strict = false
  // docker-machine had no such command: stdout is for results under any name.
  protected override readonly cleanStdout = true
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = { json: Flags.boolean({ description: 'print what was done as JSON' }) }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Rename)
    const [from, to, ...more] = argv as string[]
    if (from === undefined || to === undefined || more.length > 0)
      throw new UsageError('Error: Expected two machine names as arguments', [`${this.program} rename OLD NEW`])
    const done = await renameMachine(from, to, this.world(flags))
    if (flags.json) return this.printJson(done)
    this.tell(`"${from}" is now "${to}".`)
    if (done.hostFollows)
      this.tell(`Its host is called ${from} until the next provision: ${this.program} provision ${to}`)
  }
}
