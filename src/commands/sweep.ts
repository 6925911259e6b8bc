/** `DRIVER sweep`, one command for each driver that can find what its machines left behind. */
import { type Command, Flags, type Interfaces } from '@oclif/core'
import type { AnyDriver } from '../../drivers/driver.ts'
import { drivers } from '../../drivers/index.ts'
import type { Marked } from '../../drivers/sweep.ts'
import { MachineCommand } from '../command.ts'
import { readConfig } from '../driver-config.ts'
import { oclifFlags } from '../driver-flags.ts'
import { withSecrets } from '../driver-secrets.ts'
import { MachineError } from '../errors.ts'
import { sweep } from '../machine/sweep.ts'
import { table } from '../terminal/table.ts'

/** The commands by their names in the table. */
export function sweepCommands(): Record<string, Command.Class> {
  const able = drivers.filter(driver => driver.sweep)
  return Object.fromEntries(able.map(driver => [`${driver.name}:sweep`, sweepCommand(driver)]))
}

function sweepCommand(driver: AnyDriver): Command.Class {
  const looking: AnyDriver = { ...driver, flags: driver.sweep?.flags ?? {} }
  return class Sweep extends MachineCommand {
    static override summary =
      `List what this store made with driver ${driver.name} and no machine owns any more; --yes removes it.`
    static override description =
      'Only what carries the mark of this store is looked at. What a machine of this store owns stays, also one that is being created.'
    static override usage = `${driver.name} sweep [OPTIONS]`
    static override examples = [
      `<%= config.bin %> ${driver.name} sweep`,
      `<%= config.bin %> ${driver.name} sweep --yes`,
    ]
    static override strict = false
    static override flags: Interfaces.FlagInput = {
      yes: Flags.boolean({ char: 'y', description: 'remove what is listed' }),
      json: Flags.boolean({ description: 'print what was found, removed and left as JSON' }),
      ...oclifFlags([looking], driver.name),
    }

    override async run(): Promise<void> {
      const { flags, argv } = await this.parse(Sweep)
      this.refuseArguments(argv)
      const w = withSecrets(this.world(flags), looking, flags)
      const config = readConfig(looking, flags, process.env, [])
      const { leftovers, removed, left } = await sweep(driver, config, w, { remove: flags.yes === true })
      if (flags.json) this.printJson({ leftovers, removed, left })
      else if (leftovers.length > 0) this.print(table([HEAD, ...leftovers.map(row)]))
      if (leftovers.length === 0) this.tell('Nothing is left behind.')
      else if (flags.yes !== true)
        this.tell(`${this.program} ${driver.name} sweep --yes removes ${leftovers.length === 1 ? 'it' : 'them'}`)
      else this.tell(`${removed.length} of ${leftovers.length} removed`)
      if (left.length > 0)
        throw new MachineError(
          'LEFT_BEHIND',
          left.map(({ thing, why }) => `${thing.kind} ${thing.id}: ${why}`).join('\n'),
        )
    }
  }
}

const HEAD = ['KIND', 'ID', 'WHERE', 'MACHINE', 'WHAT']

function row({ kind, id, place, machine = '', detail = '' }: Marked): string[] {
  return [kind, id, place, machine, detail]
}
