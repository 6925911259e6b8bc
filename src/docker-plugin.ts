/**
 * Docker runs its plug-ins as `docker-NAME`, which for us is the name of the drop-in. Two calls are docker's, anything else
 * is the drop-in (docker/cli, cli-plugins/manager and cmd/docker):
 *
 *     docker-machine docker-cli-plugin-metadata          asks who we are
 *     docker-machine [DOCKER'S FLAGS] machine WORD…      `docker machine WORD…`; instead of the flags also `help` or
 *                                                        `__complete`; DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND is set
 *
 * Output, exit codes and texts are then those of `machine`, under the name `docker machine`.
 */
import { connect } from 'node:net'
import { interrupt } from './bare-world.ts'
import { PLUGIN_NAME } from './program-name.ts'

type Env = Readonly<Record<string, string | undefined>>

const CALLED_BY = 'DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND'
const SOCKET = 'DOCKER_CLI_PLUGIN_SOCKET'
const PLUGIN = 'machine'
const WITH_VALUE = /^(config|context|host|log-level|tlscacert|tlscert|tlskey)$/
const LETTERS_WITH_VALUE = 'cHl'

export interface PluginCall {
  /** What stands behind `machine`. */
  readonly words: string[]
  /** Value of docker's own --config. */
  readonly dockerConfig?: string
}

/** What docker asks for; undefined when this is not docker's call. The variable alone is no sign: all below docker inherit it. */
export function pluginCall(argv: readonly string[], env: Env): PluginCall | undefined {
  if (!env[CALLED_BY]) return undefined
  const { flags, rest } = splitDockerFlags(argv)
  const [first, ...words] = rest
  const config = flags.get('config')
  const found = (words: string[]): PluginCall => ({ words, ...(config === undefined ? {} : { dockerConfig: config }) })
  if (first === PLUGIN) return found([...(flags.has('debug') ? ['--debug'] : []), ...words])
  if ((first === 'help' || first === '__complete' || first === '__completeNoDesc') && words[0] === PLUGIN)
    return found([first, ...words.slice(1)])
  return undefined
}

/** Makes the rest of this process believe it was called `docker machine WORD…`; returns the words. */
export function becomePlugin({ words, dockerConfig }: PluginCall): string[] {
  process.argv.splice(2, Infinity, ...words)
  process.env.MACHINE_CALLED_AS = PLUGIN_NAME
  if (dockerConfig !== undefined) process.env.DOCKER_CONFIG = dockerConfig
  endWithDocker(process.env[SOCKET])
  // Not for programs we run: they are not called by docker.
  delete process.env[CALLED_BY]
  delete process.env[SOCKET]
  return words
}

/** Docker holds this socket open. Where no terminal passes on Ctrl-C, its closing is how docker says so. */
function endWithDocker(name: string | undefined): void {
  if (!name) return
  // Docker writes an abstract socket, which has no file, with @; the system wants a zero byte.
  const socket = connect({ path: name.replace(/^@/, '\0') })
  socket.on('error', () => {}) // docker is older, or gone: nothing can be heard then
  socket.on('connect', () => socket.on('close', () => interrupt('SIGTERM')))
  socket.unref()
}

/** Docker's global flags in front, by their long names, and what follows them. */
function splitDockerFlags(argv: readonly string[]): { flags: Map<string, string>; rest: string[] } {
  const flags = new Map<string, string>()
  let i = 0
  for (; i < argv.length; i += 1) {
    const word = argv[i] as string
    if (!word.startsWith('-') || word === '-') break
    if (word.startsWith('--')) {
      const [name = '', value] = word.slice(2).split(/=(.*)/s)
      flags.set(name, value ?? (WITH_VALUE.test(name) ? (argv[++i] ?? '') : ''))
      continue
    }
    for (const [at, letter] of [...word.slice(1)].entries()) {
      if (letter === 'D') flags.set('debug', '')
      if (!LETTERS_WITH_VALUE.includes(letter)) continue
      if (at === word.length - 2) i += 1 // the value is the next word
      break
    }
  }
  return { flags, rest: argv.slice(i) }
}
