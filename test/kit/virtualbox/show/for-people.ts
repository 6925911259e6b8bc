import type { Box } from '../box.ts'
import type { Vm } from '../world.ts'
import { mostPorts } from './machine.ts'
import { isoTime, rows } from './rows.ts'
import { STATE_NAMES, type Words } from './words.ts'

/** showvminfo as people read it. */
export function showForPeople(box: Box, vm: Vm, words: Words): string {
  const lines = rows(box, vm).map(([, label, value, unit = '']) => `${words(label).padEnd(28)} ${words(value)}${unit}`)
  lines.push(`${words('State:').padEnd(28)} ${words(STATE_NAMES[vm.state])} (${words('since')} ${isoTime(vm.since)})`)
  if (vm.controllers.length > 0) lines.push(words('Storage Controllers:'))
  for (const [i, { name, type, ports, bus, bootable, attachments: at }] of vm.controllers.entries()) {
    lines.push(
      `#${i}: '${name}', Type: ${type}, Instance: 0, Ports: ${ports} (max ${mostPorts(bus)}), ${bootable ? 'Bootable' : 'Not bootable'}`,
    )
    for (const { port, device, medium } of at) {
      const found = box.world.media.find(({ uuid }) => uuid === medium)
      lines.push(
        found
          ? `  Port ${port}, Unit ${device}: UUID: ${found.uuid}\n    Location: "${found.location}"`
          : `  Port ${port}, Unit ${device}: Empty`,
      )
    }
  }
  for (const [slot, { kind, mac, cable, type, promisc, plugged, forwards }] of Object.entries(vm.nics)) {
    const label = `NIC ${slot}:`.padEnd(28)
    if (kind === 'none') lines.push(`${label} ${words('disabled')}`)
    else {
      const attachment =
        kind === 'nat' ? 'NAT' : kind === 'hostonly' ? `Host-only Interface '${plugged.hostonly}'` : kind
      lines.push(
        `${label} MAC: ${mac}, Attachment: ${attachment}, Cable connected: ${cable ? 'on' : 'off'}, Trace: off (file: none), Type: ${type}, Reported speed: 0 Mbps, Boot priority: 0, Promisc Policy: ${promisc}, Bandwidth group: none`,
      )
      for (const [i, f] of forwards.entries())
        lines.push(
          `NIC ${slot} Rule(${i}):   name = ${f.name}, protocol = ${f.protocol}, host ip = ${f.hostIp}, host port = ${f.hostPort}, guest ip = ${f.guestIp}, guest port = ${f.guestPort}`,
        )
    }
  }
  return `${lines.join('\n')}\n\n`
}
