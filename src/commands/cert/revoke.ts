import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { revokeCertificates } from '../../machine/trust/revoke.ts'
import { refuseUntold, tellRevoked } from '../../terminal/trust.ts'

export default class CertRevoke extends MachineCommand {
  static override summary = 'Revoke client certificates, on all machines with the engine agent.'
  static override description =
    'The agent refuses the next request of a revoked certificate, and cuts what it has running. A machine that cannot be ' +
    'reached now is told by the next provision, start, regenerate-certs or cert push, and makes this command fail. ' +
    'Engines without the agent know no revocation; those that let the certificate in all the same are named.'
  static override usage = 'cert revoke [OPTIONS] LABEL...'
  static override examples = ['<%= config.bin %> cert revoke anna', '<%= config.bin %> cert revoke 4C9518DB84A092F5']
  static override strict = false
  protected override readonly cleanStdout = true
  static override args = {
    label: Args.string({ description: 'label (all certificates that have it) or serial number', ignoreStdin: true }),
  }
  static override flags = {
    force: Flags.boolean({ char: 'f', description: 'also the certificate this store itself is used with' }),
    json: Flags.boolean({ description: 'print what was revoked, and who was told, as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(CertRevoke)
    const words = [...new Set(argv as string[])]
    if (words.length === 0)
      throw new UsageError('Error: Expected to get one or more labels or serial numbers as arguments', [
        `${this.program} cert ls shows them`,
      ])
    const w = this.world(flags)
    const done = await revokeCertificates(words, w, { force: flags.force })
    if (flags.json) this.printJson(done)
    else
      for (const { label, serial } of done.certificates)
        this.tell(`Revoked ${label === '' ? serial : `${label} (${serial})`}`)
    tellRevoked(done, w)
    refuseUntold(done.machines, w)
  }
}
