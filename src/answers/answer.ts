/**
 * What the commands that run in prompts and scripts print. Each is asked in two ways: by the command proper, which oclif
 * has parsed, and by src/quick, which reads plain calls before oclif is loaded. So both say the same.
 */
import type { World } from '../machine/world.ts'

export interface Ask<Flags> {
  /** The words that are no flags. */
  readonly names: readonly string[]
  readonly flags: Flags
  /** The command line as it was typed, without the program. */
  readonly typed: readonly string[]
}

export interface Answer {
  /** For stdout; a newline is added where it ends with none. */
  readonly text: string
  /** Exit code; 0 by default. */
  readonly exit?: number
  /** What went wrong beside what is in `text`; reported after it. */
  readonly failure?: unknown
}

export type Answering<Flags> = (ask: Ask<Flags>, w: World) => Promise<Answer>

export function asJson(value: unknown): Answer {
  return { text: JSON.stringify(value, null, 2) }
}
