/** STS: keys for a while, for whoever may be that role. */

import { refuseUnless } from '../../cloud/problem.ts'
import type { Keys } from '../keys.ts'
import { type Handlers, seconds } from '../world.ts'

export const ACCOUNT = '1234567890123456'

/** What AssumeRole and GetCallerIdentity need, which no other action does. */
export const stsHandlers = (keys: Keys): Handlers => ({
  AssumeRole({ parameters: p }, world) {
    const [, account, role = ''] = /^acs:ram::(\d+):role\/(.+)$/.exec(String(p.RoleArn)) ?? []
    refuseUnless(
      account === ACCOUNT && world.roles.has(role),
      'EntityNotExist.Role',
      'The specified Role not exists.',
      404,
    )
    return () => {
      const key = keys.temporary({ ttlS: Number(p.DurationSeconds ?? 3600) })
      return {
        Credentials: {
          AccessKeyId: key.accessKeyId,
          AccessKeySecret: key.accessKeySecret,
          SecurityToken: key.securityToken,
          Expiration: seconds(key.expiresAt),
        },
        AssumedRoleUser: {
          Arn: `acs:ram::${ACCOUNT}:role/${role}/${p.RoleSessionName}`,
          AssumedRoleId: `300000000000000001:${p.RoleSessionName}`,
        },
      }
    }
  },
  GetCallerIdentity: () => () => ({
    AccountId: ACCOUNT,
    UserId: ACCOUNT,
    PrincipalId: ACCOUNT,
    IdentityType: 'Account',
    Arn: `acs:ram::${ACCOUNT}:root`,
  }),
})
