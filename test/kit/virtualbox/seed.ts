/** What a cloud image finds when it boots: a disc labelled cidata, and in it what its network cards are to be. */
import { execFileSync } from 'node:child_process'
import type { Seed } from './hosts.ts'
import { readIso } from './iso.ts'
import type { Nic, Vm, World } from './world.ts'
import { readYaml } from './yaml.ts'

/** The first disc that cloud-init would take; it wants both user-data and meta-data on it. */
export function findSeed(vm: Vm, world: World, note: (line: string) => void): Seed | undefined {
  const drives = vm.controllers.flatMap(({ attachments }) => attachments).filter(({ type }) => type === 'dvddrive')
  for (const { medium: uuid } of drives) {
    const medium = world.media.find(each => each.uuid === uuid)
    if (!medium) continue
    try {
      const { label: own, files } = readIso(medium.location)
      const label = blkidLabel(medium.location) ?? own
      if (!/^cidata$/i.test(label)) {
        note(`the disc ${medium.location} is labelled "${label}": cloud-init does not look at it`)
        continue
      }
      const [userData, metaData] = [files.get('user-data'), files.get('meta-data')]
      if (!userData || !metaData) {
        note(
          `the disc ${medium.location} has ${[...files.keys()].join(', ')}: cloud-init wants user-data and meta-data`,
        )
        continue
      }
      const [vendorData, networkConfig] = [files.get('vendor-data'), files.get('network-config')]
      return {
        userData,
        metaData,
        ...(vendorData ? { vendorData } : {}),
        ...(networkConfig ? { networkConfig } : {}),
      }
    } catch (error) {
      note(`the disc ${medium.location} cannot be read: ${error instanceof Error ? error.message : error}`)
    }
  }
  return undefined
}

/** The label by which cloud-init looks for it, as the tool finds it that cloud-init asks; undefined without that tool. */
function blkidLabel(path: string): string | undefined {
  try {
    return execFileSync('blkid', ['-p', '-s', 'LABEL', '-o', 'value', path], { encoding: 'utf8' }).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    return ''
  }
}

/** As Linux calls the cards of a machine, by where they are plugged in. */
export const LINK_NAMES = ['enp0s3', 'enp0s8', 'enp0s9', 'enp0s10', 'enp0s16', 'enp0s17', 'enp0s18', 'enp0s19']

export const colons = (mac: string): string => (mac.toLowerCase().match(/../g) ?? []).join(':')

export interface Wish {
  readonly dhcp: boolean
  /** In CIDR notation. */
  readonly addresses: readonly string[]
}

interface Item {
  readonly [key: string]: unknown
}

const items = (value: unknown): Item[] => (Array.isArray(value) ? value : []) as Item[]
const words = (value: unknown): string[] => (Array.isArray(value) ? value : []).map(String)

/**
 * What the seed wants of a card. Without any settings cloud-init asks DHCP on the first card that has a cable, and leaves the
 * others alone: a host-only card has no address then.
 */
export function wishFor(seed: Seed | undefined, nic: Nic, name: string, isFirst: boolean): Wish {
  const text = seed?.networkConfig?.toString('utf8').trim()
  if (text === undefined || text === '') return { dhcp: isFirst, addresses: [] }
  const read = readYaml(text) as Item | null
  const config = (read?.network ?? read) as Item | null
  const mac = colons(nic.mac)
  if (config?.version === 1) {
    const found = items(config.config).find(
      each =>
        each.type === 'physical' &&
        (each.mac_address ? String(each.mac_address).toLowerCase() === mac : each.name === name),
    )
    const subnets = items(found?.subnets)
    const fixed = subnets.filter(each => /^static/.test(String(each.type)))
    return {
      dhcp: subnets.some(({ type }) => type === 'dhcp' || type === 'dhcp4'),
      addresses: fixed.map(each => (String(each.address).includes('/') ? String(each.address) : `${each.address}/24`)),
    }
  }
  if (config?.version !== 2) throw new Error(`network-config is of no version: ${text}`)
  const ethernets = Object.entries((config.ethernets ?? {}) as Record<string, Item>)
  const [, found] = ethernets.find(([id, each]) => matches(id, each, mac, name)) ?? []
  return { dhcp: found?.dhcp4 === true, addresses: words(found?.addresses) }
}

function matches(id: string, { match }: Item, mac: string, name: string): boolean {
  if (match === undefined || match === null) return id === name
  const { macaddress, name: glob } = match as Item
  if (macaddress !== undefined) return String(macaddress).toLowerCase() === mac
  if (glob === undefined) return true
  const pattern = String(glob)
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${pattern}$`).test(name)
}
