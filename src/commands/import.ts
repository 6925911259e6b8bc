import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { lineToCopy } from '../line-to-copy.ts'
import { collectBundle, readBundle } from '../machine/bundle/file.ts'
import { type Imported, importMachine } from '../machine/import.ts'
import { passphraseFrom } from '../terminal/passphrase.ts'

export default class Import extends MachineCommand {
  static override summary = 'Take a machine out of a bundle that export wrote.'
  static override description =
    'The machine keeps the CA it came with, beside the one of this store. A bundle is refused whole when anything in it is not ' +
    'as it should be, and nothing that is there is overwritten. Import bundles of people you trust: commands act on the host ' +
    'that the bundle names.'
  static override usage = 'import FILE [OPTIONS]'
  static override examples = ['<%= config.bin %> import dev.machine.age', '<%= config.bin %> import --as anna-dev -']
  static override strict = false
  // docker-machine had no such command: stdout is for results under any name.
  protected override readonly cleanStdout = true
  static override args = { file: Args.string({ description: 'the bundle, - for stdin', ignoreStdin: true }) }
  static override flags = {
    as: Flags.string({ description: "name of the machine here (default: the bundle's)", helpValue: 'NAME' }),
    'passphrase-stdin': Flags.boolean({ description: 'read the passphrase from stdin' }),
    json: Flags.boolean({ description: 'print what was imported as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Import)
    const [file, ...more] = argv as string[]
    if (file === undefined || more.length > 0)
      throw new UsageError('Error: Expected one file as an argument', [`${this.program} import FILE`])
    if (file === '-' && flags['passphrase-stdin'])
      throw new UsageError('stdin cannot hold both the bundle and its passphrase', [
        'give the passphrase in MACHINE_PASSPHRASE',
      ])
    const w = this.world(flags)
    const bytes = file === '-' ? await collectBundle(process.stdin) : await readBundle(file)
    const done = await importMachine(bytes, w, {
      ...(flags.as === undefined ? {} : { as: flags.as }),
      passphrase: () =>
        passphraseFrom({ fromStdin: flags['passphrase-stdin'], env: process.env, ask: w.askSecret, twice: false }),
    })
    if (flags.json) return this.printJson(done)
    this.report(done, flags['storage-path'])
  }

  private report({ name, kind, authority, caKey }: Imported, storagePath?: string): void {
    const can = kind === 'client' ? 'It can be used from here, not managed' : 'It can be used and managed from here'
    const but = kind === 'full' && authority !== 'none' && !caKey ? ', but its certificates not renewed' : ''
    const own = authority === 'own' ? '; it keeps a CA of its own' : ''
    this.tell(`"${name}" is imported. ${can}${but}${own}.`)
    if (authority === 'none') return
    const at = { program: this.program, storagePath, env: process.env, platform: process.platform }
    this.tell(`To point your Docker client at it, run: ${lineToCopy(name, at)}`)
  }
}
