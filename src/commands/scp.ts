import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { copyFiles } from '../machine/copy.ts'

export default class Scp extends MachineCommand {
  static override summary = 'Copy files between machines, and between a machine and this computer.'
  static override description =
    'A side is a path, MACHINE:PATH or USER@MACHINE:PATH; localhost:PATH is a path of this computer. A name with a colon ' +
    'in it is written ./a:b. What goes from one machine to another passes through this computer. Returns the exit code of scp.'
  static override usage = 'scp [OPTIONS] [[USER@]MACHINE:]PATH [[USER@]MACHINE:]PATH'
  static override strict = false
  static override examples = [
    '<%= config.bin %> scp -r dev:/etc/docker ./copy',
    '<%= config.bin %> scp -d -r ./site dev:/srv',
  ]
  static override args = {
    from: Args.string({ description: 'what to copy', ignoreStdin: true }),
    to: Args.string({ description: 'where to', ignoreStdin: true }),
  }
  static override flags = {
    recursive: Flags.boolean({ char: 'r', description: 'copy folders with all that is in them' }),
    delta: Flags.boolean({ char: 'd', description: 'send only what differs (rsync, which the machine needs too)' }),
    quiet: Flags.boolean({ char: 'q', description: 'show no progress' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Scp)
    const [from, to, ...more] = argv as string[]
    if (from === undefined || to === undefined || more.length > 0)
      throw new UsageError('Improper number of arguments', [`${this.program} ${Scp.usage}`])
    const { code } = await copyFiles(from, to, this.world(flags), flags)
    process.exitCode = code
  }
}
