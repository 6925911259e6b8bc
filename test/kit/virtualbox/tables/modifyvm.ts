/**
 * Options of modifyvm by release, after the reference pages of the manuals and the tables in VBoxManageModifyVM.cpp. 6.1 has the
 * names without dashes only; 7.0 took dashed ones and keeps the others; 7.1 gave what only x86 machines have a prefix of its
 * own, and calls the firmware's by that name, and keeps the others.
 */
import type { Kind, Option } from '../getopt.ts'
import { atLeast, hasHostOnlyNets, type Installation } from '../versions.ts'

export interface ModifyOption extends Option {
  /** By what the code that does it knows it: the name without dashes. */
  readonly id: string
  /** Refused for machines of ARM. */
  readonly x86?: boolean
}

type Row = readonly [dashed: string, joined: string, kind: Kind]

const both = (kind: Kind, ...names: string[]): Row[] => names.map(name => [name, name.replaceAll('-', ''), kind])
const same = (kind: Kind, ...names: string[]): Row[] => names.map(name => [name, name, kind])

const GENERAL: readonly Row[] = [
  ...same('string', 'name', 'groups', 'description', 'firmware', 'cpu-profile', 'mouse', 'keyboard', 'audio'),
  ...both('string', 'os-type', 'icon-file', 'paravirt-provider', 'paravirt-debug', 'snapshot-folder'),
  ...same('uint32', 'memory', 'vram', 'cpus', 'cpuid-portability-level', 'autostart-delay'),
  ...same('onoff', 'acpi', 'ioapic', 'iocache', 'autostart-enabled', 'usb', 'vrde', 'system-uuid-le'),
  ...both('onoff', 'page-fusion', 'cpu-hotplug', 'rtc-use-utc', 'accelerate-3d', 'usb-xhci', 'usb-ehci', 'usb-ohci'),
  ...both('uint32', 'plug-cpu', 'unplug-cpu', 'cpu-execution-cap', 'monitor-count', 'guest-memory-balloon'),
  ...both('string', 'audio-controller', 'audio-codec', 'drag-and-drop', 'default-frontend', 'hardware-uuid'),
  ...both('string', 'vrde-port', 'vrde-address', 'vrde-auth-type', 'vrde-auth-library', 'vrde-property'),
  ...both('onoff', 'vrde-multi-con', 'vrde-reuse-con', 'audio-in', 'audio-out'),
  ...both('string', 'usb-rename', 'recording-file', 'recording-screens'),
  ...same('string', 'graphicscontroller', 'clipboard-mode', 'clipboard', 'chipset', 'vm-process-priority'),
  ...same('onoff', 'tracing-enabled', 'tracing-allow-vm-access', 'recording'),
  ...same('string', 'tracing-config', 'autostop-type'),
  ...both('uint32', 'iocache-size'),
]

const SINCE_70: readonly Row[] = [
  ...both('string', 'audio-driver'),
  ...both('onoff', 'audio-enabled'),
  ...same('string', 'tpm-type', 'tpm-location', 'iommu', 'guest-debug-provider', 'guest-debug-address'),
]

const X86: readonly Row[] = [
  ...same('onoff', 'pae', 'apic', 'x2apic', 'hwvirtex', 'hpet', 'nested-hw-virt', 'virt-vmsave-vmload', 'spec-ctrl'),
  ...same('onoff', 'ibpb-on-vm-exit', 'ibpb-on-vm-entry', 'l1d-flush-on-sched', 'l1d-flush-on-vm-entry'),
  ...same('onoff', 'mds-clear-on-sched', 'mds-clear-on-vm-entry'),
  ...both('onoff', 'long-mode', 'triple-fault-reset', 'nested-paging', 'large-pages', 'vtx-vpid', 'vtx-ux'),
]

const FIRMWARE: readonly Row[] = [
  ...both('onoff', 'logo-fade-in', 'logo-fade-out', 'pxe-debug'),
  ...both('uint32', 'logo-display-time'),
  ...both('string', 'logo-image-path', 'boot-menu', 'apic'),
  ...both('int64', 'system-time-offset'),
]

const INDEXED: readonly Row[] = [
  ...same('string', 'boot', 'nic', 'intnet', 'uart'),
  ...both('string', 'nic-type', 'nic-promisc', 'nic-property', 'nic-trace-file', 'nic-bandwidth-group'),
  ...both('uint32', 'nic-speed', 'nic-boot-prio'),
  ...both('onoff', 'nic-trace', 'cable-connected', 'nat-dns-pass-domain', 'nat-dns-proxy', 'nat-dns-host-resolver'),
  ...both('string', 'bridge-adapter', 'host-only-adapter', 'nic-generic-drv', 'mac-address'),
  ...both('string', 'nat-net', 'nat-bind-ip', 'nat-settings', 'nat-pf', 'nat-alias-mode'),
  ...both('string', 'nat-tftp-prefix', 'nat-tftp-file', 'nat-tftp-server', 'uart-mode', 'uart-type'),
]

/** Longer names first: '--nic' must not be found in '--nictype1'. */
const longestFirst = (a: Option, b: Option) => (b.names[0]?.length ?? 0) - (a.names[0]?.length ?? 0)

export function modifyOptions(it: Installation): ModifyOption[] {
  const dashes = atLeast(it, '7.0')
  const options: ModifyOption[] = []
  const add = (rows: readonly Row[], more: { index?: true; x86?: true } = {}) => {
    for (const [dashed, joined, kind] of rows) {
      const names = dashes ? [...new Set([dashed, joined])] : [joined]
      options.push({ id: joined.replaceAll('-', ''), names: names.map(name => `--${name}`), kind, ...more })
    }
  }
  add(GENERAL)
  add(INDEXED, { index: true })
  // This one had a dash before any other of its kind did.
  options.push({ id: 'natnetwork', names: ['--nat-network', '--natnetwork'], kind: 'string', index: true })
  if (dashes) add(SINCE_70)
  if (dashes) add(both('onoff', 'nat-localhostreachable'), { index: true })
  if (hasHostOnlyNets(it)) add([['host-only-net', 'hostonlynet', 'string']], { index: true })
  for (const [dashed, joined, kind] of FIRMWARE) {
    const old = dashes ? [`--bios-${dashed}`, `--bios${joined}`] : [`--bios${joined}`]
    const names = atLeast(it, '7.1') ? [`--firmware-${dashed}`, ...old] : old
    options.push({ id: `bios${joined}`, names, kind })
  }
  for (const [dashed, joined, kind] of X86) {
    const old = dashes ? [...new Set([`--${dashed}`, `--${joined}`])] : [`--${joined}`]
    const names = atLeast(it, '7.1') ? [`--x86-${dashed}`, ...old] : old
    options.push({ id: joined.replaceAll('-', ''), names, kind, x86: true })
  }
  return options.toSorted(longestFirst)
}
