import { Flags } from '@oclif/core'
import { LS_TIMEOUT_S, ls } from '../answers/ls.ts'
import { MachineCommand } from '../command.ts'
import { integer, list } from '../flags/types.ts'

export default class Ls extends MachineCommand {
  static override summary = 'List machines.'
  static override usage = 'ls [OPTIONS]'
  static override examples = [
    '<%= config.bin %> ls --filter state=running --filter driver=nspawn',
    "<%= config.bin %> ls --format 'table {{.Name}}\\t{{.State}}\\t{{.URL}}'",
  ]
  static override strict = false
  // A certificate that is renewed on the way is told elsewhere than among the answers, under any name.
  protected override readonly cleanStdout = true
  static override flags = {
    quiet: Flags.boolean({ char: 'q', description: 'names only' }),
    filter: list({
      description:
        'only machines that match: driver, state, name (a regular expression), label or swarm (name of the master); of one key any value, of several keys all',
      helpValue: 'KEY=VALUE',
    }),
    timeout: integer({
      char: 't',
      description: 'seconds a machine may take to answer',
      default: LS_TIMEOUT_S,
      min: 1,
    }),
    format: Flags.string({
      char: 'f',
      description: 'a template of Go for each machine; begun with the word table, with a header and aligned at \\t',
      helpValue: 'TEMPLATE',
    }),
    json: Flags.boolean({ description: 'print the rows as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Ls)
    this.answer(await ls({ names: argv as string[], flags, typed: process.argv.slice(2) }, this.world(flags)))
  }
}
