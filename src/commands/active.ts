import { Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { activeMachine } from '../machine/connect.ts'

export default class Active extends MachineCommand {
  static override summary = 'Print the machine that DOCKER_HOST points at.'
  static override usage = 'active [OPTIONS]'
  static override strict = false
  static override flags = {
    timeout: Flags.integer({ char: 't', description: 'seconds the machines may take to answer', default: 10, min: 1 }),
    json: Flags.boolean({ description: 'print as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Active)
    this.refuseArguments(argv)
    const name = await activeMachine(this.world(flags), flags.timeout * 1000)
    if (flags.json) return this.printJson({ name })
    this.print(name)
  }
}
