import type { Call } from '../call.ts'
import { Getopt, GetoptProblem, type Option, readAll, table } from '../getopt.ts'
import { isAddress, prefixOf, toNumber } from '../networks-conf.ts'
import { ComProblem, Plain, SyntaxProblem } from '../problem.ts'
import { USAGE } from '../tables/usage.ts'
import { atLeast } from '../versions.ts'
import type { DhcpServer } from '../world.ts'

const WHICH = table(['--network --netname', 'string'], ['--interface --ifname', 'string'])

const SETTINGS = table(
  ['--server-ip --ip -ip', 'string'],
  ['--netmask -netmask', 'string'],
  ['--lower-ip --lowerip -lowerip', 'string'],
  ['--upper-ip --upperip -upperip', 'string'],
  ['--enable -enable', 'nothing'],
  ['--disable -disable', 'nothing'],
  ['--global', 'nothing'],
  ['--group', 'string'],
  ['--mac-address', 'string'],
  ['--vm', 'string'],
  ['--nic', 'uint8'],
  ['--set-opt', 'uint8'],
  ['--set-opt-hex', 'uint8'],
  ['--del-opt', 'uint8'],
  ['--force-opt', 'uint8'],
  ['--unforce-opt', 'uint8'],
  ['--suppress-opt', 'uint8'],
  ['--unsuppress-opt', 'uint8'],
  ['--zap-options', 'nothing'],
  ['--min-lease-time', 'uint32'],
  ['--default-lease-time', 'uint32'],
  ['--max-lease-time', 'uint32'],
  ['--remove-config', 'nothing'],
  ['--fixed-address', 'string'],
  ['--zap-conditions', 'nothing'],
  ...['incl', 'excl', 'del'].flatMap(verb =>
    ['mac', 'mac-wild', 'vendor', 'vendor-wild', 'user', 'user-wild'].map(
      what => [`--${verb}-${what}`, 'string'] as const,
    ),
  ),
)

/** Of 'add', by the names the message has. */
const REQUIRED = [
  ['--server-ip', '--ip'],
  ['--netmask', '--netmask'],
  ['--lower-ip', '--lowerip'],
  ['--upper-ip', '--upperip'],
] as const

/** Not of 'add'. */
const MODIFY_ONLY = ['--del-opt', '--unforce-opt', '--unsuppress-opt', '--zap-options', '--remove-config']

export function dhcpserver(args: readonly string[], call: Call): void {
  const [verb, ...rest] = args
  if (verb === undefined) throw new SyntaxProblem('No subcommand specified', USAGE.dhcpserver)
  if (verb === 'add' || verb === 'modify') change(verb, rest, call)
  else if (verb === 'findlease') findLease(rest, call)
  else removeOrRestart(verb, rest, call)
}

function removeOrRestart(verb: string, rest: readonly string[], call: Call): void {
  if (!['remove', 'restart', 'start', 'stop'].includes(verb))
    throw new SyntaxProblem(`Unknown subcommand: ${verb}`, USAGE.dhcpserver)
  const { plain, get } = readAll(rest, WHICH)
  if (plain[0] !== undefined) throw new GetoptProblem(`Invalid parameter '${plain[0]}'`)
  const found = mustFind(get, call)
  if (verb === 'remove') call.box.world.dhcpServers = call.box.world.dhcpServers.filter(each => each !== found)
}

function networkOf(get: (name: string) => string | undefined, { box }: Call): string {
  const [network, iface] = [get('--network'), get('--interface')]
  if (network !== undefined && iface !== undefined)
    throw new SyntaxProblem('Either --network or --interface, not both', USAGE.dhcpserver)
  if (network !== undefined) return network
  if (iface === undefined)
    throw new SyntaxProblem(
      'You need to specify either --network or --interface to identify the DHCP server',
      USAGE.dhcpserver,
    )
  if (!box.world.hostOnlyIfs.some(({ name }) => name === iface))
    throw new ComProblem({
      text: `The host network interface named '${iface}' could not be found`,
      code: 'E_INVALIDARG',
      of: 'HostWrap IHost',
    })
  return `HostInterfaceNetworking-${iface}`
}

