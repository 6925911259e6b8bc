/**
 * Which folders of the host an operator may mount: the configured ones, themselves. What lies below one is not allowed by its
 * path, because a container that can write there can put a symbolic link to anywhere in its place, and the engine follows it.
 */
import { posix } from 'node:path'
import { shown } from '../json.ts'
import type { RoleOptions } from '../options.ts'

/** Not even when configured, nor with a folder that holds one of them: whoever has these has the host. */
const NEVER = [
  ...['/proc', '/sys', '/dev', '/boot'],
  ...['/run/docker.sock', '/run/docker', '/run/containerd', '/run/machine-agent'],
  ...['/var/run/docker.sock', '/var/run/docker', '/var/run/containerd', '/var/run/machine-agent'],
  ...['/var/lib/docker', '/var/lib/containerd', '/var/lib/machine-agent'],
  ...['/etc/docker', '/etc/machine-agent', '/usr/local/lib/machine-agent'],
]

/** What an operator may not do, or nothing. */
export function hostFolderProblem(source: string, options: RoleOptions): string | undefined {
  const folder = clean(source)
  if (!folder.startsWith('/')) return 'mount folders of the host by a relative path'
  const listed = options.operatorMounts.map(clean)
  const never = [...NEVER, ...(options.enginePlaces ?? []).map(clean)]
  if (never.some(one => within(folder, one) || within(one, folder)) || folder.endsWith('.sock')) {
    return `mount ${shown(folder, 200)} of the host, whatever the configuration says`
  }
  if (!listed.includes(folder))
    return `mount ${shown(folder, 200)}: it is none of the host's folders configured for them`
  if (listed.some(one => one !== folder && within(folder, one))) {
    return `mount ${shown(folder, 200)}: it lies in another folder they may write to, so it may be a link to anywhere`
  }
  return undefined
}

function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
}

function clean(path: string): string {
  const normal = posix.normalize(path).replace(/^\/\/+/, '/')
  return normal.length > 1 ? normal.replace(/\/$/, '') : normal
}
