import { Flags } from '@oclif/core'
import { MachineCommand } from '../../command.ts'
import { type CertRow, listCertificates } from '../../machine/trust/list.ts'
import { table } from '../../terminal/table.ts'

export default class CertLs extends MachineCommand {
  static override summary = 'List the client certificates that were issued, and which are revoked.'
  static override description =
    'The certificate this store itself is used with is marked *. Bundles of export hold a copy of that one; share and ' +
    'cert issue make others, which are listed by the label they were given.'
  static override usage = 'cert ls [--json]'
  static override strict = false
  // docker-machine had no such command: stdout is for results under any name.
  protected override readonly cleanStdout = true
  static override flags = { json: Flags.boolean({ description: 'print the rows as JSON' }) }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(CertLs)
    this.refuseArguments(argv)
    const rows = await listCertificates(this.world(flags))
    if (flags.json) return this.printJson(rows)
    this.print(table([['LABEL', 'OWN', 'ROLE', 'MACHINES', 'STATE', 'EXPIRES', 'SERIAL'], ...rows.map(cells)]))
  }
}

function cells({ label, own, role, machines, ofMachines, state, notAfter, serial }: CertRow): string[] {
  const all = ofMachines ? `all of the CA of ${ofMachines.join(', ')}` : 'all'
  const where = machines?.map(machine => machine.name).join(', ') ?? all
  return [label, own ? '*' : '-', role, where, state, notAfter.slice(0, 10), serial]
}
