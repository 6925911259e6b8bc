/** The shape of the rows of ec2-flags.test.ts, and what several of them need. */
import type { Key } from '../kit/ec2/cloud.ts'
import type { Launched } from './cloud-launches.ts'
import type { Seen } from './ec2-launches.ts'

export type Way = 'flags' | 'variables'

/** What is there for the rows to name. */
export interface World {
  readonly ids: Readonly<Record<string, string>>
  readonly userData: string
  readonly keyFile: string
  readonly profiles: string
  readonly url: string
  readonly region: string
  /** Temporary ones, which are in no variable. */
  readonly keys: Key
}
type Settings = Record<string, string | true | readonly string[]>

export interface Row {
  readonly name: string
  readonly title: string
  /** By the names of the flags in drivers/amazonec2/flags.ts. */
  settings(world: World, way: Way): Settings
  readonly ways?: readonly Way[]
  /** By the forks' names, of flags and variables, where there are any. */
  readonly aliased?: true
  /** Further variables. */
  env?(world: World): Record<string, string | undefined>
  expects(is: Launched & { seen: Seen; name: string; way: Way; world: World }): void
}

export const KMS_KEY = 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'
/** Swarm mode, within the group alone. */
export const SWARM = ['tcp 2377 itself', 'tcp 7946 itself', 'udp 4789 itself', 'udp 7946 itself']
export const decoded = (text: string) => Buffer.from(text, 'base64').toString()
