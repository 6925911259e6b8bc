/** Temporary keys of a profile's role, from STS. */
import type { Keys } from './access.ts'
import type { Profile } from './config-file.ts'
import { EcsFailure } from './failure.ts'
import type { Link } from './link.ts'
import { problemOf } from './problems.ts'
import { type How, send } from './send.ts'

/** Whoever waits for the keys stops at his own signal: they are asked for once, for all calls of the command. */
export async function assumeRole(link: Link, keys: Keys, profile: Profile, how: How): Promise<Keys> {
  const where = { ...link.where('sts'), source: `profile ${profile.name}`, profile: profile.name }
  const input = {
    RoleArn: profile.ramRoleArn,
    RoleSessionName: profile.sessionName,
    ...(profile.expiresSeconds ? { DurationSeconds: profile.expiresSeconds } : {}),
    ...(profile.externalId ? { ExternalId: profile.externalId } : {}),
  }
  const ctx = { ...how.ctx, signal: new AbortController().signal }
  const { Credentials: c } = await send(link, 'AssumeRole', input, { ...how, ctx }, { keys, where })
  if (!c?.AccessKeyId || !c.AccessKeySecret || !c.SecurityToken) {
    const message = 'the answer holds no credentials'
    throw problemOf(new EcsFailure('AssumeRole', { code: 'OddAnswer', message, status: 200 }), where)
  }
  return {
    accessKeyId: c.AccessKeyId,
    accessKeySecret: c.AccessKeySecret,
    securityToken: c.SecurityToken,
    // By this computer's clock: it is what we look at.
    ...(c.Expiration ? { expiration: new Date(Date.parse(c.Expiration) - link.clockOffsetMs) } : {}),
  }
}
