import { Args, Flags } from '@oclif/core'
import { ROLES, type Role } from '../../../agent/protocol.ts'
import { MachineCommand } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { refuseExistingFiles, writeCertFiles } from '../../machine/trust/cert-files.ts'
import { checkAsk, issueCertificate, namedMachines } from '../../machine/trust/issue.ts'

export default class CertIssue extends MachineCommand {
  static override summary = 'Issue a client certificate with a role, for a person or a program.'
  static override description =
    'ca.pem, cert.pem and key.pem are written into a folder that DOCKER_CERT_PATH may name. The engine agent holds a viewer ' +
    'to reading and an operator to what gives nobody the host; engines without the agent refuse both, and every certificate ' +
    'for machines named with --machine. The key is kept nowhere else.'
  static override usage = 'cert issue [OPTIONS] LABEL'
  static override examples = [
    '<%= config.bin %> cert issue ci --role operator --days 30 -o /etc/ci/docker',
    '<%= config.bin %> cert issue anna --machine dev --machine test',
  ]
  static override strict = false
  protected override readonly cleanStdout = true
  static override args = { label: Args.string({ description: 'whom it is for', ignoreStdin: true }) }
  static override flags = {
    role: Flags.string({ description: 'what it may do', options: [...ROLES], default: 'viewer' }),
    days: Flags.integer({ description: 'how long it lasts', default: 90, helpValue: 'N' }),
    machine: Flags.string({
      description: 'a machine it is good for, again for each (default: all of this CA)',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
    }),
    output: Flags.string({ char: 'o', description: 'folder for the files (default ./LABEL)', helpValue: 'DIR' }),
    json: Flags.boolean({ description: 'print what was issued as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(CertIssue)
    const [label, ...more] = argv as string[]
    if (label === undefined || more.length > 0)
      throw new UsageError('Error: Expected one label as an argument', [`${this.program} cert issue LABEL`])
    const w = this.world(flags)
    const ask = { label, role: flags.role as Role, days: flags.days }
    checkAsk(ask)
    const folder = flags.output ?? label
    refuseExistingFiles(folder)
    const machines = flags.machine ? await namedMachines(flags.machine, w) : null
    const made = await issueCertificate({ ...ask, machines }, w)
    await writeCertFiles(folder, made)
    if (flags.json) return this.printJson({ ...made.certificate, folder })
    const { role, notAfter, serial } = made.certificate
    this.tell(`The certificate of ${label} (${role}, until ${notAfter.slice(0, 10)}, ${serial}) is in ${folder}`)
  }
}
