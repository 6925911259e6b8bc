/**
 * What a failed command prints, on stderr: the sentence, then what can be done, a line each. A stack is shown with --debug,
 * and for errors that are neither ours nor oclif's: those are bugs (exit 70).
 */
import { wantedDebug } from '../debug.ts'
import { EXIT, MachineError } from '../errors.ts'
import { splitOwnFlags } from '../flags/own.ts'
import { commandIn, typedName } from '../flags/topics.ts'
import { didYouMean, nearest } from '../machine/nearest.ts'

/** Words somebody may have meant; `names` is called only when they are needed. */
export type Known = () => readonly string[] | Promise<readonly string[]>

/** Prints `error` and returns the exit code of the process. */
export async function report(
  error: unknown,
  program: string,
  argv: readonly string[],
  commands: Known,
): Promise<number> {
  const say = (text: string) => process.stderr.write(`${text}\n`)
  const debug = wantedDebug(argv, process.env)
  const usage = program === 'docker-machine' ? EXIT.failed : EXIT.usage
  if (error instanceof MachineError) {
    say(error.message)
    for (const hint of error.suggestions) say(`  → ${hint}`)
    if (debug) for (let c = error.cause; c instanceof Error; c = c.cause) say(`caused by: ${c.stack ?? c.message}`)
    return error.code === 'USAGE' ? usage : error.oclif.exit
  }
  const known = error as { name?: string; message?: string; oclif?: { exit?: number }; code?: string }
  if (known?.code === 'EEXIT') return known.oclif?.exit ?? 0
  if (known?.name === 'Interrupted') {
    say(String(known.message))
    return 130
  }
  if (known?.oclif) {
    const message = known.message ?? ''
    if (!UNKNOWN_COMMAND.test(message)) {
      say(oneLine(message))
      for (const hint of meantFlags(error as FlagError)) say(`  → ${hint}`)
      say(`  → see ${[program, ...commandOf(argv)].join(' ')} --help`)
      return usage
    }
    const word = commandOf(argv).join(' ')
    say(`${program}: '${word}' is not a ${program} command. See '${program} --help'.`)
    for (const hint of didYouMean(word, await commands())) say(`  → ${hint}`)
    return usage
  }
  say(`${program}: this is a bug: ${error instanceof Error ? error.stack : String(error)}`)
  return EXIT.bug
}

const UNKNOWN_COMMAND = /^command .* not found$/

/** oclif's error about flags a command does not have, with those it has. */
interface FlagError {
  flags?: readonly string[]
  parse?: { input?: { flags?: Readonly<Record<string, unknown>> } }
}

/** For each unknown flag the nearest of the command's own. */
function meantFlags({ flags = [], parse }: FlagError): string[] {
  const known = Object.keys(parse?.input?.flags ?? {})
  return flags.flatMap(flag => {
    const near = nearest(flag.replace(/^-+/, ''), known)
    return near.length === 0 ? [] : [`did you mean ${near.map(name => `--${name}`).join(' or ')}?`]
  })
}

/** The word, or two, that name the command, behind flags that stand before it. */
function commandOf(argv: readonly string[]): string[] {
  try {
    const { id } = commandIn(splitOwnFlags(argv).rest)
    return id === undefined ? [] : [typedName(id)]
  } catch {
    return [] // what is wrong is a global flag itself
  }
}

/** oclif's own texts have several lines, and an advice we give in our words. */
function oneLine(message: string): string {
  return message.replace(/\nSee more help with --help$/, '').replace(/\s*\n\s*/g, ': ')
}
