/** The VM as options of VBoxManage: pure, so that tests can read them. */
import type { HostOnly } from './host-only.ts'
import { cardOptions } from './host-only.ts'
import type { Settings } from './settings.ts'
import type { State } from './state.ts'
import { isAtLeast, option, type Version } from './version.ts'

export interface Hardware {
  readonly settings: Settings
  readonly state: State
  readonly version: Version
  readonly arch: string
}

/** Name of its storage controller. */
export const CONTROLLER = 'SATA'

/** `createvm`. Its UUID is ours, and on record: the name may be somebody else's by then. */
export function createArgs({ state, version, arch }: Hardware, folder: string): string[] {
  const platform = isAtLeast(version, 7, 1) ? ['--platform-architecture', arch === 'arm64' ? 'arm' : 'x86'] : []
  const ostype = arch === 'arm64' ? 'Ubuntu_arm64' : 'Linux26_64'
  const id = state.VMId ?? ''
  return [
    'createvm',
    '--name',
    state.MachineName,
    '--uuid',
    id,
    ...platform,
    '--ostype',
    ostype,
    '--basefolder',
    folder,
    '--register',
  ]
}

/** `modifyvm`, all but the network to this computer. `console` is the file its serial port writes to. */
export function modifyArgs({ settings: s, state, version, arch }: Hardware, console: string): string[] {
  const set = (name: string, value: string) => [option(version, name), value]
  const onOff = (on: boolean) => (on ? 'on' : 'off')
  const x86 = [
    ...set('firmware', 'bios'),
    ...set('biosbootmenu', 'disabled'),
    ...set('bioslogodisplaytime', '0'),
    ...set('ioapic', 'on'),
    // Kernels of cloud images talk to it: without one, some take minutes to boot.
    ...['--uart1', '0x3F8', '4'],
    ...[option(version, 'uartmode1'), 'file', console],
  ]
  return [
    ...set('cpus', String(s.cpus)),
    ...set('memory', String(s.memoryMb)),
    ...['--vram', '16', '--graphicscontroller', 'vmsvga'],
    ...set('rtcuseutc', 'on'),
    ...['--boot1', 'disk', '--boot2', 'none', '--boot3', 'none', '--boot4', 'none'],
    ...(arch === 'arm64' ? [] : x86),
    ...['--nic1', 'nat', ...set('nictype1', s.natCard), ...set('cableconnected1', 'on')],
    ...set('macaddress1', state.NatMac ?? ''),
    ...set('natdnshostresolver1', onOff(s.dns.hostResolver)),
    ...set('natdnsproxy1', onOff(s.dns.proxy)),
  ]
}

/** `modifyvm` for the card to this computer. */
export function hostOnlyArgs(hostOnly: HostOnly, state: State, version: Version): string[] {
  const set = (name: string, value: string) => [option(version, name), value]
  return [
    ...cardOptions(hostOnly, version),
    ...set('nictype2', state.HostOnlyNicType),
    ...set('nicpromisc2', state.HostOnlyPromiscMode),
    ...set('cableconnected2', 'on'),
    ...(state.HostOnlyMac ? set('macaddress2', state.HostOnlyMac) : []),
  ]
}

/** `storagectl`, then `storageattach` for the disk and the seed. */
export function storageArgs(disk: string, seed: string, arch: string): string[][] {
  const kind = arch === 'arm64' ? ['--add', 'virtio'] : ['--add', 'sata', '--controller', 'IntelAhci']
  const attach = (port: string, type: string, medium: string) => [
    ...[
      'storageattach',
      '--storagectl',
      CONTROLLER,
      '--port',
      port,
      '--device',
      '0',
      '--type',
      type,
      '--medium',
      medium,
    ],
  ]
  return [
    ['storagectl', '--name', CONTROLLER, ...kind, '--portcount', '2', '--hostiocache', 'on', '--bootable', 'on'],
    attach('0', 'hdd', disk),
    attach('1', 'dvddrive', seed),
  ]
}

/** Puts the VM behind the command's own word. */
export function ofVm([verb = '', ...rest]: readonly string[], vm: string): string[] {
  return [verb, vm, ...rest]
}
