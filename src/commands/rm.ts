import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { removeMachine } from '../machine/remove.ts'
import { forEach } from '../several.ts'
import { confirm } from '../terminal/secret.ts'

export default class Rm extends MachineCommand {
  static override summary = 'Remove machines and all that was made for them.'
  static override usage = 'rm [OPTIONS] NAME...'
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = {
    force: Flags.boolean({ char: 'f', description: 'drop the record even if the host cannot be removed; implies -y' }),
    yes: Flags.boolean({ char: 'y', description: 'do not ask' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Rm)
    const names = [...new Set(argv as string[])]
    if (names.length === 0)
      throw new UsageError('Error: Expected to get one or more machine names as arguments', [`${this.program} rm NAME`])
    const w = this.world(flags, names)
    this.tell(`About to remove ${names.join(', ')}`)
    this.tell('WARNING: This action will delete both local reference and remote instance.')
    if (!flags.yes && !flags.force && !(await confirm('Are you sure? (y/n): ', this.infoStream))) return
    await forEach(names, async name => {
      await removeMachine(name, w, { force: flags.force })
      this.tell(`Successfully removed ${name}`)
    })
  }
}
