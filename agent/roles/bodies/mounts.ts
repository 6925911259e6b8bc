/** Volumes and folders of the host in a container: both ways a body names them. */

import { isObject } from '../json.ts'
import { any, fields, type Judge, list, map, oneOf, refuse, text, unset } from '../judge.ts'
import type { RoleOptions } from '../options.ts'
import { Refusal } from '../verdict.ts'
import { hostFolderProblem } from './host-folders.ts'

const VOLUME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/
const PROPAGATION = 'mount with a propagation other than private'

/** Options of a bind; z and Z label the folder, which is theirs to use. */
const BIND_OPTIONS = [
  ...['', 'ro', 'rw', 'ro-non-recursive', 'ro-force-recursive', 'rro', 'z', 'Z', 'nocopy', 'copy'],
  ...['consistent', 'cached', 'delegated', 'default', 'private', 'rprivate'],
]

/** 'SOURCE:TARGET:OPTIONS', 'SOURCE:TARGET' or 'TARGET', as the engine takes them apart. */
export function binds(options: RoleOptions): Judge {
  return list(
    text(bind => {
      const parts = bind.split(':')
      if (parts.length > 3) return 'mount with more than a source, a target and options'
      const [source = '', target, words = ''] = parts
      if (!words.split(',').every(one => BIND_OPTIONS.includes(one))) return PROPAGATION
      return target === undefined ? undefined : sourceProblem(source, options)
    }),
  )
}

export function mounts(options: RoleOptions): Judge {
  const bind = fields({
    ...COMMON,
    Source: text(source => hostFolderProblem(source, options)),
    BindOptions: fields({
      Propagation: oneOf(['', 'private', 'rprivate'], PROPAGATION),
      NonRecursive: any,
      CreateMountpoint: any,
      ReadOnlyNonRecursive: any,
      ReadOnlyForceRecursive: any,
    }),
  })
  const kinds: Readonly<Record<string, Judge>> = { bind, volume, tmpfs, image }
  return list((value, at) => {
    if (!isObject(value)) throw new Refusal(`${at} has to be an object`)
    // Without a type some engines mean bind.
    const type = value.get('Type')
    const judge = typeof type === 'string' && Object.hasOwn(kinds, type) ? kinds[type] : undefined
    if (!judge) refuse('mount anything but types bind, volume, tmpfs and image', `${at}.Type`)
    judge(value, at)
  })
}

const COMMON = { Type: any, Target: any, ReadOnly: any, Consistency: any }

const unused = unset('give a mount options of another type')

const volume = fields({
  ...COMMON,
  Source: text(source => (source === '' || VOLUME.test(source) ? undefined : 'mount a volume with such a name')),
  BindOptions: unused,
  VolumeOptions: fields({
    NoCopy: any,
    Labels: map(any),
    Subpath: any,
    DriverConfig: fields({
      Name: oneOf(['', 'local'], 'use volume drivers other than local'),
      Options: unset('give a volume options, which can mount anything of the host'),
    }),
  }),
})

const tmpfs = fields({ ...COMMON, Source: unused, BindOptions: unused, VolumeOptions: unused, TmpfsOptions: any })

const image = fields({ ...COMMON, Source: any, BindOptions: unused, VolumeOptions: unused, ImageOptions: any })

function sourceProblem(source: string, options: RoleOptions): string | undefined {
  if (source.startsWith('/')) return hostFolderProblem(source, options)
  return VOLUME.test(source) ? undefined : 'mount a volume with such a name'
}
