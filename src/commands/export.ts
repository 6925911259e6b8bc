import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { writeBundle } from '../machine/bundle/file.ts'
import { type Exported, exportMachine } from '../machine/export.ts'
import { passphraseFrom } from '../terminal/passphrase.ts'

export default class Export extends MachineCommand {
  static override summary = 'Write a machine into one file, for another computer or another person.'
  static override description =
    'A full bundle holds all that managing the machine takes: its record, its SSH key, the client certificate, and the CA with ' +
    'its key. With the key of the CA certificates for every machine of this store can be issued: give full bundles to ' +
    'yourself and to those you trust with all of them, or leave that key out with --without-ca-key. A --client-only bundle ' +
    'holds what using the engine takes, and whoever can use an engine is root on its host. Neither can be called back: ' +
    'dockerd knows no revocation.\n\n' +
    'The file is a tar in the passphrase encryption of age: age -d dev.machine.age | tar x opens it, too. The passphrase is ' +
    'asked for twice on a terminal; elsewhere it comes from --passphrase-stdin or MACHINE_PASSPHRASE.'
  static override usage = 'export [NAME] [OPTIONS]'
  static override examples = [
    '<%= config.bin %> export dev',
    '<%= config.bin %> export dev --client-only -o for-anna.age',
    'pass show bundle | <%= config.bin %> export dev --passphrase-stdin -o - >dev.age',
  ]
  static override strict = false
  // docker-machine had no such command: stdout is for results under any name.
  protected override readonly cleanStdout = true
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = {
    output: Flags.string({
      char: 'o',
      description: 'file to write, - for stdout (default NAME.machine.age, NAME.machine.tar without a passphrase)',
      helpValue: 'FILE',
    }),
    'client-only': Flags.boolean({
      description: 'only what using the engine takes: no SSH key, no CA key, nothing of how the host was made',
    }),
    'without-ca-key': Flags.boolean({
      description: 'leave the key of the CA out: the other side manages the machine, but cannot issue certificates',
    }),
    'passphrase-stdin': Flags.boolean({ description: 'read the passphrase from stdin' }),
    'no-passphrase': Flags.boolean({ description: 'write a plain tar: whoever reads the file has the machine' }),
    json: Flags.boolean({ description: 'print what was written as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Export)
    const w = this.world(flags)
    const name = await this.oneName(argv as string[], w)
    if (flags['passphrase-stdin'] && flags['no-passphrase'])
      throw new UsageError('--passphrase-stdin and --no-passphrase exclude each other')
    const toStdout = flags.output === '-'
    if (toStdout && flags.json) throw new UsageError('with -o - the bundle itself goes to stdout, so --json cannot')
    if (toStdout && process.stdout.isTTY)
      throw new UsageError('a bundle is not text: it is not written to a terminal', ['name a file with -o FILE'])
    if (flags['no-passphrase'])
      w.say({ type: 'warn', text: 'the bundle is not encrypted: whoever can read the file has the machine' })
    const passphrase = () =>
      passphraseFrom({ fromStdin: flags['passphrase-stdin'], env: process.env, ask: w.askSecret, twice: true })
    const made = await exportMachine(name, w, {
      clientOnly: flags['client-only'],
      withoutCaKey: flags['without-ca-key'],
      passphrase: flags['no-passphrase'] ? undefined : passphrase,
    })
    if (toStdout) return await this.pour(made.bytes)
    const file = flags.output ?? `${name}.machine.${made.encrypted ? 'age' : 'tar'}`
    await writeBundle(file, made.bytes)
    this.report(made, file, flags.json)
  }

  private report({ name, kind, encrypted, files }: Exported, file: string, json: boolean): void {
    if (json) {
      this.printJson({ name, kind, encrypted, file, files })
      return
    }
    this.tell(`"${name}" is in ${file} (${kind === 'client' ? 'to use it' : 'to manage it'}: ${files.join(', ')})`)
    this.tell(`On the other computer: ${this.program} import ${file}`)
  }

  private async pour(bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(bytes, error => (error ? reject(error) : resolve()))
    })
  }
}
