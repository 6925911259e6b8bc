import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { withOldCa } from '../../machine/regenerate-certs.ts'
import { renewClientCert } from '../../machine/renew-client.ts'
import { refuseExistingFiles, writeCertFiles } from '../../machine/trust/cert-files.ts'
import { listCertificates } from '../../machine/trust/list.ts'
import { certificateToRenew, renewCertificate } from '../../machine/trust/renew.ts'
import { revokeCertificates } from '../../machine/trust/revoke.ts'
import type { World } from '../../machine/world.ts'
import { refuseUntold, tellRevoked } from '../../terminal/trust.ts'

export default class CertRenew extends MachineCommand {
  static override summary = 'Make client certificates anew: the one of this store, or those of the labels named.'
  static override description =
    'With no label the key and certificate this store is used with are made anew, and handed on to its machines and their ' +
    'docker contexts. With a label the certificate gets a new key for the same role and machines, written as cert issue ' +
    'writes it. The old one goes on being good until it ends, unless --revoke-old is given.'
  static override usage = 'cert renew [OPTIONS] [LABEL...]'
  static override strict = false
  protected override readonly cleanStdout = true
  static override args = {
    label: Args.string({ description: 'label or serial number of the certificate', ignoreStdin: true }),
  }
  static override flags = {
    'revoke-old': Flags.boolean({ description: 'revoke the certificates that are replaced' }),
    days: Flags.integer({ description: 'how long it lasts (default: as long as the old one)', helpValue: 'N' }),
    output: Flags.string({
      char: 'o',
      description: 'folder for the files of one label (default ./LABEL)',
      helpValue: 'DIR',
    }),
    json: Flags.boolean({ description: 'print what was made as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(CertRenew)
    const labels = [...new Set(argv as string[])]
    const w = this.world(flags)
    const old = labels.length === 0 ? await this.renewOwn(flags, w) : await this.renewOthers(labels, flags, w)
    if (!flags['revoke-old'] || old.length === 0) return
    const done = await revokeCertificates(old, w)
    if (!flags.json) for (const { serial } of done.certificates) this.tell(`Revoked the old one (${serial})`)
    tellRevoked(done, w)
    refuseUntold(done.machines, w)
  }

  /** Returns the serial number of the one that was replaced. */
  private async renewOwn(
    flags: { json?: boolean; days?: number | undefined; output?: string | undefined },
    w: World,
  ): Promise<string[]> {
    if (flags.days !== undefined || flags.output !== undefined)
      throw new UsageError('--days and -o are for a certificate that is named')
    const before = (await listCertificates(w)).find(row => row.own)
    const made = await renewClientCert(w)
    const outdated = made.newCa ? await withOldCa(w) : []
    if (outdated.length > 0)
      w.say({
        type: 'warn',
        text: `these machines still have certificates of the old CA: run ${this.program} regenerate-certs ${outdated.join(' ')}`,
      })
    if (flags.json) this.printJson({ ...made, outdated })
    else this.tell(`The client certificate is made anew (until ${made.notAfter.slice(0, 10)}, ${made.serial})`)
    return before && !made.newCa ? [before.serial] : []
  }

  private async renewOthers(
    labels: readonly string[],
    flags: { json?: boolean; days?: number | undefined; output?: string | undefined },
    w: World,
  ): Promise<string[]> {
    if (flags.output !== undefined && labels.length > 1) throw new UsageError('-o is for one label')
    const found = []
    for (const word of labels) {
      const it = await certificateToRenew(word, w)
      const folder = flags.output ?? it.row.label
      refuseExistingFiles(folder)
      found.push({ it, folder })
    }
    const made = []
    for (const { it, folder } of found) {
      const renewed = await renewCertificate(it, flags.days)
      await writeCertFiles(folder, renewed)
      const { label, notAfter, serial } = renewed.certificate
      made.push({ ...renewed.certificate, old: renewed.old, folder })
      if (!flags.json)
        this.tell(`The new certificate of ${label} (until ${notAfter.slice(0, 10)}, ${serial}) is in ${folder}`)
    }
    if (flags.json) this.printJson(made)
    return made.map(({ old }) => old)
  }
}
