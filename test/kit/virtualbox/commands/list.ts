import { availableParallelism, freemem, release, totalmem } from 'node:os'
import type { Box } from '../box.ts'
import type { Call } from '../call.ts'
import { readAll, table } from '../getopt.ts'
import { prefixOf, toNumber } from '../networks-conf.ts'
import { SyntaxProblem } from '../problem.ts'
import { showForPeople } from '../show/for-people.ts'
import { showMedium } from '../show/medium.ts'
import { localeOf, type Words, wordsIn } from '../show/words.ts'
import { OS_TYPES } from '../tables/os-types.ts'
import { USAGE } from '../tables/usage.ts'
import { atLeast, hasHostOnlyNets } from '../versions.ts'
import type { DhcpServer, Vm } from '../world.ts'

type List = (box: Box, long: boolean, words: Words) => string

const LISTS: Readonly<Record<string, List>> = {
  vms: (box, long, words) => machines(box, box.world.vms, long, words),
  runningvms: (box, long, words) =>
    machines(
      box,
      box.world.vms.filter(vm =>
        ['running', 'paused', 'starting', 'stopping', 'saving', 'restoring'].includes(vm.state),
      ),
      long,
      words,
    ),
  ostypes: () =>
    Object.entries(OS_TYPES)
      .map(
        ([id, text]) =>
          `ID:          ${id}\nDescription: ${text}\nFamily ID:   ${id === 'Other' || id === 'Other_64' ? 'Other' : 'Linux'}\n64 bit:      ${/64/.test(id)}\n\n`,
      )
      .join(''),
  hostonlyifs: hostOnlyIfs,
  hostonlynets: box =>
    box.world.hostOnlyNets
      .map(
        n =>
          `Name:            ${n.name}\nGUID:            ${n.uuid}\n\nState:           ${n.enabled ? 'Enabled' : 'Disabled'}\nNetworkMask:     ${n.mask}\nLowerIP:         ${n.lower}\nUpperIP:         ${n.upper}\nVBoxNetworkName: hostonly-${n.name}\n\n`,
      )
      .join(''),
  bridgedifs: () => '',
  natnets: () => '',
  natnetworks: () => '',
  intnets: () => '',
  dhcpservers: (box, _, words) => box.world.dhcpServers.map(each => dhcpServer(each, words)).join(''),
  hdds: (box, long, words) =>
    box.world.media
      .filter(({ device }) => device === 'hdd')
      .map(each => `${showMedium(box, each, words, long)}\n`)
      .join(''),
  dvds: (box, long, words) =>
    box.world.media
      .filter(({ device }) => device === 'dvd')
      .map(each => `${showMedium(box, each, words, long)}\n`)
      .join(''),
  floppies: () => '',
  hostinfo: hostInfo,
  hostcpuids: hostCpuIds,
  systemproperties: systemProperties,
  extpacks: () => 'Extension Packs: 0\n',
  groups: () => '"/"\n',
  hddbackends: () =>
    "Supported hard disk backends:\n\nBackend 0: id='VMDK' description='VMDK' capabilities=0x027f extensions='vmdk (HardDisk)'\n",
}

export function list(args: readonly string[], { box, out, env }: Call): void {
  const { plain, has } = readAll(
    args,
    table(['--long -l', 'nothing'], ['--sorted -s', 'nothing'], ['--multiple -m', 'nothing']),
  )
  if (plain.length === 0) throw new SyntaxProblem('Missing subcommand for "list" command.', USAGE.list)
  const words = wordsIn(localeOf(box.computer.locale, box.it.platform, env))
  for (const name of plain) {
    const show = Object.hasOwn(LISTS, name) ? LISTS[name] : undefined
    if (!show || (name === 'hostonlynets' && !hasHostOnlyNets(box.it)))
      throw new SyntaxProblem(
        atLeast(box.it, '7.0') ? `Unknown option '${name}'` : `Unknown list command: ${name}`,
        USAGE.list,
      )
    out(show(box, has('--long'), words))
  }
}

function machines(box: Box, vms: readonly Vm[], long: boolean, words: Words): string {
  const shown = vms.filter(({ registered }) => registered)
  return shown.map(vm => (long ? showForPeople(box, vm, words) : `"${vm.name}" {${vm.uuid}}\n`)).join('')
}

