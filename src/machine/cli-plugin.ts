/** `docker machine …`: a link to this program, called docker-machine, where the docker client looks for its plug-ins. */
import { randomBytes } from 'node:crypto'
import { lstat, mkdir, readFile, readlink, realpath, rename, symlink, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MachineError } from '../errors.ts'
import { errnoOf } from '../store/unwritable.ts'
import { dockerConfigDir } from './docker-config.ts'
import type { World } from './world.ts'

/** The first of docker's folders for all users (docker/cli, manager_unix.go). */
const SYSTEM_DIR = '/usr/local/lib/docker/cli-plugins'

export interface CliPluginOptions {
  /** Path of bin/machine. */
  program: string
  /** For all users of this computer instead of this one. */
  system?: boolean
  /** Replace (or remove) a file of that name that is not ours. */
  force?: boolean
}

export interface CliPlugin {
  readonly path: string
  /** What the link points at. */
  readonly target: string
  readonly change: 'installed' | 'unchanged' | 'removed' | 'absent'
}

type Place = Pick<World, 'env' | 'home' | 'platform'>

/** Makes the link. Throws PLUGIN_TAKEN for a file of others in the way; a link that leads nowhere is replaced. */
export async function installCliPlugin(w: Place, options: CliPluginOptions): Promise<CliPlugin> {
  const path = linkPath(w, options)
  const target = await realpath(options.program)
  const found = await look(path, target)
  if (found === 'this') return { path, target, change: 'unchanged' }
  if (found === 'foreign' && !options.force) throw taken(path)
  await changing(path, async () => {
    await mkdir(dirname(path), { recursive: true, mode: options.system ? 0o755 : 0o700 })
    const temp = `${path}.${randomBytes(4).toString('hex')}.tmp`
    await symlink(target, temp)
    try {
      await rename(temp, path)
    } catch (error) {
      await unlink(temp)
      throw error
    }
  })
  return { path, target, change: 'installed' }
}

/** Takes the link away; none there is success. Throws PLUGIN_TAKEN for a file of others. */
export async function uninstallCliPlugin(w: Place, options: CliPluginOptions): Promise<CliPlugin> {
  const path = linkPath(w, options)
  const target = await realpath(options.program)
  const found = await look(path, target)
  if (found === 'nothing') return { path, target, change: 'absent' }
  if (found === 'foreign' && !options.force) throw taken(path)
  await changing(path, () => unlink(path))
  return { path, target, change: 'removed' }
}

function linkPath(w: Place, { system }: CliPluginOptions): string {
  if (w.platform === 'win32')
    throw new MachineError(
      'PLUGIN_WINDOWS',
      'docker on Windows takes only .exe files as plug-ins, and this program is none',
      {
        hints: ['`machine` and `docker-machine` work as they are'],
      },
    )
  return join(system ? SYSTEM_DIR : join(dockerConfigDir(w), 'cli-plugins'), 'docker-machine')
}

/** What is at `path`: a link to this very program, to another copy of it or to nowhere, or something that is not ours. */
async function look(path: string, target: string): Promise<'nothing' | 'this' | 'other' | 'foreign'> {
  const stats = await lstat(path).catch(error => {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  })
  if (!stats) return 'nothing'
  if (!stats.isSymbolicLink()) return 'foreign'
  const end = await realpath(path).catch(() => undefined)
  if (end === undefined) return 'other'
  if (end === target) return (await readlink(path)) === target ? 'this' : 'other'
  return (await packageAt(end)) === (await packageAt(target)) ? 'other' : 'foreign'
}

/** Name of the npm package whose bin/… `program` is, or the path itself. */
async function packageAt(program: string): Promise<string> {
  try {
    return String(JSON.parse(await readFile(join(program, '../../package.json'), 'utf8')).name)
  } catch {
    return program
  }
}

function taken(path: string): MachineError {
  return new MachineError('PLUGIN_TAKEN', `${path} is there and is not this program`, {
    hints: ['move it away, or let --force replace or remove it'],
  })
}

async function changing(path: string, change: () => Promise<void>): Promise<void> {
  try {
    await change()
  } catch (cause) {
    const code = errnoOf(cause)
    if (!/^E[A-Z]+$/.test(code)) throw cause
    const reason = code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code
    throw new MachineError('PLUGIN_UNWRITABLE', `cannot change ${path}: ${reason}`, {
      hints: ['as root for --system; without it the link lies below DOCKER_CONFIG (default ~/.docker)'],
      cause,
    })
  }
}
