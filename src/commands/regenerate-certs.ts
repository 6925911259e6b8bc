import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { MachineError, messageOf } from '../errors.ts'
import { type RenewedServer, regenerateCerts, withOldCa } from '../machine/regenerate-certs.ts'
import { renewClientCert } from '../machine/renew-client.ts'
import { forEach } from '../several.ts'
import { askYes } from '../terminal/secret.ts'

export default class RegenerateCerts extends MachineCommand {
  static override summary = "Make machines' server keys and certificates anew; touches nothing else of their hosts."
  static override description =
    'The engine agent takes them as it runs, and no connection is lost. Where there is none dockerd restarts to take them: ' +
    'containers go on where its live-restore is on. With --client-certs the client certificate of the store is made anew ' +
    'first, and the CA too if it has expired.'
  static override usage = 'regenerate-certs [OPTIONS] [NAME...]'
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = {
    force: Flags.boolean({ char: 'f', description: 'do not ask' }),
    'client-certs': Flags.boolean({ description: 'also make the client certificate anew, and a CA that has expired' }),
    json: Flags.boolean({ description: 'print what was made as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(RegenerateCerts)
    const w = this.world(flags, argv as string[], true)
    const names = await this.severalNames(argv as string[], w)
    if (!flags.force && !(await this.agreed())) return
    const client = flags['client-certs'] ? await renewClientCert(w) : undefined
    const machines: RenewedServer[] = []
    const failure = await forEach(names, async name => {
      const started = Date.now()
      try {
        machines.push(await regenerateCerts(name, w))
        w.say({ machine: name, type: 'finished', text: 'Docker is up and running!', ms: Date.now() - started })
      } catch (error) {
        w.say({ machine: name, type: 'failed', text: messageOf(error), ms: Date.now() - started })
        throw error
      }
    }).catch(error => error)
    const outdated = client ? await withOldCa(w) : []
    if (outdated.length > 0)
      w.say({
        type: 'warn',
        text: `these machines still have certificates of the old CA: run ${this.program} regenerate-certs ${outdated.join(' ')}`,
      })
    if (flags.json) this.printJson({ client: client ?? null, machines, outdated })
    if (failure) throw failure
  }

  private async agreed(): Promise<boolean> {
    const question = 'Regenerate TLS machine certs?  Warning: this is irreversible. (y/n): '
    const answer = await askYes(question, this.infoStream)
    if (answer === undefined) throw new MachineError('EOF', 'EOF', { hints: ['-f goes on without being asked'] })
    return answer
  }
}
