/** showvminfo for machines. Keys and their order are those of VBoxManageInfo.cpp. */
import { dirname, join } from 'node:path'
import type { Box } from '../box.ts'
import { atLeast } from '../versions.ts'
import type { Controller, Nic, Vm } from '../world.ts'
import { isoTime, NUMBERS, rows } from './rows.ts'

/** Strings are in double quotes, in which quotes and backslashes are escaped; numbers stand alone. */
const quote = (value: string) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

/** showvminfo --machinereadable: the same in all languages. */
export function showForMachines(box: Box, vm: Vm): string {
  const lines = rows(box, vm).map(([key, , value]) => `${key}=${NUMBERS.has(key) ? value : quote(value)}`)
  lines.push(`VMState=${quote(vm.state)}`, `VMStateChangeTime=${quote(isoTime(vm.since))}`)
  if (vm.state === 'saved') lines.push(`VMStateFile=${quote(join(dirname(vm.settingsFile), 'Snapshots', 'state.sav'))}`)
  lines.push(
    `graphicscontroller=${quote(vm.settings.graphicscontroller ?? 'vboxvga')}`,
    'monitorcount=1',
    'accelerate3d="off"',
  )
  vm.controllers.forEach((each, i) => {
    lines.push(`storagecontrollername${i}=${quote(each.name)}`, `storagecontrollertype${i}=${quote(each.type)}`)
    lines.push(`storagecontrollerinstance${i}="0"`, `storagecontrollermaxportcount${i}="${mostPorts(each.bus)}"`)
    lines.push(
      `storagecontrollerportcount${i}="${each.ports}"`,
      `storagecontrollerbootable${i}="${each.bootable ? 'on' : 'off'}"`,
    )
  })
  for (const each of vm.controllers) lines.push(...attachments(box, each))
  for (const [slot, nic] of Object.entries(vm.nics)) lines.push(...nicLines(slot, nic))
  lines.push('hidpointing="ps2mouse"', 'hidkeyboard="ps2kbd"', ...[1, 2, 3, 4].map(n => `uart${n}=${uart(vm, n)}`))
  lines.push(
    'lpt1="off"',
    'lpt2="off"',
    'audio="none"',
    'clipboard="disabled"',
    'draganddrop="disabled"',
    'vrde="off"',
    'usb="off"',
    'ehci="off"',
    'xhci="off"',
  )
  vm.folders.forEach(({ name, hostPath, transient }, i) => {
    const mapping = transient ? 'TransientMapping' : 'MachineMapping'
    lines.push(
      `SharedFolderName${mapping}${i + 1}=${quote(name)}`,
      `SharedFolderPath${mapping}${i + 1}=${quote(hostPath)}`,
    )
  })
  lines.push(...snapshotLines(vm))
  lines.push('GuestMemoryBalloon=0')
  return `${lines.join('\n')}\n`
}

const uart = (vm: Vm, n: number) => {
  const given = vm.settings[`uart${n}`]
  return given === undefined || given === 'off' ? '"off"' : quote(given)
}

export const mostPorts = (bus: string): number =>
  ({ sata: 30, ide: 2, floppy: 1, scsi: 16, sas: 255, usb: 8, pcie: 255, virtio: 256 })[bus] ?? 1
export const devicesPerPort = (bus: string): number => (bus === 'ide' || bus === 'floppy' ? 2 : 1)

function attachments(box: Box, { name, ports, bus, attachments }: Controller): string[] {
  const lines: string[] = []
  for (let port = 0; port < ports; port++)
    for (let device = 0; device < devicesPerPort(bus); device++) {
      const at = attachments.find(each => each.port === port && each.device === device)
      const medium = box.world.media.find(({ uuid }) => uuid === at?.medium)
      const key = (what: string) => quote(`${name}${what}-${port}-${device}`)
      if (medium) {
        lines.push(`${key('')}=${quote(medium.location)}`, `${key('-ImageUUID')}=${quote(medium.uuid)}`)
        // Before 7.0 these lacked port and unit.
        if (at?.type === 'dvddrive') {
          const dvd = (what: string) => (atLeast(box.it, '7.0') ? key(what) : quote(`${name}${what}`))
          lines.push(`${dvd('-tempeject')}="off"`, `${dvd('-IsEjected')}="off"`)
        }
        if (atLeast(box.it, '7.0')) {
          if (/^(sata|usb)$/i.test(name)) lines.push(`${key('-hot-pluggable')}="off"`)
          lines.push(`${key('-nonrotational')}="off"`, `${key('-discard')}="off"`)
        }
      } else lines.push(`${key('')}="${at ? 'emptydrive' : 'none'}"`)
    }
  return lines
}

const PLUG_KEYS: Readonly<Record<string, string>> = {
  hostonly: 'hostonlyadapter',
  hostonlynetwork: 'hostonly-network',
  bridged: 'bridgeadapter',
  intnet: 'intnet',
  natnetwork: 'nat-network',
  generic: 'generic',
}

function nicLines(slot: string, { kind, mac, cable, type, plugged, forwards }: Nic): string[] {
  if (kind === 'none') return [`nic${slot}="none"`]
  const plug = PLUG_KEYS[kind]
  const before =
    kind === 'nat'
      ? [`natnet${slot}="nat"`]
      : plug === undefined
        ? []
        : [`${plug}${slot}=${quote(plugged[kind] ?? '')}`]
  return [
    ...before,
    `macaddress${slot}="${mac}"`,
    `cableconnected${slot}="${cable ? 'on' : 'off'}"`,
    `nic${slot}="${kind === 'generic' ? 'Generic' : kind}"`,
    `nictype${slot}="${type}"`,
    `nicspeed${slot}="0"`,
    ...(kind === 'nat' ? ['mtu="0"', 'sockSnd="64"', 'sockRcv="64"', 'tcpWndSnd="64"', 'tcpWndRcv="64"'] : []),
    ...forwards.map(
      (f, i) => `Forwarding(${i})="${f.name},${f.protocol},${f.hostIp},${f.hostPort},${f.guestIp},${f.guestPort}"`,
    ),
  ]
}

/** 'SnapshotName-1-2': the second one below the first one's first. */
export function snapshotLines(vm: Vm): string[] {
  const lines: string[] = []
  const walk = (parent: string | undefined, prefix: string) =>
    vm.snapshots
      .filter(each => each.parent === parent)
      .forEach(({ uuid, name, description }, i) => {
        const suffix = parent === undefined ? '' : `${prefix}-${i + 1}`
        lines.push(`SnapshotName${suffix}=${quote(name)}`, `SnapshotUUID${suffix}=${quote(uuid)}`)
        if (description !== '') lines.push(`SnapshotDescription${suffix}=${quote(description)}`)
        if (uuid === vm.currentSnapshot)
          lines.push(
            `CurrentSnapshotName=${quote(name)}`,
            `CurrentSnapshotUUID=${quote(uuid)}`,
            `CurrentSnapshotNode=${quote(`SnapshotName${suffix}`)}`,
          )
        walk(uuid, suffix)
      })
  walk(undefined, '')
  return lines
}
