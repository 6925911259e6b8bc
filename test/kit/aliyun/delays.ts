import type { Delays } from './world.ts'

/** An Alibaba Cloud in which nothing takes its time. */
export const QUICK: Readonly<Partial<Delays>> = {
  pending: 0,
  starting: 0,
  stopping: 0,
  deleting: 0,
  groupHeld: 0,
  vpc: 0,
  vswitch: 0,
  eip: 0,
  route: 0,
}
