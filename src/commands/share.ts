import { Args, Flags } from '@oclif/core'
import { ROLES, type Role } from '../../agent/protocol.ts'
import { MachineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { bundleFlags, bundleTarget, pour } from '../flags/bundle.ts'
import { refuseExisting, writeBundle } from '../machine/bundle/file.ts'
import { type Shared, shareMachine } from '../machine/trust/share.ts'

export default class Share extends MachineCommand {
  static override summary = 'Let somebody else use a machine, with a certificate of their own.'
  static override description =
    'Writes a bundle as export --client-only does, with a new client certificate in it that is good for this machine alone, ' +
    'may do what its role says, ends by itself, and can be revoked: cert ls shows it, cert revoke takes it back. The machine ' +
    'needs the engine agent; without it every certificate is an admin, and only --role admin is issued.\n\n' +
    'The file is encrypted as bundles of export are.'
  static override usage = 'share [OPTIONS] [NAME]'
  static override examples = [
    '<%= config.bin %> share dev --for anna',
    '<%= config.bin %> share dev --for ci --role operator --days 30 -o ci.age',
  ]
  static override strict = false
  protected override readonly cleanStdout = true
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = {
    for: Flags.string({ description: 'whom it is for: the label of the certificate (required)', helpValue: 'LABEL' }),
    role: Flags.string({ description: 'what they may do', options: [...ROLES], default: 'viewer' }),
    days: Flags.integer({ description: 'how long they may', default: 7, helpValue: 'N' }),
    ...bundleFlags({ file: 'NAME-LABEL.machine.age, .tar without a passphrase', has: 'the certificate' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Share)
    const w = this.world(flags)
    const name = await this.oneName(argv as string[], w)
    const label = flags.for
    if (label === undefined) throw new UsageError('Error: --for is missing: whom is it for?')
    const { toStdout, passphrase } = bundleTarget(flags, w)
    const clear = flags['no-passphrase']
    const file = flags.output ?? `${name}-${label}.machine.${clear ? 'tar' : 'age'}`
    if (!toStdout) refuseExisting(file)
    const { role, days } = flags
    const ask = { label, role: role as Role, days, passphrase }
    const made = await shareMachine(name, ask, w)
    if (clear)
      w.say({ type: 'warn', text: 'the bundle is not encrypted: whoever can read the file has the certificate' })
    if (toStdout) return await pour(made.bytes)
    await writeBundle(file, made.bytes)
    this.report(made, file, flags.json)
  }

  private report({ name, kind, encrypted, certificate }: Shared, file: string, json: boolean): void {
    if (json) {
      this.printJson({ name, kind, encrypted, file, certificate })
      return
    }
    const { label, role, notAfter } = certificate
    this.tell(`"${name}" is in ${file}, for ${label} to use as ${role} until ${notAfter.slice(0, 10)}`)
    this.tell(`On the other computer: ${this.program} import ${file}`)
    this.tell(`To take it back: ${this.program} cert revoke ${label}`)
  }
}
