import { Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { integer, list } from '../flag-types.ts'
import { listNames, listWithRecords } from '../machine/list.ts'
import { machineList } from '../terminal/machine-list.ts'

export default class Ls extends MachineCommand {
  static override summary = 'List machines.'
  static override usage = 'ls [OPTIONS]'
  static override examples = [
    '<%= config.bin %> ls --filter state=running --filter driver=nspawn',
    "<%= config.bin %> ls --format 'table {{.Name}}\\t{{.State}}\\t{{.URL}}'",
  ]
  static override strict = false
  static override flags = {
    quiet: Flags.boolean({ char: 'q', description: 'names only' }),
    filter: list({
      description:
        'only machines that match: driver, state, name (a regular expression), label or swarm (name of the master); of one key any value, of several keys all',
      helpValue: 'KEY=VALUE',
    }),
    timeout: integer({ char: 't', description: 'seconds a machine may take to answer', default: 10, min: 1 }),
    format: Flags.string({
      char: 'f',
      description: 'a template of Go for each machine; begun with the word table, with a header and aligned at \\t',
      helpValue: 'TEMPLATE',
    }),
    json: Flags.boolean({ description: 'print the rows as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Ls)
    this.refuseArguments(argv)
    const text = machineList(flags.format)
    const w = this.world(flags)
    const options = { timeoutMs: flags.timeout * 1000, filters: flags.filter ?? [] }
    if (flags.quiet) {
      const names = await listNames(w, options)
      return flags.json ? this.printJson(names) : this.print(names.join('\n'))
    }
    const listed = await listWithRecords(w, options)
    if (flags.json) return this.printJson(listed.map(({ row }) => row))
    this.print(text.render(listed, this.program))
  }
}
