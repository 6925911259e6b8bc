import { Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { detectShell, renderEnvironment, unsetVariables } from '../machine/environment.ts'
import { commandLine } from '../program-name.ts'

export default class Unset extends MachineCommand {
  static override summary = 'Print what takes the environment of `env` away again (as `env -u`).'
  static override usage = 'unset [--shell SHELL]'
  static override strict = false
  static override flags = { shell: Flags.string({ description: 'write for this shell; default: the one in use' }) }
  protected override readonly cleanStdout = true

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Unset)
    this.refuseArguments(argv)
    const shell = detectShell(flags.shell, process.env, process.platform)
    this.print(
      renderEnvironment(
        unsetVariables(process.platform === 'win32'),
        shell,
        commandLine(this.program, process.argv.slice(2), process.env),
      ),
    )
  }
}
