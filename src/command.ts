/**
 * Base of all commands: global flags, the world they act in, results to stdout and all else to stderr (under the name
 * `docker-machine`, information goes to stdout as it did there, except from `env` and `config`).
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Command, Flags, type Interfaces } from '@oclif/core'
import { drivers } from '../drivers/index.ts'
import type { Answer } from './answers/answer.ts'
import { parseBool } from './flags/go-values.ts'
import { DASH_GUARD } from './flags/words.ts'
import type { World } from './machine/world.ts'
import { namesOrDefault, noNames, oneName, severalNames } from './names.ts'
import { openWorld, tlsPathsOf, type WorldOptions } from './open-world.ts'
import { programName } from './program-name.ts'
import { createReporter, type Reporter } from './terminal/reporter.ts'
import { readSecret } from './terminal/secret.ts'

export const globalFlags = {
  debug: Flags.boolean({
    char: 'D',
    description: 'tell every step on stderr (env MACHINE_DEBUG)',
    helpGroup: 'GLOBAL',
  }),
  'storage-path': Flags.string({
    char: 's',
    description: 'folder of the store (env MACHINE_STORAGE_PATH, default ~/.docker/machine)',
    helpGroup: 'GLOBAL',
    helpValue: 'DIR',
  }),
  'tls-ca-cert': Flags.string({
    description: 'CA certificate (env MACHINE_TLS_CA_CERT)',
    helpGroup: 'GLOBAL',
    helpValue: 'FILE',
  }),
  'tls-ca-key': Flags.string({
    description: 'key of the CA (env MACHINE_TLS_CA_KEY)',
    helpGroup: 'GLOBAL',
    helpValue: 'FILE',
  }),
  'tls-client-cert': Flags.string({
    description: 'client certificate (env MACHINE_TLS_CLIENT_CERT)',
    helpGroup: 'GLOBAL',
    helpValue: 'FILE',
  }),
  'tls-client-key': Flags.string({
    description: 'key of the client certificate (env MACHINE_TLS_CLIENT_KEY)',
    helpGroup: 'GLOBAL',
    helpValue: 'FILE',
  }),
  'native-ssh': Flags.boolean({
    description: "use the built-in SSH client, not the system's (env MACHINE_NATIVE_SSH)",
    helpGroup: 'GLOBAL',
  }),
  'github-api-token': Flags.string({
    description: 'accepted as by docker-machine; nothing here asks GitHub (env MACHINE_GITHUB_API_TOKEN)',
    helpGroup: 'GLOBAL',
    helpValue: 'TOKEN',
  }),
  'bugsnag-api-token': Flags.string({
    description: 'accepted as by docker-machine; crashes are reported nowhere (env MACHINE_BUGSNAG_API_TOKEN)',
    helpGroup: 'GLOBAL',
    helpValue: 'TOKEN',
  }),
  'log-format': Flags.string({
    description: 'how progress is told: text, or json (one object a line; env MACHINE_LOG_FORMAT)',
    options: ['text', 'json'],
    helpGroup: 'GLOBAL',
  }),
}

type Values = Record<string, unknown>
type GlobalValues = { [K in keyof typeof globalFlags]?: string | boolean | undefined }

export abstract class MachineCommand extends Command {
  static override baseFlags = globalFlags
  /** `env` and `config` keep stdout clean whatever name they are called by. */
  protected readonly cleanStdout: boolean = false
  private reporter: Reporter | undefined
  private jsonLog = false

  protected get program(): string {
    return programName(process.env)
  }

  /** Where information goes. */
  protected get infoStream(): NodeJS.WriteStream {
    return this.program === 'docker-machine' && !this.cleanStdout ? process.stdout : process.stderr
  }

  /** Opens the store and the rest of the world for this command. `names` are the machines it works on, for the live list. */
  protected world(flags: GlobalValues, names: readonly string[] = [], live = false): World {
    const env = withNativeSsh(process.env, flags['native-ssh'] === true)
    const debug = flags.debug === true || parseBool(env.MACHINE_DEBUG ?? '') === true
    const file = (flag: keyof GlobalValues) => flags[flag] as string | undefined
    const format = (flags['log-format'] as string) ?? env.MACHINE_LOG_FORMAT ?? 'text'
    this.jsonLog = format === 'json'
    this.reporter = createReporter({
      format,
      debug,
      stream: this.infoStream,
      debugStream: process.stderr,
      names,
      live,
    })
    return openWorld({
      storePath: file('storage-path') || env.MACHINE_STORAGE_PATH || join(homedir(), '.docker', 'machine'),
      drivers,
      env,
      platform: process.platform,
      home: homedir(),
      program: this.program,
      tlsPaths: tlsPathsOf(env, {
        caCert: file('tls-ca-cert'),
        caKey: file('tls-ca-key'),
        clientCert: file('tls-client-cert'),
        clientKey: file('tls-client-key'),
      }),
      say: this.reporter.say,
      ...(process.stdin.isTTY && process.stderr.isTTY ? this.questions() : {}),
    })
  }

  protected override async parse<F extends Values, B extends Values, A extends Values>(
    options?: Interfaces.Input<F, B, A>,
    argv?: string[],
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv)
    for (const [name, value] of Object.entries(parsed.flags as Values))
      Object.assign(parsed.flags, { [name]: bare(value) })
    return parsed
  }

  private questions(): Pick<WorldOptions, 'ask' | 'askSecret'> {
    const paused = () => this.reporter?.pause()
    return {
      askSecret(prompt) {
        paused()
        return readSecret(prompt)
      },
      async ask(question) {
        const { ask } = await import('./terminal/ask.ts')
        paused()
        return await ask(question)
      },
    }
  }

  /** Results. */
  protected print(text: string): void {
    process.stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`)
  }

  protected printJson(value: unknown): void {
    this.print(JSON.stringify(value, null, 2))
  }

  /** Information; with `--log-format json` an object like all the others, so that every line can be parsed. */
  protected tell(text: string): void {
    if (this.jsonLog) this.reporter?.say({ type: 'info', text })
    else this.infoStream.write(`${text}\n`)
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    await this.reporter?.end()
    await super.finally(error)
  }

  /** The result of a command that src/quick answers too. */
  protected answer({ text, exit, failure }: Answer): void {
    this.print(text)
    if (failure !== undefined) throw failure
    if (exit !== undefined) this.exit(exit)
  }

  /** The names given, or `default` where it exists and none was given. */
  protected namesOrDefault(names: readonly string[], w: World): Promise<string[]> {
    return namesOrDefault(names, w)
  }

  /** As `namesOrDefault`, each once. Throws before anything is done if one of them cannot be worked with. */
  protected severalNames(names: readonly string[], w: World): Promise<string[]> {
    return severalNames(names, w)
  }

  /** The one name given, or `default`. */
  protected oneName(names: readonly string[], w: World): Promise<string> {
    return oneName(names, w)
  }

  /** For commands that take none. */
  protected refuseArguments(words: readonly unknown[]): void {
    noNames(words)
  }
}

/** The environment in which MACHINE_NATIVE_SSH is there if it says yes, or the flag does. */
function withNativeSsh(env: NodeJS.ProcessEnv, flag: boolean): NodeJS.ProcessEnv {
  const { MACHINE_NATIVE_SSH: said = '', ...rest } = env
  return flag || parseBool(said) === true ? { ...rest, MACHINE_NATIVE_SSH: '1' } : rest
}

/** A flag's value as it was typed: see DASH_GUARD. */
function bare(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith(DASH_GUARD) ? value.slice(1) : value
  return Array.isArray(value) ? value.map(bare) : value
}
