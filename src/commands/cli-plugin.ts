import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { type CliPlugin as Done, installCliPlugin, uninstallCliPlugin } from '../machine/cli-plugin.ts'

const ACTIONS = ['install', 'uninstall']

export default class CliPlugin extends MachineCommand {
  static override summary = 'Make `docker machine …` work, or take it away again.'
  static override description =
    'Puts a link to this program, called docker-machine, where the docker client looks for its plug-ins: ~/.docker/cli-plugins ' +
    '(DOCKER_CONFIG), with --system /usr/local/lib/docker/cli-plugins.'
  static override usage = 'cli-plugin install|uninstall [OPTIONS]'
  static override strict = false
  static override args = {
    action: Args.string({ description: ACTIONS.join(' or '), options: ACTIONS, ignoreStdin: true }),
  }
  static override flags = {
    system: Flags.boolean({ description: 'for all users of this computer' }),
    force: Flags.boolean({ char: 'f', description: 'replace or remove a file of that name that is not this program' }),
    json: Flags.boolean({ description: 'print what was done as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(CliPlugin)
    const [action, ...more] = argv as string[]
    if (action === undefined || more.length > 0)
      throw new UsageError('Error: Expected install or uninstall', [`${this.program} cli-plugin install`])
    const w = this.world(flags)
    const options = { program: process.argv[1] as string, system: flags.system, force: flags.force }
    const done = await (action === 'install' ? installCliPlugin : uninstallCliPlugin)(w, options)
    if (flags.json) this.printJson(done)
    else this.tell(sentence(done))
  }
}

function sentence({ path, target, change }: Done): string {
  if (change === 'removed') return `Removed ${path}`
  if (change === 'absent') return `There is no ${path}`
  const now = change === 'installed' ? 'now works' : 'works already'
  return `\`docker machine\` ${now}: ${path} is a link to ${target}`
}
