/** What hosts in China get their engine from: they do not reach Docker's own servers, nor npm's. */
import { NPM_MIRROR_CHINA } from '../../provisioning/mirrors.ts'
import type { Ctx, EngineDefaults } from '../driver.ts'
import { readProfiles } from './config-file.ts'
import { keysIn } from './credentials.ts'
import { DEFAULT_REGION, isChina } from './endpoint.ts'
import type { EcsConfig } from './flags.ts'

/** `--engine-mirror aliyun` for regions of the mainland, and a registry of npm's packages that answers there. */
export async function engineDefaults(config: EcsConfig, { env }: Pick<Ctx, 'env'>): Promise<EngineDefaults> {
  const region = config.region || (await regionOfProfile(config, env)) || DEFAULT_REGION
  return isChina(region) ? { mirror: 'aliyun', agentRegistry: NPM_MIRROR_CHINA } : {}
}

/** The same profile whose keys are used; what is wrong with it, preflight says. */
async function regionOfProfile({ profile }: EcsConfig, env: Ctx['env']): Promise<string | undefined> {
  // Keys of the environment come without a region.
  if (!profile && hasKeys(env)) return undefined
  const file = await readProfiles(env).catch(() => undefined)
  const name = profile || env.ALIBABA_CLOUD_PROFILE || env.ALICLOUD_PROFILE || file?.current
  return file?.profiles.get(name ?? '')?.region || undefined
}

function hasKeys(env: Ctx['env']): boolean {
  try {
    return keysIn(env) !== undefined
  } catch {
    return true
  }
}
