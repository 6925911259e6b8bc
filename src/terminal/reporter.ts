/**
 * Renders the library's events, the only place that does:
 * - a live task list with times where a person watches, the terminal has a cursor and the command asked for one (`live`);
 * - else plain lines, `(NAME) text` where several machines are worked on, each fact once and progress only now and then;
 * - JSON lines with --log-format json: time, level, message, machine, phase.
 * Debug lines only with --debug, and then on stderr, whatever stream the rest goes to.
 */
import type { MachineEvent, Say } from '../events.ts'
import { jsonLines } from './json-lines.ts'
import { canRedraw } from './live.ts'
import { plainLines } from './plain-lines.ts'
import { taskList } from './task-list.ts'

export interface Reporter {
  readonly say: Say
  /** Stops drawing, for a question to the person. */
  pause(): void
  /** Draws the last state and stops; what is printed afterwards stands below. */
  end(): Promise<void>
}

export interface ReporterOptions {
  format: string
  debug: boolean
  stream: NodeJS.WriteStream
  /** Where debug lines go; `stream` by default. */
  debugStream?: NodeJS.WriteStream
  /** Machines worked on. */
  names: readonly string[]
  /** The command's work is long enough for a live list. */
  live: boolean
  /** The process's own by default. */
  env?: Readonly<Record<string, string | undefined>>
}

export function createReporter(options: ReporterOptions): Reporter {
  const { stream, names, live, debug } = options
  const inner =
    options.format === 'json'
      ? jsonLines(stream)
      : live && !debug && canRedraw(stream, options.env ?? process.env, process.platform)
        ? taskList(names, stream)
        : plainLines(names, stream)
  const debugLines = options.format === 'json' ? inner : plainLines(names, options.debugStream ?? stream)
  const say = (event: MachineEvent) => {
    if (event.type !== 'debug') inner.say(event)
    else if (debug) debugLines.say(event)
  }
  return { ...inner, say }
}
