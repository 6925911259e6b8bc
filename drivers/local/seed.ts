/**
 * What cloud-init on a local VM is told at its first boot: a NoCloud seed, a CD labelled `cidata` that holds user-data,
 * meta-data and network-config. JSON is YAML, and needs no library.
 */
import { mergeUserData } from '../cloud/user-data.ts'
import { isoImage } from './iso9660.ts'
import { type Interface, networkConfig } from './network-config.ts'

export interface SeedAsk {
  /** Tells cloud-init that this is another host than the one before. */
  readonly instanceId: string
  readonly hostName: string
  /** Login that is made, or that the image's own is renamed to; it may do all with sudo. */
  readonly user: string
  /** OpenSSH line of the key that is let in. */
  readonly publicKey: string
  readonly interfaces: readonly Interface[]
  /** A person's own user data. */
  readonly userData?: Uint8Array | undefined
  /** Shell scripts of the driver, each run once. */
  readonly scripts?: readonly string[]
}

/** The CD's bytes. */
export function seedImage(ask: SeedAsk): Buffer {
  return isoImage('cidata', [
    { name: 'meta-data', data: Buffer.from(json(metaData(ask))) },
    { name: 'network-config', data: Buffer.from(json(networkConfig(ask.interfaces))) },
    { name: 'user-data', data: userData(ask) },
  ])
}

function metaData({ instanceId, hostName, publicKey }: SeedAsk) {
  return { 'instance-id': instanceId, 'local-hostname': hostName, 'public-keys': [publicKey] }
}

/**
 * Ours says `user` alone, in cloud-config: of two parts with the same key the later counts, so that any other key of ours
 * would take away a person's. Scripts add up.
 */
function userData({ user, userData: theirs, scripts = [] }: SeedAsk): Buffer {
  // Its group may be there already, as that of the engine in an image that has one: then useradd makes no other.
  const login = { name: user, primary_group: user }
  const ours = [...scripts, `#cloud-config\n${json({ user: login })}`]
  return ours.reduce<Buffer | undefined>(
    (all, part) => mergeUserData(all, part),
    theirs && Buffer.from(theirs),
  ) as Buffer
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 1)}\n`
}
