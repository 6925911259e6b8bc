/** The drivers of this package, in the order `machine drivers` lists them and `create` chooses from. */
import { aliyunecs } from './aliyunecs/index.ts'
import { amazonec2 } from './amazonec2/index.ts'
import type { AnyDriver } from './driver.ts'
import { generic } from './generic/index.ts'
import { none } from './none/index.ts'
import { nspawn } from './nspawn/index.ts'
import { vagrant } from './vagrant/index.ts'
import { virtualbox } from './virtualbox/index.ts'

export const drivers: readonly AnyDriver[] = [
  nspawn, //
  virtualbox,
  vagrant,
  generic,
  amazonec2,
  aliyunecs,
  none,
]
