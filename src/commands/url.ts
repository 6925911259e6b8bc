import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { runningUrl } from '../machine/instance.ts'
import { loadRecord } from '../machine/load.ts'

export default class Url extends MachineCommand {
  static override summary = 'Print the URL of the engine of a machine.'
  static override usage = 'url [NAME]'
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = { json: Flags.boolean({ description: 'print as JSON' }) }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Url)
    const w = this.world(flags)
    const name = await this.oneName(argv as string[], w)
    const url = await runningUrl(await loadRecord(w.store, name, w.program), w)
    if (flags.json) return this.printJson({ name, url })
    this.print(url)
  }
}
