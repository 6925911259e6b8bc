import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../../command.ts'
import { pushRevocations } from '../../machine/trust/revoke.ts'
import { refuseUntold } from '../../terminal/trust.ts'

const WORDS = { sent: 'was told', same: 'knew already', none: 'has nothing to know', 'not reached': '' }

export default class CertPush extends MachineCommand {
  static override summary = 'Tell the engine agents again which client certificates are revoked.'
  static override usage = 'cert push [OPTIONS] [NAME...]'
  static override strict = false
  protected override readonly cleanStdout = true
  static override args = {
    name: Args.string({ description: 'name of the machine (default: all with the agent)', ignoreStdin: true }),
  }
  static override flags = { json: Flags.boolean({ description: 'print who was told as JSON' }) }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(CertPush)
    const w = this.world(flags)
    const told = await pushRevocations([...new Set(argv as string[])], w)
    if (flags.json) this.printJson(told)
    else
      for (const { name, told: how } of told)
        if (how !== 'not reached')
          this.tell(`Machine "${name}" ${WORDS[how]}${how === 'none' ? '' : ' what is revoked'}`)
    refuseUntold(told, w)
  }
}
