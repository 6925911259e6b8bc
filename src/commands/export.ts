import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { bundleFlags, bundleTarget, pour } from '../flags/bundle.ts'
import { writeBundle } from '../machine/bundle/file.ts'
import { type Exported, exportMachine } from '../machine/export.ts'

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
    'client-only': Flags.boolean({
      description: 'only what using the engine takes: no SSH key, no CA key, nothing of how the host was made',
    }),
    'without-ca-key': Flags.boolean({
      description: 'leave the key of the CA out: the other side manages the machine, but cannot issue certificates',
    }),
    ...bundleFlags({ file: 'NAME.machine.age, NAME.machine.tar without a passphrase', has: 'the machine' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Export)
    const w = this.world(flags)
    const name = await this.oneName(argv as string[], w)
    const { toStdout, passphrase } = bundleTarget(flags, w)
    if (flags['no-passphrase'])
      w.say({ type: 'warn', text: 'the bundle is not encrypted: whoever can read the file has the machine' })
    const made = await exportMachine(name, w, {
      clientOnly: flags['client-only'],
      withoutCaKey: flags['without-ca-key'],
      passphrase,
    })
    if (toStdout) return await pour(made.bytes)
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
}
