import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { EXIT, UsageError } from '../errors.ts'
import { doctor } from '../machine/doctor/doctor.ts'
import { renderFindings, summary } from '../terminal/findings.ts'

export default class Doctor extends MachineCommand {
  static override summary = 'Look at this computer and at machines; tell what is wrong and what to do.'
  static override description =
    'Without a name: this computer, and the machine DOCKER_HOST points at, else the one called default, where there is one. ' +
    'Nothing is changed. Exits 1 when a check failed; warnings are no failure.'
  static override usage = 'doctor [--all | NAME...]'
  static override examples = [
    '<%= config.bin %> doctor',
    '<%= config.bin %> doctor dev',
    '<%= config.bin %> doctor --all --json',
  ]
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = {
    all: Flags.boolean({ char: 'a', description: 'look at all machines' }),
    timeout: Flags.integer({ char: 't', description: 'seconds one check may take', default: 15, min: 1 }),
    json: Flags.boolean({ description: 'print the findings as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Doctor)
    const names = argv as string[]
    if (flags.all && names.length > 0) throw new UsageError('Error: Expected no machine name when --all is present')
    const results = await doctor(this.world(flags), { names, all: flags.all, timeoutMs: flags.timeout * 1000 })
    if (flags.json) this.printJson(results)
    else {
      this.print(renderFindings(results))
      this.tell(summary(results))
    }
    if (results.some(result => result.state === 'failed')) process.exitCode = EXIT.failed
  }
}
