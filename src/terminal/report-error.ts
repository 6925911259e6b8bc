/**
 * What a failed command prints, on stderr: the sentence, then what can be done, a line each. A stack is shown with --debug,
 * and for errors that are neither ours nor oclif's: those are bugs (exit 70).
 */
import { wantedDebug } from '../debug.ts'
import { EXIT, MachineError } from '../errors.ts'
import { splitOwnFlags } from '../own-flags.ts'

/** Prints `error` and returns the exit code of the process. */
export function report(error: unknown, program: string, argv: readonly string[]): number {
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
    say(unknownCommand(known.message ?? '', program, argv))
    return usage
  }
  say(`${program}: this is a bug: ${error instanceof Error ? error.stack : String(error)}`)
  return EXIT.bug
}

function unknownCommand(message: string, program: string, argv: readonly string[]): string {
  if (!/^command .* not found$/.test(message))
    return `${oneLine(message)}\n  → see ${[program, ...commandOf(argv)].join(' ')} --help`
  return `${program}: '${commandOf(argv).join(' ')}' is not a ${program} command. See '${program} --help'.`
}

/** The word that names the command, behind flags that stand before it. */
function commandOf(argv: readonly string[]): string[] {
  try {
    return splitOwnFlags(argv).rest.slice(0, 1)
  } catch {
    return [] // what is wrong is a global flag itself
  }
}

/** oclif's own texts have several lines, and an advice we give in our words. */
function oneLine(message: string): string {
  return message.replace(/\nSee more help with --help$/, '').replace(/\s*\n\s*/g, ': ')
}
