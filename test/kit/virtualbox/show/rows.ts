/** What showvminfo says of a machine line by line, for machines and for people. */
import { dirname, join } from 'node:path'
import type { Box } from '../box.ts'
import { OS_TYPES } from '../tables/os-types.ts'
import { atLeast } from '../versions.ts'
import type { Vm } from '../world.ts'

export type Row = readonly [key: string, label: string, value: string, unit?: string]

export const NUMBERS = new Set([
  'memory',
  'vram',
  'cpuexecutioncap',
  'cpus',
  'cpuid-portability-level',
  'biossystemtimeoffset',
  'monitorcount',
  'teleporterport',
  'autostart-delay',
  'GuestMemoryBalloon',
])

export function rows(box: Box, vm: Vm): Row[] {
  const { it } = box
  const on = (key: string, otherwise = 'off') => vm.settings[key] ?? otherwise
  const x86: Row[] = [
    ['hpet', 'HPET:', on('hpet')],
    ['pae', 'PAE:', on('pae', 'on')],
    ['longmode', 'Long Mode:', on('longmode', 'on')],
    ['triplefaultreset', 'Triple Fault Reset:', on('triplefaultreset')],
    ['apic', 'APIC:', on('apic', 'on')],
    ['x2apic', 'X2APIC:', on('x2apic')],
    ['nested-hw-virt', 'Nested VT-x/AMD-V:', on('nestedhwvirt')],
    ['hwvirtex', 'Hardware Virtualization:', on('hwvirtex', 'on')],
    ['nestedpaging', 'Nested Paging:', on('nestedpaging', 'on')],
    ['largepages', 'Large Pages:', on('largepages', 'on')],
    ['vtxvpid', 'VT-x VPID:', on('vtxvpid', 'on')],
    ['vtxux', 'VT-x Unrestricted Exec.:', on('vtxux', 'on')],
  ]
  const folder = dirname(vm.settingsFile)
  return [
    ['name', 'Name:', vm.name],
    ...(atLeast(it, '7.0') ? ([['encryption', 'Encryption:', 'disabled']] as Row[]) : []),
    ['groups', 'Groups:', vm.groups],
    ...(atLeast(it, '7.1')
      ? ([['platformArchitecture', 'Platform Architecture:', vm.architecture === 'arm' ? 'ARM' : 'x86']] as Row[])
      : []),
    ['ostype', 'Guest OS:', OS_TYPES[vm.osType] ?? vm.osType],
    ['UUID', 'UUID:', vm.uuid],
    ['CfgFile', 'Config file:', vm.settingsFile],
    ['SnapFldr', 'Snapshot folder:', vm.settings.snapshotfolder ?? join(folder, 'Snapshots')],
    ['LogFldr', 'Log folder:', join(folder, 'Logs')],
    ['hardwareuuid', 'Hardware UUID:', vm.settings.hardwareuuid ?? vm.uuid],
    ['memory', 'Memory size:', on('memory'), 'MB'],
    ['pagefusion', 'Page Fusion:', on('pagefusion')],
    ['vram', 'VRAM size:', on('vram'), 'MB'],
    ['cpuexecutioncap', 'CPU exec cap:', on('cpuexecutioncap'), '%'],
    ['cpu-profile', 'CPUProfile:', on('cpu-profile')],
    ['chipset', 'Chipset:', on('chipset')],
    ['firmware', 'Firmware:', on('firmware')],
    ['cpus', 'Number of CPUs:', on('cpus')],
    ...(vm.architecture === 'x86' ? x86 : []),
    ['cpuid-portability-level', 'CPUID Portability Level:', on('cpuid-portability-level', '0')],
    ['bootmenu', 'Boot menu mode:', on('biosbootmenu', 'messageandmenu')],
    ...[1, 2, 3, 4].map((n): Row => [`boot${n}`, `Boot Device ${n}:`, on(`boot${n}`, 'none')]),
    ['acpi', 'ACPI:', on('acpi', 'on')],
    ['ioapic', 'IOAPIC:', on('ioapic')],
    ['biosapic', 'BIOS APIC mode:', on('biosapic', 'apic')],
    ['biossystemtimeoffset', 'Time offset:', on('biossystemtimeoffset', '0'), 'ms'],
    ['rtcuseutc', 'RTC:', on('rtcuseutc')],
    ['paravirtprovider', 'Paravirt. Provider:', on('paravirtprovider', 'default')],
    ['effparavirtprovider', 'Effective Paravirt. Prov.:', 'kvm'],
  ]
}

export const isoTime = (ms: number) => `${new Date(ms).toISOString().slice(0, 23)}000000`
