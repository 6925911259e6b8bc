/** Whether the account may have anything that costs. */
import { refuseUnless } from '../cloud/problem.ts'
import type { World } from './world.ts'

export function checkAccount({ quotas }: World): void {
  refuseUnless(
    quotas.realName,
    'RealNameAuthenticationError',
    'Your account has not passed the real-name authentication yet.',
    403,
  )
  refuseUnless(
    quotas.balance,
    'InvalidAccountStatus.NotEnoughBalance',
    'Your account does not have enough balance.',
    403,
  )
}
