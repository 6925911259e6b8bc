/** A volume to be made: the local driver's options can mount anything of the host, by any name, so none but the size may be set. */
import { any, fields, type Judge, map, oneOf, text, unset } from '../judge.ts'

export const volume: Judge = fields({
  Name: any,
  Driver: oneOf(['', 'local'], 'use volume drivers other than local'),
  DriverOpts: map(
    text(key => (key === 'size' ? undefined : 'give a volume options, which can mount anything of the host')),
  ),
  Labels: map(any),
  ClusterVolumeSpec: unset('make volumes of a cluster'),
})
