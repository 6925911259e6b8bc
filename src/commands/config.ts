import { join } from 'node:path'
import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { connection } from '../machine/connect.ts'

export default class Config extends MachineCommand {
  static override summary = 'Print the connection options for the docker command.'
  static override usage = 'config [NAME]'
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  protected override readonly cleanStdout = true
  static override flags = { json: Flags.boolean({ description: 'print as JSON' }) }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Config)
    const w = this.world(flags)
    const { name, url, certPath } = await connection(await this.oneName(argv as string[], w), w)
    const files = { ca: join(certPath, 'ca.pem'), cert: join(certPath, 'cert.pem'), key: join(certPath, 'key.pem') }
    if (flags.json) return this.printJson({ name, url, ...files })
    // Plain words: docker's own stripping of quotes here went away (docker/cli, 28.4).
    this.print(
      ['--tlsverify', `--tlscacert=${files.ca}`, `--tlscert=${files.cert}`, `--tlskey=${files.key}`, `-H=${url}`].join(
        '\n',
      ),
    )
  }
}
