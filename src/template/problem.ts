/** What is wrong with a template, in one sentence with its place. */
import { MachineError } from '../errors.ts'

export type Problem = (at: number, what: string) => never

/** Thrown by a function of templates; the evaluator knows where. */
export class FunctionProblem extends Error {}

/** Problems of `text`; `stage` begins the sentence. Throws MachineError TEMPLATE (exit 1). */
export function problemsOf(text: string, stage: string): Problem {
  return (at, what) => {
    const before = text.slice(0, at).split('\n')
    const place = `line ${before.length}, column ${[...(before.at(-1) ?? '')].length + 1}`
    throw new MachineError('TEMPLATE', `${stage}: ${place}: ${what}`)
  }
}
