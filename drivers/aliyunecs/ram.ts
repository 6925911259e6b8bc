/** The least RAM policy this driver gets along with, made from actions.ts. docs/aliyunecs.md prints it; a test compares. */
import { ACTIONS, type Action } from './actions.ts'

export interface Policy {
  readonly Version: '1'
  readonly Statement: readonly {
    readonly Effect: 'Allow'
    readonly Action: readonly string[]
    readonly Resource: '*'
  }[]
}

/**
 * RAM takes conditions on tags for some of these actions alone, and which is no stable fact: so it is a list of actions,
 * first what looks, then what makes, changes and removes.
 */
export function leastPolicy(): Policy {
  const named = (looks: boolean) =>
    (Object.keys(ACTIONS) as Action[])
      .filter(action => ACTIONS[action].product !== 'sts' && /^Describe/.test(action) === looks)
      .map(action => `${ACTIONS[action].product}:${action}`)
  return {
    Version: '1',
    Statement: [true, false].map(looks => ({ Effect: 'Allow', Action: named(looks), Resource: '*' })),
  }
}
