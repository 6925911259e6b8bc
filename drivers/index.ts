/** The drivers of this package, in the order `machine drivers` lists them and `create` chooses from. */
import type { AnyDriver } from './driver.ts'
import { generic } from './generic/index.ts'
import { none } from './none/index.ts'
import { nspawn } from './nspawn/index.ts'

export const drivers: readonly AnyDriver[] = [
  nspawn, //
  generic,
  none,
]
