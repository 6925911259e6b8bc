import { Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { listMachines } from '../machine/list.ts'
import { table } from '../terminal/table.ts'

export default class Ls extends MachineCommand {
  static override summary = 'List machines.'
  static override usage = 'ls [OPTIONS]'
  static override strict = false
  static override flags = {
    quiet: Flags.boolean({ char: 'q', description: 'names only' }),
    timeout: Flags.integer({ char: 't', description: 'seconds a machine may take to answer', default: 10, min: 1 }),
    json: Flags.boolean({ description: 'print the rows as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Ls)
    this.refuseArguments(argv)
    const w = this.world(flags)
    if (flags.quiet) return this.print((await w.store.list()).join('\n'))
    const rows = await listMachines(w, { timeoutMs: flags.timeout * 1000 })
    if (flags.json) return this.printJson(rows)
    const cells = rows.map(r => [r.name, r.active ? '*' : '-', r.driver, r.state, r.url, '', r.docker, r.error])
    this.print(table([['NAME', 'ACTIVE', 'DRIVER', 'STATE', 'URL', 'SWARM', 'DOCKER', 'ERRORS'], ...cells]))
  }
}