function hostOnlyIfs(box: Box, _: boolean, words: Words): string {
  if (hasHostOnlyNets(box.it)) return ''
  const line = (label: string, value: string) => `${words(label).padEnd(16)} ${value}\n`
  return box.world.hostOnlyIfs
    .map(({ name, uuid, mac, ip, mask, dhcp }) => {
      const isUp = ip !== '0.0.0.0'
      return [
        line('Name:', name),
        line('GUID:', uuid),
        line('DHCP:', words(dhcp ? 'Enabled' : 'Disabled')),
        line('IPAddress:', ip),
        line('NetworkMask:', mask),
        line('IPV6Address:', ''),
        'IPV6NetworkMaskPrefixLength: 0\n',
        line('HardwareAddress:', mac),
        line('MediumType:', 'Ethernet'),
        line('Wireless:', words('No')),
        line('Status:', isUp ? 'Up' : 'Down'),
        `VBoxNetworkName: HostInterfaceNetworking-${name}\n\n`,
      ].join('')
    })
    .join('')
}

function dhcpServer({ network, ip, lower, upper, mask, enabled }: DhcpServer, words: Words): string {
  const line = (label: string, value: string) => `${words(label).padEnd(15)} ${value}\n`
  return [
    line('NetworkName:', network),
    line('Dhcpd IP:', ip),
    line('LowerIPAddress:', lower),
    line('UpperIPAddress:', upper),
    line('NetworkMask:', mask),
    line('Enabled:', words(enabled ? 'Yes' : 'No')),
    'Global Configuration:\n    minLeaseTime:     default\n    defaultLeaseTime: default\n    maxLeaseTime:     default\n    Forced options:   None\n    Suppressed opts.: None\n',
    `        1/legacy: ${mask}\nGroups:               None\nIndividual Configs:   None\n\n`,
  ].join('')
}

function hostInfo(box: Box): string {
  const { cpus, memoryMb, vtx } = box.computer
  const yes = (is: boolean) => (is ? 'yes' : 'no')
  return `Host Information:

Host time: ${new Date().toISOString().replace('Z', '000000Z')}
Processor online count: ${cpus}
Processor count: ${cpus}
Processor online core count: ${cpus}
Processor core count: ${cpus}
Processor supports HW virtualization: ${yes(vtx)}
Processor supports PAE: yes
Processor supports long mode: yes
Processor supports nested paging: ${yes(vtx)}
Processor supports unrestricted guest: ${yes(vtx)}
Processor supports nested HW virtualization: no
Memory size: ${memoryMb} MByte
Memory available: ${Math.min(memoryMb, Math.floor(freemem() / 2 ** 20))} MByte
Operating system: ${{ linux: 'Linux', macos: 'Darwin', windows: 'Windows 11' }[box.it.platform]}
Operating system version: ${release()}
`
}

/** Of an Intel processor; whether it has VMX, bit 5 of ECX of leaf 1, is the computer's. */
function hostCpuIds(box: Box): string {
  const features = box.computer.vtx ? '7ffafbff' : '7ffafbdf'
  const rows = [
    '00000000  0000000d 756e6547 6c65746e 49656e69',
    `00000001  000306c3 00100800 ${features} bfebfbff`,
    '80000000  80000008 00000000 00000000 00000000',
    '80000001  00000000 00000000 00000021 2c100800',
  ]
  return `Host CPUIDs:\n\nLeaf no.  EAX      EBX      ECX      EDX\n${rows.join('\n')}\n`
}

export const usualComputer = () => ({ cpus: availableParallelism(), memoryMb: Math.floor(totalmem() / 2 ** 20) })

function systemProperties(box: Box): string {
  return `API version:                     ${box.it.release.replace('.', '_')}
Minimum guest RAM size:          4 Megabytes
Maximum guest RAM size:          2097152 Megabytes
Minimum video RAM size:          0 Megabytes
Maximum video RAM size:          256 Megabytes
Minimum guest CPU count:         1
Maximum guest CPU count:         ${atLeast(box.it, '7.0') ? 64 : 32}
Default machine folder:          ${box.machineFolder}
Default hard disk format:        VDI
`
}

/** The network of an interface: whether an address is in it. */
export function isInNetwork(ip: string, of: { readonly ip: string; readonly mask: string }): boolean {
  const size = 2 ** (32 - (prefixOf(of.mask) ?? 32))
  return Math.floor(toNumber(ip) / size) === Math.floor(toNumber(of.ip) / size)
}
