/** The folder of this computer that the host may see: Docker Machine's default, or the one that was named. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UsageError } from '../../src/errors.ts'

export interface Share {
  /** Path here, as VirtualBox takes it. */
  readonly folder: string
  readonly name: string
}

/** Shared where nothing else was said: where people's homes lie, so that `docker run -v $HOME/…` finds them. */
const DEFAULTS: Partial<Record<NodeJS.Platform, Share>> = {
  linux: { folder: '/home', name: 'hosthome' },
  darwin: { folder: '/Users', name: 'Users' },
  win32: { folder: '\\\\?\\c:\\Users', name: 'c/Users' },
}

/** FOLDER:NAME; the last colon parts them, for drives have one. */
export function parseShare(text: string): Share {
  const [, folder = '', name = ''] = /^(.+):([^:]+)$/s.exec(text) ?? []
  if (folder !== '' && /^[\w.-]+(\/[\w.-]+)*$/.test(name) && !name.split('/').includes('..')) return { folder, name }
  throw new UsageError(`--virtualbox-share-folder "${text}" is not FOLDER:NAME`, [
    'as /srv/work:work, which the host sees at /work',
  ])
}

/** What is shared; undefined: nothing, for it was not asked for or is not there. */
export async function shareOf(
  asked: Share | 'none' | undefined,
  platform = process.platform,
): Promise<Share | undefined> {
  if (asked === 'none') return undefined
  const share = asked ?? DEFAULTS[platform]
  if (!share) return undefined
  const folder = asked ? resolve(share.folder) : share.folder
  const there = (await stat(folder).catch(() => undefined))?.isDirectory()
  if (there) return { ...share, folder }
  if (!asked) return undefined
  throw new UsageError(`the folder of --virtualbox-share-folder, ${folder}, is not there`)
}

/**
 * Mounts it at the first boot and all later ones, if the image's kernel knows vboxsf. It runs in the guest; its words go
 * into cloud-init's log.
 */
export function mountScript({ name }: Share): string {
  return `#!/bin/sh
# machine: the folder that is shared with this host
name='${name}'
if ! modprobe vboxsf 2>/dev/null && ! grep -qw vboxsf /proc/filesystems; then
  echo "machine: this kernel has no vboxsf, so /$name is not mounted (Ubuntu: apt-get install linux-modules-extra-$(uname -r))"
  exit 0
fi
mkdir -p "/$name"
grep -q " /$name vboxsf " /etc/fstab || echo "$name /$name vboxsf defaults,nofail 0 0" >> /etc/fstab
mount "/$name" || echo "machine: /$name could not be mounted"
`
}
