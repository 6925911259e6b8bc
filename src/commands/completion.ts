import { Args } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { COMPLETED_SHELLS, completionScript } from '../completion/scripts.ts'
import { UsageError } from '../errors.ts'

export default class Completion extends MachineCommand {
  static override summary = 'Print the completion of a shell.'
  static override description =
    "One line in the shell's start-up file loads it, for machine and docker-machine:\n\n" +
    '~/.bashrc: eval "$(machine completion bash)"\n' +
    '~/.zshrc: eval "$(machine completion zsh)"\n' +
    '~/.config/fish/config.fish: machine completion fish | source\n' +
    '$PROFILE: machine completion powershell | Out-String | Invoke-Expression'
  static override usage = `completion ${COMPLETED_SHELLS.join('|')}`
  static override strict = false
  static override args = {
    shell: Args.string({ description: 'the shell', options: COMPLETED_SHELLS, ignoreStdin: true }),
  }

  override async run(): Promise<void> {
    const { argv } = await this.parse(Completion)
    const [shell, ...more] = argv as string[]
    if (shell === undefined || more.length > 0)
      throw new UsageError(`Error: Expected one shell: ${COMPLETED_SHELLS.join(', ')}`, [
        `${this.program} completion bash`,
      ])
    this.print(completionScript(shell) ?? '')
  }
}
