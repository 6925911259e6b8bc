import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { MachineError } from '../errors.ts'
import { inspectInstance } from '../machine/instance.ts'
import { loadRecord } from '../machine/load.ts'

export default class Ip extends MachineCommand {
  static override summary = 'Print the addresses of machines.'
  static override usage = 'ip [NAME...]'
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = { json: Flags.boolean({ description: 'print as JSON' }) }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Ip)
    const w = this.world(flags)
    const names = await this.namesOrDefault(argv as string[], w)
    const addresses = await Promise.all(
      names.map(async name => {
        const { address, status } = await inspectInstance(await loadRecord(w.store, name, w.program), w)
        if (!address || status === 'Stopped')
          throw new MachineError('NOT_RUNNING', 'Host is not running', { hints: [`${w.program} start ${name}`] })
        return { name, address }
      }),
    )
    if (flags.json) return this.printJson(addresses)
    this.print(addresses.map(a => a.address).join('\n'))
  }
}
