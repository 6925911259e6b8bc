/** ~/.aliyun/config.json, as Alibaba Cloud's command line writes it. It is read and never written, and quoted nowhere. */
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { MachineError } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'

export interface Profile {
  readonly name: string
  /** 'AK', 'StsToken', 'RamRoleArn', 'EcsRamRole', 'ChainableRamRoleArn' … */
  readonly mode: string
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly stsToken: string
  readonly region: string
  readonly ramRoleName: string
  readonly ramRoleArn: string
  readonly sessionName: string
  readonly externalId: string
  readonly expiresSeconds: number | undefined
  readonly sourceProfile: string
}

export interface Profiles {
  readonly current: string
  readonly profiles: ReadonlyMap<string, Profile>
}

/** Where it lies, and how it is called in texts. */
export function configFile(env: Ctx['env']): { path: string; shown: string } {
  const moved = env.ALIBABA_CLOUD_CONFIG_FILE
  if (moved) return { path: moved, shown: moved }
  return { path: join(env.HOME || homedir(), '.aliyun', 'config.json'), shown: '~/.aliyun/config.json' }
}

/** Undefined where there is no such file. Throws ECS_CREDENTIALS for one that cannot be read, without a word of it. */
export async function readProfiles(env: Ctx['env']): Promise<Profiles | undefined> {
  const { path, shown } = configFile(env)
  const refuse = (why: string) =>
    new MachineError('ECS_CREDENTIALS', `${shown} ${why}`, { hints: ['aliyun configure writes it anew'] })
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw refuse(`cannot be read: ${code}`)
  }
  let file: { current?: unknown; profiles?: unknown }
  try {
    file = JSON.parse(text)
  } catch {
    throw refuse('is not valid JSON') // the parser's own error quotes the file, and it holds secrets
  }
  const list = Array.isArray(file?.profiles) ? file.profiles : []
  const profiles = list.map(read).filter(profile => profile.name !== '')
  const current = typeof file?.current === 'string' && file.current !== '' ? file.current : 'default'
  return { current, profiles: new Map(profiles.map(profile => [profile.name, profile])) }
}

function read(entry: unknown): Profile {
  const from = Object(entry) as Record<string, unknown>
  const text = (key: string) => (typeof from[key] === 'string' ? (from[key] as string) : '')
  return {
    name: text('name'),
    mode: text('mode') || 'AK',
    accessKeyId: text('access_key_id'),
    accessKeySecret: text('access_key_secret'),
    stsToken: text('sts_token'),
    region: text('region_id'),
    ramRoleName: text('ram_role_name'),
    ramRoleArn: text('ram_role_arn'),
    sessionName: text('ram_session_name') || 'machine',
    externalId: text('external_id'),
    expiresSeconds:
      typeof from.expired_seconds === 'number' && from.expired_seconds > 0 ? from.expired_seconds : undefined,
    sourceProfile: text('source_profile'),
  }
}