function find(network: string, { box }: Call): DhcpServer | undefined {
  return box.world.dhcpServers.find(each => each.network === network)
}

function mustFind(get: (name: string) => string | undefined, call: Call): DhcpServer {
  const network = networkOf(get, call)
  const [iface, found] = [get('--interface'), find(network, call)]
  if (!found)
    throw new Plain(
      iface === undefined
        ? `Failed to find DHCP server for network '${network}'`
        : `Failed to find DHCP server for host-only interface '${iface}' (network '${network}')`,
    )
  return found
}

/** Its six bytes, with colons between them; without any only newer readers of options take them. */
function readMac(text: string, { box }: Call): string {
  const isBare = /^[0-9a-f]{12}$/i.test(text) && atLeast(box.it, '7.0')
  const bytes = isBare ? (text.match(/../g) ?? []) : text.split(':')
  if (bytes.length !== 6 || bytes.some(byte => !/^[0-9a-f]{1,2}$/i.test(byte)))
    throw new GetoptProblem(`Invalid argument format: ${text}`)
  return bytes.map(byte => byte.padStart(2, '0').toUpperCase()).join('')
}

function change(verb: 'add' | 'modify', rest: readonly string[], call: Call): void {
  const { box } = call
  const options: readonly Option[] = [...WHICH, ...SETTINGS]
  const given = new Map<string, string>()
  const scopes: Record<string, Record<string, string>> = {}
  let scope = ''
  let vm = ''
  const getopt = new Getopt(rest, options)
  for (let taken = getopt.next(); taken; taken = getopt.next()) {
    const name = taken.option?.names[0]
    if (name === undefined) throw new GetoptProblem(`Invalid parameter '${taken.value}'`)
    if (verb === 'add' && MODIFY_ONLY.includes(name))
      throw new SyntaxProblem(`${name} does not apply to the 'add' subcommand`, USAGE.dhcpserver)
    given.set(name, taken.value)
    if (name === '--global') scope = ''
    if (name === '--mac-address') scope = readMac(taken.value, call)
    if (name === '--vm') {
      vm = box.findVm(taken.value).uuid
      scope = `${vm}:1`
    }
    if (name === '--nic') {
      if (vm === '')
        throw new SyntaxProblem(
          '--nic option requires a --vm preceeding selecting the VM it should apply to',
          USAGE.dhcpserver,
        )
      if (taken.value === '0') throw new SyntaxProblem('invalid NIC number: 0', USAGE.dhcpserver)
      scope = `${vm}:${taken.value}`
    }
    if (name === '--fixed-address') {
      if (scope === '')
        throw new SyntaxProblem('--fixed-address can only be applied to a VM NIC or an MAC address', USAGE.dhcpserver)
      scopes[scope] = { ...scopes[scope], fixedAddress: taken.value }
    }
    if (/^--set-opt/.test(name)) {
      const value = getopt.more()
      if (value === undefined) throw new SyntaxProblem(`Missing the 1st value for option ${name}`, USAGE.dhcpserver)
      scopes[scope] = { ...scopes[scope], [`option${taken.value}`]: value }
    }
    if (name === '--remove-config') scopes[scope] = {}
  }
  const get = (name: string) => given.get(name)
  const network = networkOf(get, call)
  const found = find(network, call)
  if (verb === 'modify') {
    if (!found) throw new Plain('DHCP server does not exist', 2)
    apply(found, given, scopes)
    return
  }
  for (const [option, called] of REQUIRED)
    if (!given.has(option)) throw new SyntaxProblem(`Missing required option: ${called}`, USAGE.dhcpserver)
  if (found) throw new Plain('DHCP server already exists', 2)
  const made: DhcpServer = { network, ip: '', mask: '', lower: '', upper: '', enabled: false, configs: {} }
  apply(made, given, scopes)
  box.world.dhcpServers.push(made)
}

