/**
 * As whom we come: the AWS client's own sources, in the order of the AWS command line, looked at anew by each command and
 * written down nowhere. What the caller's environment says counts, which for a library need not be the process's.
 */
import { join } from 'node:path'
import { MachineError } from '../../src/errors.ts'
import { remembered } from '../cloud/remembered.ts'
import { untilAborted } from '../cloud/wait.ts'
import type { Ctx } from '../driver.ts'
import type { Access, ApiCtx } from './access.ts'
import { credentialProblem } from './credential-problems.ts'

type Env = Ctx['env']
type Sdk = typeof import('./sdk.ts')

export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
}

export interface Source {
  /** 'profile work', 'environment': for texts. */
  readonly name: string
  readonly profile?: string
  /** The keys, fetched again when they are about to expire. Whoever waits for them stops at his own signal. */
  keys(ctx?: Pick<ApiCtx, 'signal' | 'ask'>): Promise<Keys>
}

/** Keys of the record, a profile that was named, keys in the environment, AWS_PROFILE, then all the rest. */
export function sourceOf(access: Access, region: string, ctx: ApiCtx, sdk: Sdk, handler: object): Source {
  const { env } = ctx
  if (access.keys) return fixed('the record', access.keys)
  const named = access.profile ?? undefined
  const ofEnv = named ? undefined : keysIn(env)
  if (ofEnv) return fixed('environment', ofEnv)
  const profile = named ?? (env.AWS_PROFILE || undefined)
  // Several verbs share a source: it asks through the one that wants the keys now.
  let asker = ctx.ask
  const init = {
    ...filesOf(env),
    mfaCodeProvider: (serial: string) => mfaCode(serial, asker),
    clientConfig: { requestHandler: handler },
    parentClientConfig: { region },
    logger: SILENT,
    ...(env.AWS_WEB_IDENTITY_TOKEN_FILE ? { webIdentityTokenFile: env.AWS_WEB_IDENTITY_TOKEN_FILE } : {}),
    ...(env.AWS_ROLE_ARN ? { roleArn: env.AWS_ROLE_ARN } : {}),
  }
  // A profile that was named and has nothing must not end as the instance's role: no further source is asked then.
  // Where none was named, the name keeps the client from the keys of the process's own environment.
  const fetch = profile ? sdk.fromIni({ ...init, profile }) : sdk.defaultProvider({ ...init, profile: 'default' })
  const keys = (): Promise<Keys> => fetch().catch(thrown => Promise.reject(credentialProblem(thrown, profile)))
  const recent = remembered(keys, each => each.expiration)
  return {
    name: profile ? `profile ${profile}` : 'profile default or the role of this instance',
    ...(profile ? { profile } : {}),
    keys(caller) {
      if (caller) asker = caller.ask
      return caller ? untilAborted(recent(), caller.signal) : recent()
    },
  }
}

/** Files of profiles, where the environment moves them. */
export function filesOf(env: Env): { filepath?: string; configFilepath?: string } {
  const filepath = env.AWS_SHARED_CREDENTIALS_FILE || (env.HOME && join(env.HOME, '.aws', 'credentials'))
  const configFilepath = env.AWS_CONFIG_FILE || (env.HOME && join(env.HOME, '.aws', 'config'))
  return { ...(filepath ? { filepath } : {}), ...(configFilepath ? { configFilepath } : {}) }
}

/** Keys for good have no session token: one that is set beside them belongs to others, and would make them invalid. */
function keysIn(env: Env): Keys | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env
  if (!accessKeyId && !secretAccessKey) return undefined
  if (!accessKeyId || !secretAccessKey)
    throw new MachineError(
      'EC2_CREDENTIALS',
      `there is ${accessKeyId ? 'an access key id without its' : 'a'} secret access key${accessKeyId ? '' : ' without its access key id'}`,
      { hints: [`set ${accessKeyId ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID'} too, or neither of the two`] },
    )
  return { accessKeyId, secretAccessKey, ...(token && !accessKeyId.startsWith('AKIA') ? { sessionToken: token } : {}) }
}

function fixed(name: string, keys: Keys): Source {
  return { name, keys: async () => keys }
}

async function mfaCode(serial: string, ask: ApiCtx['ask']): Promise<string> {
  const code = await ask?.({ text: `MFA code of ${serial}` })
  if (code) return code
  throw new MachineError(
    'EC2_CREDENTIALS',
    ask ? 'no MFA code was given' : 'the profile wants an MFA code, and there is no terminal to ask for it',
    { hints: ['aws sts get-session-token --token-code … gives keys to set in the environment instead'] },
  )
}

/** The client writes warnings to the console unless it has a place for them. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }
