import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { mountFolder, readMount, unmountFolder } from '../machine/mount.ts'

export default class Mount extends MachineCommand {
  static override summary = 'Mount a folder of a machine here, through sshfs; or unmount it.'
  static override description =
    'Without a machine it is the one called default, without a mount point the path itself. Returns the exit code of sshfs.'
  static override usage = 'mount [-u] [MACHINE:][PATH] [MOUNTPOINT]'
  static override strict = false
  static override examples = ['<%= config.bin %> mount dev:/srv ./srv', '<%= config.bin %> mount -u dev:/srv ./srv']
  static override args = {
    folder: Args.string({ description: 'folder of the machine', ignoreStdin: true }),
    mountpoint: Args.string({ description: 'folder of this computer', ignoreStdin: true }),
  }
  static override flags = { unmount: Flags.boolean({ char: 'u', description: 'unmount what was mounted' }) }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Mount)
    const [folder, mountPoint, ...more] = argv as string[]
    if (folder === undefined || more.length > 0)
      throw new UsageError('Improper number of arguments', [`${this.program} ${Mount.usage}`])
    const w = this.world(flags)
    const mount = readMount(folder, mountPoint, w.platform)
    const { code } = await (flags.unmount ? unmountFolder : mountFolder)(mount, w)
    process.exitCode = code
  }
}