function apply(
  server: DhcpServer,
  given: ReadonlyMap<string, string>,
  scopes: Record<string, Record<string, string>>,
): void {
  const next = {
    ip: given.get('--server-ip') ?? server.ip,
    mask: given.get('--netmask') ?? server.mask,
    lower: given.get('--lower-ip') ?? server.lower,
    upper: given.get('--upper-ip') ?? server.upper,
  }
  const bad = (text: string) =>
    new ComProblem({
      text,
      code: 'E_INVALIDARG',
      of: 'DHCPServerWrap IDHCPServer',
      context:
        'SetConfiguration(Bstr(pszServerIp).raw(), Bstr(pszNetmask).raw(), Bstr(pszLowerIp).raw(), Bstr(pszUpperIp).raw())',
      at: 'VBoxManageDHCPServer.cpp:672',
    })
  for (const [what, ip] of [
    ['server address', next.ip],
    ['lower bound', next.lower],
    ['upper bound', next.upper],
  ] as const)
    if (!isAddress(ip)) throw bad(`Invalid ${what}: ${ip}`)
  const prefix = prefixOf(next.mask)
  if (prefix === undefined) throw bad(`Invalid netmask: ${next.mask}`)
  const net = (ip: string) => Math.floor(toNumber(ip) / 2 ** (32 - prefix))
  if (net(next.ip) !== net(next.lower) || net(next.ip) !== net(next.upper))
    throw bad(`Invalid lower or upper bound: not in the network of the server's address ${next.ip}/${prefix}`)
  if (toNumber(next.lower) > toNumber(next.upper))
    throw bad(`Lower bound must be less or eqaul than the upper: ${next.lower} > ${next.upper}`)
  Object.assign(server, next)
  if (given.has('--enable')) server.enabled = true
  if (given.has('--disable')) server.enabled = false
  for (const [scope, config] of Object.entries(scopes)) server.configs[scope] = { ...server.configs[scope], ...config }
}

const LEASE = table(['--mac-address', 'string'])

function findLease(rest: readonly string[], call: Call): void {
  const { plain, get } = readAll(rest, [...WHICH, ...LEASE])
  if (plain[0] !== undefined) throw new GetoptProblem(`Invalid parameter '${plain[0]}'`)
  const mac = get('--mac-address')
  if (mac === undefined) throw new SyntaxProblem('You need to specify a MAC address too look for', USAGE.dhcpserver)
  const server = mustFind(get, call)
  const plainMac = readMac(mac, call)
  const lease = call.box.world.leases.find(each => each.network === server.network && each.mac === plainMac)
  const colons = (plainMac.match(/../g) ?? []).join(':').toLowerCase()
  if (!lease)
    throw new ComProblem({
      text: `Could not find a lease for ${colons}`,
      code: 'VBOX_E_OBJECT_NOT_FOUND',
      of: 'DHCPServerWrap IDHCPServer',
      context:
        'FindLeaseByMAC(Bstr(szMac).raw(), 0, bstrAddress.asOutParam(), bstrState.asOutParam(), &secIssued, &secExpire)',
      at: 'VBoxManageDHCPServer.cpp:966',
    })
  const issued = Math.floor(lease.at / 1000)
  const time = (s: number) => `${new Date(s * 1000).toISOString().slice(0, 19)}.000000000Z (${s})`
  const left = Math.max(0, issued + 600 - Math.floor(Date.now() / 1000))
  call.out(
    `IP Address:  ${lease.ip}\nMAC Address: ${colons}\nState:       acked\nIssued:      ${time(issued)}\nExpire:      ${time(issued + 600)}\nTTL:         600 sec, currently ${left} sec left\n`,
  )
}
