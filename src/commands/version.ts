import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { engineVersion } from '../machine/connect.ts'
import { BUILD, VERSION } from '../version.ts'

export default class Version extends MachineCommand {
  static override summary = "Print this program's version, or that of a machine's engine."
  static override usage = 'version [NAME]'
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = { json: Flags.boolean({ description: 'print as JSON' }) }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Version)
    if (argv.length === 0) {
      if (flags.json)
        return this.printJson({ name: this.program, version: VERSION, build: BUILD, node: process.version })
      return this.print(`${this.program} version ${VERSION}, build ${BUILD}`)
    }
    const w = this.world(flags)
    const name = await this.oneName(argv as string[], w)
    const version = await engineVersion(name, w)
    if (flags.json) return this.printJson({ name, version })
    this.print(version)
  }
}
