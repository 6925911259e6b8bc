/** One request to EC2, from the form to the answer's text. */
import { answerCall } from '../cloud/answer.ts'
import type { Call, Calls } from '../cloud/calls.ts'
import type { Faults } from '../cloud/faults.ts'
import { Problem } from '../cloud/problem.ts'
import type { Reply } from '../cloud/serve.ts'
import { writeAnswer, writeProblem } from './answers.ts'
import { type Own, wordsFor } from './faults.ts'
import { handlerOf } from './handlers.ts'
import { parseQuery } from './query.ts'
import type { Ask, Effect, World } from './world.ts'

export interface Rules {
  readonly calls: Calls
  readonly faults: Faults<Own>
  readonly denied: ReadonlySet<string>
}

export const XML = 'text/xml;charset=UTF-8'

/** Never throws: what goes wrong is an answer too. `rules` is absent for questions of the kit's own. */
export function answerEc2(
  form: URLSearchParams,
  call: Call,
  { region, requestId }: { readonly region: string; readonly requestId: string },
  world: World,
  rules?: Rules,
): Promise<Reply> {
  const ask: Ask = { action: call.action, region, parameters: {} }
  return answerCall<Own>(call, {
    prepare: () => prepare(form, ask, call, world, rules),
    strike: () => rules?.faults.strike(call, ask.aims),
    words: () => wordsFor(ask.aims),
    dryRun: ['DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412],
    write: answer => ({ status: 200, type: XML, text: writeAnswer(world.model, ask.action, answer, requestId) }),
    refuse: problem => ({ status: problem.status, type: XML, text: writeProblem(problem, requestId) }),
    say: world.say,
  })
}

/** All that is refused without an effect; DryRuns come as far as this. */
async function prepare(
  form: URLSearchParams,
  ask: Ask,
  call: Call,
  world: World,
  rules: Rules | undefined,
): Promise<Effect> {
  const { action } = ask
  if (!Object.hasOwn(world.model.operations, action))
    throw new Problem('InvalidAction', `The action ${action} is not valid for this web service.`)
  call.dryRun = /^true$/i.test(form.get('DryRun') ?? '')
  const { DryRun: _, ...parameters } = parseQuery(world.model, action, form)
  call.parameters = parameters
  Object.assign(ask, { parameters })
  if (rules?.denied.has(action))
    throw new Problem(
      'UnauthorizedOperation',
      `You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/machine is not authorized to perform: ec2:${action} because no identity-based policy allows the ec2:${action} action`,
      403,
    )
  return handlerOf(action)(ask, world)
}
