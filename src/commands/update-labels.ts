import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { readLabels, updateLabels } from '../machine/labels.ts'

export default class UpdateLabels extends MachineCommand {
  static override summary = 'Set labels of a machine, in its record and at its provider where the driver can.'
  static override usage = 'update-labels --label KEY=VALUE... NAME'
  static override strict = false
  static override examples = ['<%= config.bin %> update-labels --label team=infra --label seen=2026-01-31 dev']
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = {
    label: Flags.string({
      description: 'label to set, repeatable; the others stay',
      helpValue: 'KEY=VALUE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    json: Flags.boolean({ description: 'print all labels of the machine as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(UpdateLabels)
    const [name, ...more] = argv as string[]
    if (name === undefined || more.length > 0)
      throw new UsageError('Error: Expected one machine name as an argument', [`${this.program} ${UpdateLabels.usage}`])
    if (!flags.label?.length) throw new UsageError('no label is given', [`${this.program} ${UpdateLabels.usage}`])
    const labels = readLabels(flags.label)
    const done = await updateLabels(name, labels, this.world(flags))
    if (flags.json) return this.printJson(done)
    const words = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
    const where = done.atProvider ? '' : ' in its record alone: its driver cannot label instances'
    this.tell(`Labels of "${name}" set${where}: ${words.join(', ')}`)
  }
}
