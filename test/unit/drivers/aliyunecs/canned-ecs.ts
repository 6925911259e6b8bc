/** An API that answers what a test tells it to, and keeps what it was asked. */
import type { Action } from '../../../../drivers/aliyunecs/actions.ts'
import type { Ecs } from '../../../../drivers/aliyunecs/api.ts'
import { EcsFailure } from '../../../../drivers/aliyunecs/failure.ts'
import { problemOf } from '../../../../drivers/aliyunecs/problems.ts'

export interface Canned extends Ecs {
  readonly asked: { action: Action; input: Record<string, unknown> }[]
  readonly actions: Action[]
}

type Answer = unknown | Error | ((input: Record<string, unknown>) => unknown)

/** One answer is given again and again; of several, one after the other, and then the last. */
export function cannedEcs(answers: Partial<Record<Action, Answer | Answer[]>>, region = 'cn-hangzhou'): Canned {
  const asked: Canned['asked'] = []
  const call = async (action: Action, input: Record<string, unknown>) => {
    asked.push({ action, input })
    if (!(action in answers)) throw new Error(`nobody expected ${action}`)
    const given = answers[action]
    const next = Array.isArray(given) ? (given.length > 1 ? given.shift() : given[0]) : given
    const answer = typeof next === 'function' ? next(input) : next
    if (answer instanceof Error) throw answer
    return answer ?? {}
  }
  return {
    region,
    asked,
    get actions() {
      return asked.map(each => each.action)
    },
    call: call as Ecs['call'],
    mayRun: async input => void (await call('RunInstances', { ...input, DryRun: true })),
  }
}

/** What `call` throws when the provider answers so. */
export function refusal(code: string, message = 'no', status = 400): Error {
  const failure = new EcsFailure('Test', { code, message, status, requestId: 'R-1', clockAheadMs: undefined })
  return problemOf(failure, { region: 'cn-hangzhou', host: 'ecs.example', source: 'environment' })
}
