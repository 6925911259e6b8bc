/** An Ec2 that answers what it is told to, for what only looks and then decides; keeps what it was asked. */
import type { Action } from '../../../../drivers/amazonec2/actions.ts'
import type { Ec2 } from '../../../../drivers/amazonec2/api.ts'
import { partitionOf } from '../../../../drivers/amazonec2/endpoint.ts'

export interface CannedEc2 extends Ec2 {
  readonly asked: { action: Action; input: Record<string, unknown> }[]
}

export function cannedEc2(answers: Partial<Record<Action, unknown>>, region = 'us-east-1'): CannedEc2 {
  const asked: CannedEc2['asked'] = []
  return {
    region,
    partition: partitionOf(region),
    asked,
    async call(action, input) {
      asked.push({ action, input: input as Record<string, unknown> })
      if (!(action in answers)) throw new Error(`nobody expected ${action}`)
      return answers[action] as never
    },
    allowed: async () => {},
  }
}
