import { MachineCommand } from '../command.ts'
import { splitOwnFlags } from '../flags/own.ts'
import { openShell } from '../machine/shell.ts'

export default class Ssh extends MachineCommand {
  static override summary = 'Log in to a machine, or run a command on it; returns its exit code.'
  static override description =
    'The words of the command are joined by spaces and read by the shell of the machine, as ssh does: what has to arrive as ' +
    "one word is quoted for that shell too, machine ssh dev -- ls \"'a file'\". Flags behind the name are the command's."
  static override usage = 'ssh [NAME] [COMMAND...]'
  static override strict = false
  static override examples = ['<%= config.bin %> ssh dev', "<%= config.bin %> ssh dev -- df -h '/var/lib/docker'"]

  override async run(): Promise<void> {
    // What follows the name belongs to the remote command, whatever it looks like: only what precedes it is parsed.
    const { own, rest } = splitOwnFlags(this.argv)
    const { flags } = await this.parse(Ssh, own)
    const w = this.world(flags)
    const name = await this.oneName(rest.slice(0, 1), w)
    const words = rest.slice(1)
    process.exitCode = await openShell(name, words[0] === '--' ? words.slice(1) : words, w)
  }
}
