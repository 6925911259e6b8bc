/** Keys of the RAM role an ECS instance has, from its metadata service; in the hardened mode first. */
import { ALIYUN_METADATA } from '../../provisioning/mirrors.ts'
import { MachineError, messageOf } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import type { Keys } from './access.ts'

/** Elsewhere than on an instance nothing answers there, and nobody should wait for that. */
const DEADLINE_MS = 2000
const PATH = '/latest/meta-data/ram/security-credentials/'

/** `role`: its name; without one the service is asked. Throws ECS_CREDENTIALS. */
export async function roleOfInstance(role: string | undefined, env: Ctx['env']): Promise<Keys> {
  const base = (env.MACHINE_ALIYUNECS_METADATA_URL || ALIYUN_METADATA).replace(/\/$/, '')
  try {
    const token = await tokenFrom(base, env)
    const headers: Record<string, string> = token ? { 'X-aliyun-ecs-metadata-token': token } : {}
    const name = role ?? (await get(`${base}${PATH}`, { headers })).split('\n')[0]?.trim()
    if (!name) throw new Error('the instance has no RAM role')
    const said = JSON.parse(await get(`${base}${PATH}${encodeURIComponent(name)}`, { headers }).catch(missing(name)))
    if (said.Code !== 'Success' || !said.AccessKeyId || !said.AccessKeySecret)
      throw new Error(`the metadata service gives no keys for role ${name}`)
    return {
      accessKeyId: said.AccessKeyId,
      accessKeySecret: said.AccessKeySecret,
      securityToken: said.SecurityToken,
      expiration: new Date(said.Expiration),
    }
  } catch (error) {
    const why = error instanceof SyntaxError ? 'what the metadata service answers is no JSON' : messageOf(error)
    throw new MachineError('ECS_CREDENTIALS', `no keys could be had from the instance's RAM role: ${why}`, {
      hints: ['does this computer run on ECS, and has the instance a RAM role?'],
    })
  }
}

/** Undefined where the service does not know tokens, and they may be done without. */
async function tokenFrom(base: string, env: Ctx['env']): Promise<string | undefined> {
  const asked = get(`${base}/latest/api/token`, {
    method: 'PUT',
    headers: { 'X-aliyun-ecs-metadata-token-ttl-seconds': '300' },
  })
  if (env.ALIBABA_CLOUD_IMDSV1_DISABLED === 'true') return await asked
  return await asked.catch(error => {
    if (error instanceof Answered) return undefined
    throw error
  })
}

class Answered extends Error {}

async function get(url: string, init: { method?: string; headers: Record<string, string> }): Promise<string> {
  const { host } = new URL(url)
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(DEADLINE_MS), redirect: 'error' }).catch(
    () => {
      throw new Error(`nothing answers at ${host}`)
    },
  )
  if (!answer.ok) throw new Answered(`the metadata service answers with status ${answer.status}`)
  return await answer.text()
}

function missing(role: string): (error: unknown) => never {
  return error => {
    throw error instanceof Answered ? new Error(`the instance has no RAM role ${role}`) : error
  }
}
