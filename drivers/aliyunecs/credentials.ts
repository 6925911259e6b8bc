/**
 * As whom we come: keys of an old record, a named profile, the environment, the current profile, the instance's RAM role.
 * Looked at anew by each command and written down nowhere.
 */
import { MachineError } from '../../src/errors.ts'
import { remembered } from '../cloud/remembered.ts'
import { untilAborted } from '../cloud/wait.ts'
import type { Ctx } from '../driver.ts'
import type { Access, ApiCtx, Keys } from './access.ts'
import { configFile, type Profile, readProfiles } from './config-file.ts'
import { roleOfInstance } from './metadata.ts'

type Env = Ctx['env']

export interface Source {
  /** 'profile work', 'environment': for texts. */
  readonly name: string
  readonly profile?: string
  /** The region the profile names. */
  readonly region?: string
  /** The keys, fetched again when they are about to expire. Whoever waits for them stops at his own signal. */
  keys(signal?: AbortSignal): Promise<Keys>
}

/** Asks STS for a role's keys; link.ts knows how. */
export type Assume = (source: Keys, profile: Profile) => Promise<Keys>

/** Names a key and its secret have had, each pair from one tool. */
const PAIRS = [
  ['ECS_ACCESS_KEY_ID', 'ECS_ACCESS_KEY_SECRET', 'ECS_SECURITY_TOKEN'],
  ['ALIBABA_CLOUD_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'ALIBABA_CLOUD_SECURITY_TOKEN'],
  ['ALIYUN_ACCESS_KEY_ID', 'ALIYUN_ACCESS_KEY_SECRET', 'ALIYUN_SECURITY_TOKEN'],
  ['ALICLOUD_ACCESS_KEY', 'ALICLOUD_SECRET_KEY', 'ALICLOUD_SECURITY_TOKEN'],
] as const

/** Throws ECS_CREDENTIALS where there are none, or a profile holds what cannot be used. Asks nobody yet. */
export async function sourceOf(access: Access, { env }: Pick<ApiCtx, 'env'>, assume: Assume): Promise<Source> {
  if (access.keys) return fixed('the record', access.keys)
  const ofEnv = access.profile ? undefined : keysIn(env)
  if (ofEnv) return fixed('environment', ofEnv)
  const named = access.profile || env.ALIBABA_CLOUD_PROFILE || env.ALICLOUD_PROFILE || undefined
  const file = env.ALIBABA_CLOUD_CLI_PROFILE_DISABLED === 'true' && !named ? undefined : await readProfiles(env)
  const name = named ?? file?.current
  const profile = file?.profiles.get(name ?? '')
  if (named && !profile)
    throw problem(`profile ${named} is not in ${configFile(env).shown}`, [
      'aliyun configure list tells those there are',
      'give another with --aliyunecs-profile or ALIBABA_CLOUD_PROFILE, or keys in ECS_ACCESS_KEY_ID and ECS_ACCESS_KEY_SECRET',
    ])
  if (profile && file && name && (named || isFilled(profile)))
    return {
      name: `profile ${name}`,
      profile: name,
      ...(profile.region ? { region: profile.region } : {}),
      keys: following(keysOf(profile, file.profiles, env, assume)),
    }
  if (env.ALIBABA_CLOUD_ECS_METADATA_DISABLED === 'true') throw none()
  const role = env.ALIBABA_CLOUD_ECS_METADATA || undefined
  return {
    name: "the instance's RAM role",
    keys: following(() => roleOfInstance(role, env).catch(error => Promise.reject(role ? error : none(error)))),
  }
}

/** `aliyun configure` leaves an empty profile where it was broken off. */
function isFilled({ mode, accessKeyId }: Profile): boolean {
  return !(mode === 'AK' && accessKeyId === '')
}

/** How a profile's keys are had. Throws for modes that are not ours. */
function keysOf(profile: Profile, all: ReadonlyMap<string, Profile>, env: Env, assume: Assume): () => Promise<Keys> {
  const { mode, name } = profile
  if (mode === 'AK') return async () => plain(profile, false)
  if (mode === 'StsToken') return async () => plain(profile, true)
  if (mode === 'RamRoleArn') return async () => await assume(plain(profile, false), profile)
  if (mode === 'EcsRamRole') return () => roleOfInstance(profile.ramRoleName || undefined, env)
  if (mode === 'ChainableRamRoleArn') {
    const source = all.get(profile.sourceProfile)
    if (!source || source.mode === 'ChainableRamRoleArn')
      throw problem(
        `profile ${name} takes its role with profile ${profile.sourceProfile}, which cannot be used for that`,
        ['its source_profile must be there, and hold keys or a role of its own'],
      )
    const keys = keysOf(source, all, env, assume)
    return async () => await assume(await keys(), profile)
  }
  throw problem(`profile ${name} is of mode ${mode}, which this program does not know`, [
    'use one of mode AK, StsToken, RamRoleArn, ChainableRamRoleArn or EcsRamRole',
    'or put its keys into ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and ALIBABA_CLOUD_SECURITY_TOKEN',
  ])
}

function plain({ name, accessKeyId, accessKeySecret, stsToken }: Profile, withToken: boolean): Keys {
  if (!accessKeyId || !accessKeySecret || (withToken && !stsToken))
    throw problem(`profile ${name} lacks its ${!accessKeyId || !accessKeySecret ? 'keys' : 'sts_token'}`, [
      `aliyun configure --profile ${name}`,
    ])
  return { accessKeyId, accessKeySecret, ...(stsToken ? { securityToken: stsToken } : {}) }
}

/** Keys and token must come from one place: a token beside others' keys would make them invalid. */
export function keysIn(env: Env): Keys | undefined {
  for (const [idName, secretName, tokenName] of PAIRS) {
    const [accessKeyId, accessKeySecret, securityToken] = [env[idName], env[secretName], env[tokenName]]
    if (!accessKeyId && !accessKeySecret) continue
    if (!accessKeyId || !accessKeySecret) {
      const missing = accessKeyId ? secretName : idName
      throw problem(`aliyunecs driver requires ${missing} beside ${accessKeyId ? idName : secretName}`, [
        `set ${missing} too (${accessKeyId ? '--aliyunecs-access-key-secret' : '--aliyunecs-access-key-id'}), or neither of the two`,
      ])
    }
    return { accessKeyId, accessKeySecret, ...(securityToken ? { securityToken } : {}) }
  }
  return undefined
}

function fixed(name: string, keys: Keys): Source {
  return { name, keys: async () => keys }
}

function following(fetch: () => Promise<Keys>): Source['keys'] {
  const recent = remembered(fetch, keys => keys.expiration)
  return signal => (signal ? untilAborted(recent(), signal) : recent())
}

function none(cause?: unknown): MachineError {
  const text =
    'aliyunecs driver requires the --aliyunecs-access-key-id option, or other credentials: there are none in the environment, in ~/.aliyun/config.json or from an instance RAM role'
  const hints = [
    'set ECS_ACCESS_KEY_ID and ECS_ACCESS_KEY_SECRET',
    'or name a profile with --aliyunecs-profile or ALIBABA_CLOUD_PROFILE (`aliyun configure` makes one)',
    'or run on an ECS instance that has a RAM role',
  ]
  return new MachineError('ECS_CREDENTIALS', text, { hints, cause })
}

export function problem(text: string, hints: string[], cause?: unknown): MachineError {
  return new MachineError('ECS_CREDENTIALS', text, { hints, cause })
}
