import { access, readFile, stat } from 'node:fs/promises'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { UsageError } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import type { VagrantConfig } from './flags.ts'
import { providerOf } from './providers.ts'

export interface SyncedFolder {
  readonly here: string
  readonly there: string
  readonly type?: string
}

/** All that a Vagrantfile of ours says. */
export interface Settings {
  readonly vmName: string
  readonly hostName: string
  /** Name the provider gives the machine, unique on this computer. */
  readonly providerName: string
  readonly provider: string
  readonly box: string
  readonly boxVersion?: string
  readonly boxUrl?: string
  readonly cpus?: number
  readonly memoryMb?: number
  readonly diskMb?: number
  /** An IP address, 'dhcp' or 'none'. */
  readonly network: string
  readonly folders: readonly SyncedFolder[]
  readonly sshUser?: string
  readonly enginePort: number
  /** Text of the file of further lines. */
  readonly fragment?: string
}

type Asked = Pick<Settings, 'folders'> &
  Partial<Pick<Settings, 'cpus' | 'memoryMb' | 'diskMb' | 'network' | 'fragment'>>

/** What is asked for, whatever will make the machine. Throws UsageError for what cannot be. */
export async function readAsked(config: VagrantConfig): Promise<Asked> {
  const cpus = atLeast('--vagrant-cpus', config.cpus, 1)
  const memoryMb = atLeast('--vagrant-memory', config.memory, 64)
  const diskMb = atLeast('--vagrant-disk-size', config.diskSize, 1024)
  const network = readNetwork(config.privateNetworkIp)
  const fragment = config.vagrantfile === undefined ? undefined : await readFragment(config.vagrantfile)
  return {
    ...(cpus === undefined ? {} : { cpus }),
    ...(memoryMb === undefined ? {} : { memoryMb }),
    ...(diskMb === undefined ? {} : { diskMb }),
    ...(network === undefined ? {} : { network }),
    ...(fragment === undefined ? {} : { fragment }),
    folders: await Promise.all((config.syncedFolder ?? []).map(readFolder)),
  }
}

/** Settles what the machine will be. Throws UsageError for what cannot be. */
export async function readSettings(
  config: VagrantConfig,
  provider: string,
  ctx: Pick<Ctx, 'name' | 'storeId'> & { enginePort?: number },
): Promise<Settings> {
  const traits = providerOf(provider)
  const box = config.box || traits.box
  if (box === undefined)
    throw new UsageError(`provider ${provider} has no box of its own: name an image with --vagrant-box`, [
      'it has to run systemd (or another init) and sshd',
    ])
  if (config.diskSize !== undefined && traits.disk === undefined)
    throw new UsageError(`machines of provider ${provider} have no disk whose size could be set`, [
      'leave --vagrant-disk-size out',
    ])
  if (!traits.virtual)
    for (const [flag, value] of [
      ['--vagrant-box-version', config.boxVersion],
      ['--vagrant-box-url', config.boxUrl],
    ])
      if (value)
        throw new UsageError(`machines of provider ${provider} are made of images, and ${flag} is about boxes`, [
          'name the image, with its tag, with --vagrant-box',
        ])
  const asked = await readAsked(config)
  return {
    vmName: ctx.name,
    hostName: ctx.name.replace(/[^a-zA-Z0-9]+$/, ''),
    providerName: traits.prefixed ? `${ctx.storeId}-${ctx.name}` : `${ctx.name}-${ctx.storeId}`,
    provider,
    box,
    ...(config.boxVersion ? { boxVersion: config.boxVersion } : {}),
    ...(config.boxUrl ? { boxUrl: boxUrl(config.boxUrl) } : {}),
    ...(traits.virtual ? { cpus: 2, memoryMb: 2048 } : {}),
    network: traits.network,
    ...asked,
    ...(config.sshUser ? { sshUser: config.sshUser } : {}),
    enginePort: ctx.enginePort ?? 2376,
  }
}

function atLeast(flag: string, value: number | undefined, least: number): number | undefined {
  if (value === undefined || value >= least) return value
  throw new UsageError(`${flag} ${value} is too little: at least ${least}`)
}

function readNetwork(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined
  if (text === 'dhcp' || text === 'none' || isIP(text) !== 0) return text
  throw new UsageError(`--vagrant-private-network-ip ${text} is no IP address, nor dhcp or none`)
}

/** A file is named from here, and looked for by Vagrant from elsewhere. */
function boxUrl(text: string): string {
  return /^[a-z][a-z0-9+.-]+:/i.test(text) ? text : resolve(text)
}

/** `HERE:THERE[:TYPE]`; HERE may hold colons, as `C:\src` does. */
export async function readFolder(text: string): Promise<SyncedFolder> {
  const match = /^(.+?):(\/[^:]*)(?::(\w+))?$/s.exec(text)
  if (!match)
    throw new UsageError(`--vagrant-synced-folder ${text} is not HERE:THERE`, [
      'as /home/me/src:/src, or with a type: ./src:/src:rsync',
    ])
  const here = resolve(match[1] as string)
  const found = await stat(here).catch(() => undefined)
  if (!found?.isDirectory()) throw new UsageError(`--vagrant-synced-folder: there is no folder ${here}`)
  return { here, there: match[2] as string, ...(match[3] ? { type: match[3] } : {}) }
}

async function readFragment(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text !== undefined) return text
  const there = await access(path).then(
    () => true,
    () => false,
  )
  throw new UsageError(`--vagrant-vagrantfile ${path} ${there ? 'cannot be read' : 'does not exist'}`)
}
