import { Args, Flags, type Interfaces } from '@oclif/core'
import { drivers } from '../../drivers/index.ts'
import { MachineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { lineToCopy } from '../line-to-copy.ts'
import { type Adopted, adoptHost } from '../machine/adopt.ts'
import type { FoundHost } from '../machine/adopt-look.ts'
import type { TakeOverAsk } from '../machine/take-over.ts'
import { runTakeOver, takeOverAsk, takeOverFlags } from '../take-over-command.ts'
import { confirm } from '../terminal/secret.ts'
import { engineSettings } from './create.ts'

export default class Adopt extends MachineCommand {
  static override summary =
    'Take over a host that another copy of this program, or docker-machine, set up; or one that Vagrant made.'
  static override description =
    'Reads over SSH what is there and makes a record of it, with driver generic and the settings of the engine that were found. ' +
    'Where the certificates of this store are good on the host, nothing there changes. Where they are not, because another ' +
    'CA issued them, you are asked before new ones replace them: clients with the old ones are then shut out, and the ' +
    'engine restarts. A bundle (export, import) brings the old CA along instead. Containers stay, and so does the host name. ' +
    'With --vagrant DIR it is a machine of the Vagrantfile there: an engine is put on it, and the Vagrantfile is left as it is.'
  static override usage = ['adopt USER@HOST [NAME] [OPTIONS]', 'adopt --vagrant DIR [VM] [NAME] [OPTIONS]']
  static override examples = [
    '<%= config.bin %> adopt root@192.0.2.7 --dry-run',
    '<%= config.bin %> adopt admin@192.0.2.7 web -i ~/.ssh/id_ed25519',
    '<%= config.bin %> adopt --vagrant ~/project web',
  ]
  static override strict = false
  // docker-machine had no such command: stdout is for results under any name.
  protected override readonly cleanStdout = true
  static override args = { host: Args.string({ description: 'user and address of the host', ignoreStdin: true }) }
  static override flags: Interfaces.FlagInput = {
    'ssh-key': Flags.string({
      char: 'i',
      description: 'private key file; a copy goes into the store (default: SSH agent and your own keys)',
      helpValue: 'FILE',
    }),
    'ssh-port': Flags.integer({ char: 'p', description: 'port of the SSH server (22)', min: 1, max: 65535 }),
    name: Flags.string({ description: 'name of the machine here (default: what its certificate calls it)' }),
    'engine-port': Flags.integer({
      description: 'port of the engine, where the host does not tell',
      min: 1,
      max: 65535,
    }),
    'replace-certs': Flags.boolean({
      description: 'issue new certificates, where those there are of another CA, unasked; old clients are shut out',
    }),
    ...takeOverFlags(drivers),
    'dry-run': Flags.boolean({ description: 'only tell what is there' }),
    json: Flags.boolean({ description: 'print what was found and done as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Adopt)
    const ask = takeOverAsk(flags, argv as string[], drivers)
    if (ask) return await this.takeOver(ask, flags)
    const [host, named, ...more] = argv as string[]
    if (host === undefined || more.length > 0)
      throw new UsageError('Error: Expected a host as an argument', [`${this.program} adopt USER@HOST [NAME]`])
    const name = flags.name ?? named
    if (flags.name !== undefined && named !== undefined && flags.name !== named)
      throw new UsageError(`two names are given: ${named} and ${flags.name}`)
    const w = this.world(flags)
    const done = await adoptHost(
      {
        ...loginOf(host),
        port: flags['ssh-port'] ?? 22,
        ...(flags['ssh-key'] === undefined ? {} : { keyPath: flags['ssh-key'] }),
        ...(flags['engine-port'] === undefined ? {} : { enginePort: flags['engine-port'] }),
        ...(name === undefined ? {} : { name }),
      },
      w,
      {
        dryRun: flags['dry-run'],
        replaceCertificates: async (called, found) => {
          if (!flags.json) this.describe(called, found)
          if (flags['replace-certs']) return true
          return await confirm(`${consequences(found)}\nIssue new certificates? (y/n): `, this.infoStream)
        },
      },
    )
    if (flags.json) return this.printJson(withoutValues(done))
    this.report(done, flags['storage-path'])
  }

  private async takeOver(ask: TakeOverAsk, flags: Flagged): Promise<void> {
    const w = this.world(flags, ask.name === undefined ? [] : [ask.name], true)
    await runTakeOver({ ...ask, engine: engineSettings({}, process.env) }, flags, w, {
      tell: text => this.tell(text),
      printJson: value => this.printJson(value),
      line: name => this.line(name, flags['storage-path'] as string | undefined),
      mayReplace: async found => {
        if (flags['replace-certs']) return true
        return await confirm(
          `${found.why}. ${consequences({ certificates: 'foreign', ...found })}\nIssue new certificates? (y/n): `,
          this.infoStream,
        )
      },
    })
  }

  private line(name: string, storagePath?: string): string {
    return lineToCopy(name, { program: this.program, storagePath, env: process.env, platform: process.platform })
  }

  private describe(name: string, f: FoundHost): void {
    const { settings: s } = f
    const some = (what: string, items: readonly string[] = []) => items.map(item => `  ${what} ${item}`)
    this.tell(
      [
        `"${name}" is ${f.address} (${f.os}), engine ${f.engineVersion} on port ${f.enginePort}, set up by ${f.by}${f.provider ? ` with driver ${f.provider}` : ''}`,
        ...some('engine-opt', s.opts),
        ...some('engine-label', s.labels),
        ...some('engine-env', s.env?.map(nameAlone)),
        ...some('engine-insecure-registry', s.insecureRegistries),
        ...some('engine-registry-mirror', s.registryMirrors),
        ...some('engine-storage-driver', s.storageDriver ? [s.storageDriver] : []),
        ...some('tls-san', f.tlsSans),
        f.problem
          ? `Its certificates cannot stay: ${f.problem}.`
          : 'The certificates of this store are good there: nothing changes.',
      ].join('\n'),
    )
  }

  private report({ name, found, adopted, changed }: Adopted, storagePath?: string): void {
    if (!adopted) {
      this.describe(name, found)
      this.tell('Nothing was done: this was a dry run.')
      return
    }
    if (found.certificates === 'ours') this.describe(name, found)
    else this.tell(`Changed on the host: ${changed.join(', ')}`)
    this.tell(`"${name}" is adopted. To point your Docker client at it, run: ${this.line(name, storagePath)}`)
  }
}

type Flagged = Readonly<Record<string, unknown>> & Parameters<MachineCommand['world']>[0]

/** Values of the engine's environment may be passwords: they are in the record, and not shown. */
function nameAlone(variable: string): string {
  return variable.replace(/=.*/s, '=…')
}

function withoutValues(done: Adopted): Adopted {
  const { settings } = done.found
  return { ...done, found: { ...done.found, settings: { ...settings, env: (settings.env ?? []).map(nameAlone) } } }
}

/** What new certificates bring about. */
function consequences({
  certificates,
  liveRestore,
  containers,
}: Pick<FoundHost, 'certificates' | 'liveRestore' | 'containers'>): string {
  const clients = certificates === 'foreign' ? 'Clients with the old certificates are shut out. ' : ''
  const running = liveRestore
    ? 'its containers go on running (live-restore is on).'
    : `live-restore is off: of its ${containers} containers those that run stop, and start again if they have a restart policy.`
  return `${clients}The engine restarts; ${containers === 0 ? 'it has no containers.' : running}`
}

/** `user@host`; IPv6 addresses may stand in brackets. */
function loginOf(text: string): { user: string; address: string } {
  const match = /^(?:([^@\s]+)@)?\[?([^@\s[\]]+)\]?$/.exec(text)
  if (!match?.[2] || match[2].startsWith('-')) throw new UsageError(`"${text}" is not USER@HOST`)
  return { user: match[1] ?? 'root', address: match[2] }
}
