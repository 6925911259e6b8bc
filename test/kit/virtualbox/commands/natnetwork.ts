import type { Call } from '../call.ts'
import { Plain, SyntaxProblem } from '../problem.ts'

/** There are none, and none can be made: nothing here needs one. */
export function natnetwork(args: readonly string[], { out }: Call): void {
  const [verb] = args
  if (verb === undefined) throw new SyntaxProblem('No subcommand specified')
  if (verb === 'list') out('NAT Networks:\n\n0 networks found\n')
  else if (['add', 'modify', 'remove', 'start', 'stop'].includes(verb))
    throw new Plain('NAT networks are not in this stand-in')
  else throw new SyntaxProblem(`Unknown subcommand: ${verb}`)
}
