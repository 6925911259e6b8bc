/**
 * `env` runs in every new shell, `ip`, `url` and `status` in every prompt and loop: their plain calls are answered here,
 * from one file of CommonJS, without oclif. Whatever is unusual (help, a typo, --debug, certificates elsewhere) is left
 * to the command proper.
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { drivers } from '../../drivers/index.ts'
import { bareWorld } from '../bare-world.ts'
import { answerCompletion } from '../completion/answer.ts'
import { completionScript } from '../completion/scripts.ts'
import { pluginCall } from '../docker-plugin.ts'
import { splitOwnFlags } from '../flags/own.ts'
import { DASH_GUARD } from '../flags/words.ts'
import { METADATA } from '../plugin-metadata.ts'
import { programName } from '../program-name.ts'
import { plainLines } from '../terminal/plain-lines.ts'
import { report } from '../terminal/report-error.ts'
import { QUICK } from './commands.ts'
import { plainCall } from './plain-call.ts'

/** What the command proper reads and this does not. */
const UNUSUAL = /^MACHINE_(DEBUG|LOG_FORMAT|TLS_\w+)$/

/** Answers and returns true; returns false, having done nothing, when this is no plain call of a quick command. */
export async function quick(argv: readonly string[]): Promise<boolean> {
  const env = process.env
  if (await answersPrograms(argv, env)) return true
  const asked = plainlyAsked(argv)
  if (!asked || Object.keys(env).some(name => UNUSUAL.test(name) && env[name])) return false
  const { command, call } = asked
  const program = programName(env)
  const home = homedir()
  const path = call.flags['storage-path'] as string | undefined
  const info = program === 'docker-machine' && !command.cleanStdout ? process.stdout : process.stderr
  const { say } = plainLines([], info)
  const w = bareWorld({
    storePath: path ?? (env.MACHINE_STORAGE_PATH || join(home, '.docker', 'machine')),
    drivers,
    env,
    platform: process.platform,
    home,
    program,
    tlsPaths: {},
    say: event => (event.type === 'debug' ? undefined : say(event)),
    ask:
      process.stdin.isTTY && process.stderr.isTTY
        ? async question => (await import('../terminal/ask.ts')).ask(question)
        : undefined,
  })
  try {
    const { text, exit, failure } = await command.answer({ ...call, typed: argv }, w)
    print(text)
    if (failure !== undefined) throw failure
    if (exit !== undefined) process.exitCode = exit
  } catch (error) {
    process.exitCode = await report(error, program, argv, () => Object.keys(QUICK))
    // Sockets of an aborted attempt must not keep a finished command alive.
    setTimeout(() => process.exit(), 100).unref()
  }
  return true
}

/** What programs ask: docker, who we are; a shell, for its script of completions and, at each Tab, for words. */
async function answersPrograms(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  if (argv[0] === 'docker-cli-plugin-metadata') {
    print(JSON.stringify(METADATA))
    return true
  }
  const [word, ...more] = pluginCall(argv, env)?.words ?? argv
  if (word === '__complete' || word === '__completeNoDesc') {
    await answerCompletion(more, word === '__complete')
    return true
  }
  const script = word === 'completion' && more.length === 1 ? completionScript(more[0] as string) : undefined
  if (script !== undefined) print(script)
  return script !== undefined
}

function plainlyAsked(argv: readonly string[]) {
  try {
    const { own, rest } = splitOwnFlags(argv)
    const [word = '', ...words] = rest
    const guarded = own.some(flag => flag.includes(DASH_GUARD))
    const command = Object.hasOwn(QUICK, word) && !guarded ? QUICK[word] : undefined
    const call = command && plainCall([...own, ...words], command.shape)
    return call && { command, call }
  } catch {
    return undefined // a global flag is wrong: the command proper says how
  }
}

/** A reader that went away (`| head -0`) is no failure; oclif holds it so for the other commands. */
function print(text: string): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  process.stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`)
}
