/** Vagrant's words → one sentence and a remedy. The tests quote them as Vagrant 2.3 and 2.4 and their providers print them. */
import { MachineError } from '../../src/errors.ts'
import type { Failure } from './failure.ts'
import { BOXES } from './problems-boxes.ts'
import { LIBVIRT } from './problems-libvirt.ts'
import { PROVIDERS } from './problems-providers.ts'
import { RUNS } from './problems-runs.ts'
import { firstSentence } from './sentence.ts'

export interface Problem {
  /** Vagrant's class of it. */
  readonly kind?: RegExp
  /** In its text. One of the two is there. */
  readonly says?: RegExp
  readonly code: string
  /** One sentence without a full stop; `of` reads what stands behind a heading as 'Name:'. Absent: Vagrant's own. */
  readonly tell?: (of: (heading: string) => string, said: RegExpExecArray | null) => string
  readonly hints: readonly string[]
}

const PROBLEMS: readonly Problem[] = [...PROVIDERS, ...LIBVIRT, ...BOXES, ...RUNS]

/** The failure as an error of ours. */
export function explained(failure: Failure, doing: string): MachineError {
  const { kind, text, code } = failure
  const of = (heading: string) => new RegExp(`^\\s*${heading}:\\s*(.+)$`, 'm').exec(text)?.[1]?.trim() ?? ''
  for (const problem of PROBLEMS) {
    if (problem.kind && !problem.kind.test(kind)) continue
    const said = problem.says?.exec(text) ?? null
    if (problem.says && !said) continue
    const sentence = problem.tell?.(of, said) ?? firstSentence(text)
    return new MachineError(problem.code, sentence, { hints: [...problem.hints], cause: new Error(text) })
  }
  const why = firstSentence(text) || `exit code ${code}`
  return new MachineError('VAGRANT_FAILED', `vagrant could not ${doing}: ${why}`, {
    hints: ['`machine --debug …` shows all it said'],
    cause: new Error(text),
  })
}
