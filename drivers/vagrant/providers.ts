/** What differs between Vagrant's providers. */
import { platform as here } from 'node:process'
import { rubyList, rubyString } from './ruby.ts'
import type { Settings } from './settings.ts'

export interface Provider {
  /** Guests sit behind NAT of this computer: they get a network of their own, and the engine's port is forwarded besides. */
  readonly hidden: boolean
  /** Network of this computer's own unless another is asked for. */
  readonly network: 'dhcp' | 'none'
  /** Where the size of the disk is set; absent: the provider has none to set. */
  readonly disk?: 'vagrant' | 'provider'
  /** A machine of it has processors and memory of its own, so there are defaults. */
  readonly virtual: boolean
  /** Of a machine's name there only the beginning is ours to choose. */
  readonly prefixed?: true
  readonly box?: string
  /** Lines in its block, about `v`. */
  lines(s: Settings): string[]
}

/** A current LTS; its boxes are there for both processors, and Vagrant takes the one that fits. */
const BENTO = 'bento/ubuntu-24.04'
/** bento makes none for these. */
const CLOUD_IMAGE = 'cloud-image/ubuntu-24.04'

const sizes = ({ cpus, memoryMb }: Settings) => [
  ...(cpus === undefined ? [] : [`v.cpus = ${cpus}`]),
  ...(memoryMb === undefined ? [] : [`v.memory = ${memoryMb}`]),
]
const named = (s: Settings) => [`v.name = ${rubyString(s.providerName)}`, ...sizes(s)]
const vm = { virtual: true, box: BENTO } as const

const vmware: Provider = {
  ...vm,
  hidden: false,
  network: 'none',
  disk: 'vagrant',
  lines: ({ cpus, memoryMb }) => [
    'v.gui = false',
    ...(cpus === undefined ? [] : [`v.vmx["numvcpus"] = "${cpus}"`]),
    ...(memoryMb === undefined ? [] : [`v.vmx["memsize"] = "${memoryMb}"`]),
  ],
}

/**
 * What dockerd and systemd need in a container. All of them less than `privileged`, which also needs rights this computer's
 * own engine may not have to give; it is no security boundary either.
 */
const CONTAINER = [
  '--cap-add=SYS_ADMIN',
  '--cap-add=NET_ADMIN',
  '--cap-add=SYS_PTRACE',
  '--security-opt=seccomp=unconfined',
  '--security-opt=apparmor=unconfined',
  '--security-opt=systempaths=unconfined',
  '--cgroupns=private',
  '--tmpfs=/run',
  '--tmpfs=/tmp:exec',
]

const PROVIDERS: Readonly<Record<string, Provider>> = {
  virtualbox: { ...vm, hidden: true, network: 'dhcp', disk: 'vagrant', lines: s => ['v.gui = false', ...named(s)] },
  libvirt: {
    virtual: true,
    box: CLOUD_IMAGE,
    hidden: false,
    network: 'none',
    disk: 'provider',
    prefixed: true,
    lines: s => [
      `v.default_prefix = ${rubyString(s.providerName.slice(0, -s.vmName.length))}`,
      ...sizes(s),
      ...(s.diskMb === undefined ? [] : [`v.machine_virtual_size = ${Math.ceil(s.diskMb / 1024)}`]),
    ],
  },
  vmware_desktop: vmware,
  vmware_fusion: vmware,
  vmware_workstation: vmware,
  hyperv: {
    ...vm,
    hidden: false,
    network: 'none',
    disk: 'vagrant',
    lines: s => [`v.vmname = ${rubyString(s.providerName)}`, ...sizes(s)],
  },
  parallels: { ...vm, hidden: false, network: 'none', lines: named },
  qemu: {
    virtual: true,
    box: CLOUD_IMAGE,
    hidden: true,
    network: 'none',
    disk: 'provider',
    lines: ({ cpus, memoryMb, diskMb }) => [
      ...(cpus === undefined ? [] : [`v.smp = "${cpus}"`]),
      ...(memoryMb === undefined ? [] : [`v.memory = "${memoryMb}M"`]),
      ...(diskMb === undefined ? [] : [`v.disk_resize = "${diskMb}M"`]),
    ],
  },
  docker: {
    virtual: false,
    // Elsewhere its containers live in a VM whose network is not this computer's.
    hidden: here !== 'linux',
    network: 'none',
    lines: ({ box, cpus, memoryMb, providerName, enginePort }) => [
      `v.image = ${rubyString(box)}`,
      `v.name = ${rubyString(providerName)}`,
      'v.has_ssh = true',
      'v.remains_running = true',
      'v.stop_timeout = 30',
      'v.volumes = ["/var/lib/docker"]', // an engine's images cannot lie on another's
      `v.create_args = ${rubyList([
        ...CONTAINER,
        // Any free port, and another at each start: a fixed one may be somebody else's by then.
        '--publish=127.0.0.1::22',
        ...(here === 'linux' ? [] : [`--publish=127.0.0.1::${enginePort}`]),
        ...(cpus === undefined ? [] : [`--cpus=${cpus}`]),
        ...(memoryMb === undefined ? [] : [`--memory=${memoryMb}m`]),
      ])}`,
    ],
  },
}

/** What is known of a provider; one of a plug-in we do not know is taken for a VM behind NAT whose sizes have the usual names. */
export function providerOf(name: string): Provider {
  return PROVIDERS[name] ?? { ...vm, hidden: true, network: 'none', lines: sizes }
}
