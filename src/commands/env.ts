import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { environmentOf } from '../machine/connect.ts'
import { detectShell, renderEnvironment, SHELLS, unsetVariables } from '../machine/environment.ts'
import { commandLine } from '../program-name.ts'

export default class Env extends MachineCommand {
  static override summary = 'Print the environment that points the Docker client at a machine.'
  static override usage = 'env [OPTIONS] [NAME]'
  static override examples = ['eval $(<%= config.bin %> env dev)', 'eval $(<%= config.bin %> env -u)']
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = {
    shell: Flags.string({ description: `write for this shell: ${SHELLS.join(', ')}; default: the one in use` }),
    unset: Flags.boolean({ char: 'u', description: 'take the variables away instead' }),
    'no-proxy': Flags.boolean({ description: "put the machine's address into no_proxy" }),
    json: Flags.boolean({ description: 'print the variables as JSON' }),
  }
  protected override readonly cleanStdout = true

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Env)
    const names = argv as string[]
    const w = this.world(flags)
    if (flags.unset && names.length > 0)
      throw new UsageError('Error: Expected no machine name when the -u flag is present')
    const windows = process.platform === 'win32'
    const shell = flags.json ? '' : detectShell(flags.shell, process.env, process.platform)
    const variables = flags.unset
      ? unsetVariables(windows)
      : await environmentOf(await this.oneName(names, w), w, { noProxy: flags['no-proxy'] })
    if (flags.json) return this.printJson(Object.fromEntries(variables.map(([k, v]) => [k, v ?? null])))
    this.print(renderEnvironment(variables, shell, commandLine(this.program, process.argv.slice(2), process.env)))
  }
}
