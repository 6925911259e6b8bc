/** What flags and variables ask for, settled and checked as far as that needs no look at anything. */
import { cpus } from 'node:os'
import { resolve } from 'node:path'
import { UsageError } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import type { ImageAsk } from '../local/image-source.ts'
import { imageFolder } from '../local/places.ts'
import { flags, type VirtualBoxConfig } from './flags.ts'
import { checkAddress, type Network, parseNetwork } from './network.ts'
import { parseShare, type Share } from './share.ts'

/** Docker Machine's limit for "all". */
const MOST_CPUS = 32
/** VirtualBox's own limits: seen before an image is downloaded. */
const LIMITS = { cpus: 64, memoryMb: 2_097_152 } as const
/** Of 7.1; it takes them in any case. */
const CARDS = [
  ...['82540EM', '82543GC', '82545EM', 'virtio', 'Am79C960', 'Am79C970A', 'Am79C973', 'usbnet'],
  ...['NE1000', 'NE2000', 'WD8003', 'WD8013', 'ELNK1', 'ELNK2'],
]

export interface Settings {
  readonly memoryMb: number
  readonly cpus: number
  readonly diskMb: number
  readonly image: ImageAsk
  readonly imageDir: string
  readonly linked: boolean
  readonly userDataFile: string | undefined
  readonly sshUser: string
  readonly natCard: string
  readonly hostOnlyCard: string
  readonly net: Network
  /** The fixed address that was asked for. */
  readonly address: string | undefined
  readonly dhcp: boolean
  readonly dns: { readonly hostResolver: boolean; readonly proxy: boolean }
  /** Undefined: what Docker Machine shared by itself, where it is there. 'none': nothing. */
  readonly share: Share | 'none' | undefined
  readonly stopSeconds: number
}

export function settingsOf(config: VirtualBoxConfig, env: Ctx['env'], arch = process.arch): Settings {
  refuseBoot2docker(config)
  atLeast('--virtualbox-memory', config.memory, 256, 'MB')
  atLeast('--virtualbox-disk-size', config.diskSize, 3072, 'MB')
  atLeast('--virtualbox-stop-timeout', config.stopTimeout, 1, 's')
  atMost('--virtualbox-memory', config.memory, LIMITS.memoryMb, ' MB')
  atMost('--virtualbox-cpu-count', config.cpuCount, LIMITS.cpus, '')
  const net = parseNetwork(config.hostonlyCidr)
  return {
    memoryMb: config.memory,
    cpus: config.cpuCount < 1 ? Math.min(cpus().length, MOST_CPUS) : config.cpuCount,
    diskMb: config.diskSize,
    image: {
      image: config.image || config.boot2dockerUrl || undefined,
      digest: config.imageSha256 || undefined,
      driver: 'virtualbox',
      arch,
      // What VirtualBox reads by itself; for ARM Ubuntu makes qcow2 alone.
      ending: cpu => (cpu === 'x64' ? 'vmdk' : 'img'),
    },
    imageDir: config.imageDir ? resolve(config.imageDir) : imageFolder(env),
    linked: config.linkedClone,
    userDataFile: config.userdata || undefined,
    sshUser: userName(config.sshUser),
    natCard: card('--virtualbox-nat-nictype', config.natNictype, flags.natNictype.default, arch),
    hostOnlyCard: card('--virtualbox-hostonly-nictype', config.hostonlyNictype, flags.hostonlyNictype.default, arch),
    net,
    address: config.hostonlyAddress ? checkAddress(config.hostonlyAddress, net) : undefined,
    dhcp: !config.hostonlyNoDhcp,
    dns: { hostResolver: config.hostDnsResolver ?? false, proxy: !config.noDnsProxy },
    share: config.noShare ? 'none' : config.shareFolder ? parseShare(config.shareFolder) : undefined,
    stopSeconds: config.stopTimeout,
  }
}

function refuseBoot2docker({ boot2dockerUrl: url, importBoot2dockerVm: vm, image }: VirtualBoxConfig): void {
  if (vm)
    throw new UsageError('--virtualbox-import-boot2docker-vm: the disk of a boot2docker VM works with its CD alone', [
      'leave the flag (VIRTUALBOX_BOOT2DOCKER_IMPORT_VM) out; carry data over with docker save and docker load',
    ])
  if (url && /\.iso$/i.test(url.replace(/[?#].*$/, '')))
    throw new UsageError(`--virtualbox-boot2docker-url ${url} is a CD, and boot2docker is no longer made`, [
      'leave the flag (VIRTUALBOX_BOOT2DOCKER_URL) out: machines boot an Ubuntu cloud image; --virtualbox-image names another',
    ])
  if (url && image && url !== image)
    throw new UsageError('--virtualbox-image and --virtualbox-boot2docker-url are one setting with two values', [
      'leave --virtualbox-boot2docker-url (VIRTUALBOX_BOOT2DOCKER_URL) out',
    ])
}

function atLeast(flag: string, value: number, least: number, unit: string): void {
  if (value < least) throw new UsageError(`${flag} ${value} is too little: at least ${least} ${unit}`)
}

function atMost(flag: string, value: number, most: number, unit: string): void {
  if (value > most) throw new UsageError(`${flag} ${value} is too much: VirtualBox takes at most ${most}${unit}`)
}

function userName(name: string): string {
  if (/^[a-z_][a-z0-9_-]{0,31}$/.test(name) && name !== 'root') return name
  throw new UsageError(`--virtualbox-ssh-user "${name}" cannot be a login that cloud-init makes`, [
    'give a plain name as docker or ubuntu: it gets sudo',
  ])
}

/** Old cards are for x86: on ARM their default gives way. */
function card(flag: string, asked: string, fallback: string, arch: string): string {
  if (!CARDS.some(each => each.toLowerCase() === asked.toLowerCase()))
    throw new UsageError(`${flag} "${asked}" is no network card of VirtualBox`, [`use one of: ${CARDS.join(', ')}`])
  return arch === 'arm64' && asked === fallback ? 'virtio' : asked
}
