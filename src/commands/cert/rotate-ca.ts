import { Flags } from '@oclif/core'
import { MachineCommand } from '../../command.ts'
import { finishRotation, rotateCa } from '../../machine/trust/rotate-ca.ts'

export default class CertRotateCa extends MachineCommand {
  static override summary = 'Give this store and its machines a new CA.'
  static override description =
    'Agents trust both CAs first; then the store and the server certificates change over, and no connection is lost. ' +
    'Certificates of the old CA, and the ca.pem handed out with them, go on being good until --finish takes it away: ' +
    'renew them or share again in between. Machines without the engine agent are named, and get the new CA from ' +
    'regenerate-certs. A run that failed half-way is gone on with.'
  static override usage = 'cert rotate-ca [OPTIONS]'
  static override strict = false
  protected override readonly cleanStdout = true
  static override flags = {
    finish: Flags.boolean({ description: 'take the old CA away' }),
    json: Flags.boolean({ description: 'print what was done as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(CertRotateCa)
    this.refuseArguments(argv)
    const w = this.world(flags)
    const done = flags.finish ? await finishRotation(w) : await rotateCa(w)
    if (done.byHand.length > 0)
      w.say({
        type: 'warn',
        text: `these machines have no engine agent and do not let this store in until they have the new CA: run ${this.program} regenerate-certs ${done.byHand.join(' ')}`,
      })
    if (flags.json) return this.printJson(done)
    const labels = done.oldCertificates.join(', ')
    if (done.stage === 'done') {
      this.tell('The old CA is gone.')
      if (labels !== '') this.tell(`Certificates that went with it: ${labels}`)
      return
    }
    this.tell('The new CA is in force, beside the old one.')
    this.tell(`To take the old one away: ${this.program} cert rotate-ca --finish`)
    if (labels !== '') this.tell(`What ends with it: ${labels} (${this.program} cert renew LABEL, or share again)`)
  }
}
