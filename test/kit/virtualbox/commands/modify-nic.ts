import type { Box } from '../box.ts'
import type { Getopt } from '../getopt.ts'
import { BareComProblem, badArgument, ComProblem } from '../problem.ts'
import { hasHostOnlyNets } from '../versions.ts'
import type { Forward, Nic, Vm } from '../world.ts'

const KINDS = ['none', 'null', 'nat', 'bridged', 'intnet', 'hostonly', 'generic', 'natnetwork']
const TYPES = ['Am79C970A', 'Am79C973', 'Am79C960', '82540EM', '82543GC', '82545EM', 'virtio']
const PROMISC = ['deny', 'allow-vms', 'allow-all']
const BOOT = ['none', 'floppy', 'dvd', 'disk', 'net']
/** What a card is plugged into is kept by the kind it is for. */
const PLUGS: Readonly<Record<string, string>> = {
  hostonlyadapter: 'hostonly',
  hostonlynet: 'hostonlynetwork',
  bridgeadapter: 'bridged',
  intnet: 'intnet',
  nicgenericdrv: 'generic',
  natnetwork: 'natnetwork',
}

/** Options of modifyvm that carry a number: mostly those of network cards. */
export function modifyNic(vm: Vm, id: string, index: number, value: string, getopt: Getopt, box: Box): void {
  if (id === 'boot') {
    if (index > 4) throw badArgument(`Invalid boot slot number in '${getopt.called}'`, 1)
    if (!BOOT.includes(value.toLowerCase())) throw badArgument(`Invalid boot device '${value}'`, 1)
    vm.settings[`boot${index}`] = value.toLowerCase()
    return
  }
  if (id.startsWith('uart')) {
    vm.settings[`${id}${index}`] = value
    // A port has an address and an interrupt, its modes have a file.
    if (
      (id === 'uart' && value !== 'off') ||
      (id === 'uartmode' && /^(server|client|tcpserver|tcpclient|file)$/.test(value))
    )
      vm.settings[`${id}${index}`] += `,${getopt.more() ?? ''}`
    return
  }
  const nic = vm.nics[String(index)]
  if (!nic) throw badArgument(`Invalid NIC number ${index}`, 1)
  const plug = PLUGS[id]
  if (plug !== undefined) nic.plugged[plug] = value
  else if (id === 'natpf') forward(nic, value, getopt)
  else set(nic, id, index, value, box)
}

function set(nic: Nic, id: string, index: number, value: string, box: Box): void {
  switch (id) {
    case 'nic': {
      const kinds = hasHostOnlyNets(box.it) ? [...KINDS, 'hostonlynet'] : KINDS
      const kind = value.toLowerCase()
      if (!kinds.includes(kind)) throw badArgument(`Invalid type '${value}' specfied for NIC ${index}`, 1)
      nic.kind = kind === 'hostonlynet' ? 'hostonlynetwork' : kind
      return
    }
    case 'nictype': {
      const type = TYPES.find(each => each.toLowerCase() === value.toLowerCase())
      if (type === undefined) throw badArgument(`Invalid NIC type '${value}' specified for NIC ${index}`, 1)
      nic.type = type
      return
    }
    case 'nicpromisc':
      if (!PROMISC.includes(value.toLowerCase())) throw badArgument(`Unknown promiscuous mode policy '${value}'`, 1)
      nic.promisc = value.toLowerCase()
      return
    case 'cableconnected':
      nic.cable = value.toLowerCase() === 'on'
      return
    case 'macaddress':
      if (value.toLowerCase() === 'auto') nic.mac = box.newMac()
      // The first byte says of a card that it is one, not a group.
      else if (/^[0-9a-f][02468ace][0-9a-f]{10}$/i.test(value)) nic.mac = value.toUpperCase()
      else
        throw new ComProblem({
          text: 'Invalid MAC address format',
          code: 'E_INVALIDARG',
          of: 'NetworkAdapterWrap INetworkAdapter',
        })
      return
    default:
      nic.nat[id] = value
  }
}

/** '[name],tcp|udp,[host address],port,[guest address],port', or 'delete' and a name. */
function forward(nic: Nic, value: string, getopt: Getopt): void {
  if (value.toLowerCase() === 'delete') {
    const name = getopt.more()
    if (name === undefined) throw badArgument('Not enough parameters', 1)
    removeForward(nic, name)
    return
  }
  addForward(nic, readForward(value, getopt.called))
}

/** Throws when it is not of the form. */
export function readForward(value: string, option: string): Forward {
  const parts = value.split(',')
  const [name = '', protocol = '', hostIp = '', hostPort = '', guestIp = '', guestPort = ''] = parts
  const isPort = (text: string) => /^\d+$/.test(text) && Number(text) > 0 && Number(text) < 65_536
  if (parts.length !== 6 || (protocol !== 'tcp' && protocol !== 'udp') || !isPort(hostPort) || !isPort(guestPort))
    throw badArgument(`Missing or invalid argument to '${option}'`, 1)
  return {
    name: name === '' ? `${protocol}_${hostPort}_${guestPort}` : name,
    protocol,
    hostIp,
    hostPort: Number(hostPort),
    guestIp,
    guestPort: Number(guestPort),
  }
}

export function addForward(nic: Nic, rule: Forward): void {
  const refuse = (text: string) => new ComProblem({ text, code: 'E_INVALIDARG', of: 'NATEngineWrap INATEngine' })
  for (const { name, protocol, hostIp, hostPort } of nic.forwards) {
    if (name === rule.name) throw refuse('A NAT rule of this name already exists')
    if (protocol === rule.protocol && hostIp === rule.hostIp && hostPort === rule.hostPort)
      throw refuse('A NAT rule for this host port and this host IP already exists')
  }
  nic.forwards.push(rule)
}

export function removeForward(nic: Nic, name: string): void {
  if (!nic.forwards.some(rule => rule.name === name))
    throw new BareComProblem(
      'E_INVALIDARG',
      'Invalid argument value',
      'RemoveRedirect(Bstr(ValueUnion.psz).raw())',
      'VBoxManageModifyVM.cpp:1985',
    )
  nic.forwards = nic.forwards.filter(rule => rule.name !== name)
}
