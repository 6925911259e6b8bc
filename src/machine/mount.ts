/** `mount`: a folder of a machine, seen here through sshfs. */
import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { MachineError, messageOf, UsageError } from '../errors.ts'
import { tool } from './copy.ts'
import { localWord, readSide } from './copy-side.ts'
import { runWatched, type Said } from './programs.ts'
import { sshFiles } from './ssh-files.ts'
import { sshWay } from './ssh-way.ts'
import type { World } from './world.ts'

export interface Mount {
  readonly machine: string
  readonly user?: string
  /** Folder of the machine; '' is the home directory. */
  readonly path: string
  /** Folder of this computer. */
  readonly mountPoint: string
}

/**
 * Reads `[[user@]machine:][path] [mountpoint]`: without a machine it is the one called `default`, without a mount point
 * the path itself. Throws UsageError where no mount point comes out of it.
 */
export function readMount(what: string, mountPoint: string | undefined, platform: NodeJS.Platform): Mount {
  const side = readSide(what, platform)
  const of = side.kind === 'machine' ? side : { name: 'default', path: side.path }
  const at = mountPoint || of.path
  if (at === '')
    throw new UsageError(`no folder of this computer is named to mount ${what} on`, ['name it: mount dev: ./dev'])
  return { machine: of.name, ...('user' in of && of.user ? { user: of.user } : {}), path: of.path, mountPoint: at }
}

/** Mounts. Returns sshfs's exit code. Throws TOOL_MISSING, MOUNT_POINT (not a folder), NOT_FOUND, NOT_RUNNING. */
export async function mountFolder(m: Mount, w: World, { show = true } = {}): Promise<Said> {
  const sshfs = await tool('sshfs', w, 'mount')
  await using files = await sshFiles([await sshWay(m.machine, w)], w)
  await checkMountPoint(m, w)
  const from = `${m.user === undefined ? '' : `${m.user}@`}${files.hostOf(m.machine)}:${m.path}`
  // The connection is made before sshfs goes into the background, so the config may go after that.
  return await runWatched(sshfs, ['-F', files.configPath, '-o', `fsname=${m.machine}`, from, pointWord(m, w)], w, {
    show,
  })
}

/** Unmounts; the machine may be off or gone by then. Returns the exit code of the program that does it. */
export async function unmountFolder(m: Pick<Mount, 'mountPoint'>, w: World, { show = true } = {}): Promise<Said> {
  if (w.platform === 'darwin') return await runWatched(await tool('umount', w, 'mount'), [pointWord(m, w)], w, { show })
  const fusermount = await tool('fusermount3', w, 'mount').catch(() => tool('fusermount', w, 'mount'))
  return await runWatched(fusermount, ['-u', pointWord(m, w)], w, { show })
}

function pointWord({ mountPoint }: Pick<Mount, 'mountPoint'>, w: World): string {
  return isAbsolute(mountPoint) ? mountPoint : localWord(mountPoint, w.platform)
}

async function checkMountPoint({ mountPoint }: Mount, w: World): Promise<void> {
  const there = await stat(mountPoint).catch((error: NodeJS.ErrnoException) => error)
  if (!(there instanceof Error)) {
    if (there.isDirectory()) return
    throw new MachineError('MOUNT_POINT', `the mount point ${mountPoint} is not a folder`)
  }
  const lost = there.code === 'ENOTCONN'
  const why = lost
    ? 'is a mount whose connection was lost'
    : there.code === 'ENOENT'
      ? 'does not exist'
      : messageOf(there)
  throw new MachineError('MOUNT_POINT', `the mount point ${mountPoint} ${why}`, {
    hints: lost ? [`${w.program} mount -u ${mountPoint} ${mountPoint}`] : [`mkdir -p ${mountPoint}`],
  })
}
