/** What start, stop, restart and kill share: several machines at once, each failing for itself. */
import { Args } from '@oclif/core'
import { MachineCommand } from './command.ts'
import { type PowerVerb, power } from './machine/power.ts'
import { forEach } from './several.ts'

export abstract class PowerCommand extends MachineCommand {
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  protected abstract readonly verb: PowerVerb

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(PowerCommand)
    const w = this.world(flags, argv as string[])
    const names = await this.severalNames(argv as string[], w)
    await forEach(names, name => power(this.verb, name, w))
    if (this.verb === 'start' || this.verb === 'restart')
      this.tell(
        `Started machines may have new IP addresses. You may need to re-run the \`${this.program} env\` command.`,
      )
  }
}
