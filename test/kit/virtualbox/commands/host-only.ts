import type { Call } from '../call.ts'
import { GetoptProblem, readAll, table } from '../getopt.ts'
import { isAddress, isAllowed, prefixOf, toNumber } from '../networks-conf.ts'
import { BareComProblem, badArgument, ComProblem, Plain, progress, SyntaxProblem } from '../problem.ts'
import { USAGE } from '../tables/usage.ts'
import { atLeast, hasHostOnlyNets } from '../versions.ts'
import type { HostOnlyIf } from '../world.ts'

const IPCONFIG = table(
  ['--dhcp -dhcp', 'nothing'],
  ['--ip -ip', 'string'],
  ['--netmask -netmask', 'string'],
  ['--ipv6 -ipv6', 'string'],
  ['--netmasklengthv6 -netmasklengthv6', 'uint8'],
)

const WINDOWS_NAME = 'VirtualBox Host-Only Ethernet Adapter'

export function hostonlyif(args: readonly string[], call: Call): void {
  const { box } = call
  const [verb, ...rest] = args
  if (verb === undefined) throw new SyntaxProblem('No sub-command specified', USAGE.hostonlyif)
  if (verb === 'ipconfig') {
    ipconfig(rest, call)
    return
  }
  if (verb !== 'create' && verb !== 'remove') throw new SyntaxProblem(`Unknown sub-command '${verb}'`, USAGE.hostonlyif)
  // On macOS there are none any more since 7.0: nobody is left to make one.
  if (hasHostOnlyNets(box.it))
    throw new ComProblem({
      text: 'VBoxNetAdpCtl: Error while adding new interface: failed to open /dev/vboxnetctl: No such file or directory',
      code: 'E_FAIL',
      of: 'HostNetworkInterfaceWrap IHostNetworkInterface',
      task: 'Failed to create the host-only adapter',
    })
  if (verb === 'create') create(rest, call)
  else remove(rest, call)
}

function create(rest: readonly string[], { box, out, err }: Call): void {
  const { plain, has } = readAll(rest, atLeast(box.it, '7.0') ? table(['--machinereadable', 'nothing']) : [])
  if (plain[0] !== undefined) throw new GetoptProblem(`Invalid parameter '${plain[0]}'`)
  const { hostOnlyIfs } = box.world
  const taken = new Set(hostOnlyIfs.map(({ name }) => name))
  const nameOf = (n: number) =>
    box.it.platform === 'windows' ? (n === 0 ? WINDOWS_NAME : `${WINDOWS_NAME} #${n + 1}`) : `vboxnet${n}`
  let n = 0
  while (taken.has(nameOf(n))) n += 1
  const byte = (v: number) => v.toString(16).padStart(2, '0')
  const made: HostOnlyIf = {
    name: nameOf(n),
    uuid: `786f6276-656e-4074-8000-0a0027${byte(0)}${byte(n >> 8)}${byte(n & 255)}`,
    mac: `0a:00:27:00:${byte(n >> 8)}:${byte(n & 255)}`,
    // On Windows it comes with one.
    ip: box.it.platform === 'windows' ? `192.168.${56 + n}.1` : '0.0.0.0',
    mask: box.it.platform === 'windows' ? '255.255.255.0' : '0.0.0.0',
    dhcp: false,
  }
  hostOnlyIfs.push(made)
  box.world.counter += 1
  if (has('--machinereadable')) out(made.name)
  else {
    err(progress)
    out(`Interface '${made.name}' was successfully created\n`)
  }
}

const noInterface = (name: string, at: string) =>
  new ComProblem({
    text: `The host network interface named '${name}' could not be found`,
    code: 'E_INVALIDARG',
    of: 'HostWrap IHost',
    context: 'FindHostNetworkInterfaceByName(Bstr(pszName).raw(), hif.asOutParam())',
    at,
  })

function remove(rest: readonly string[], { box, err }: Call): void {
  const { plain } = readAll(rest, [])
  if (plain.length > 1) throw new SyntaxProblem('Only one interface name can be specified', USAGE.hostonlyif)
  const [name] = plain
  if (name === undefined) throw new SyntaxProblem('No interface name was specified', USAGE.hostonlyif)
  const found = box.world.hostOnlyIfs.find(each => each.name === name)
  if (!found) throw noInterface(name, 'VBoxManageHostonly.cpp:138')
  box.world.hostOnlyIfs = box.world.hostOnlyIfs.filter(each => each !== found)
  err(progress)
}

function ipconfig(rest: readonly string[], { box }: Call): void {
  const { plain, has, get } = readAll(rest, IPCONFIG)
  if (plain.length > 1) throw new SyntaxProblem('Only one interface name can be specified', USAGE.hostonlyif)
  const v4 = has('--ip') || has('--netmask')
  const v6 = has('--ipv6') || has('--netmasklengthv6')
  if (has('--dhcp') && (v4 || v6))
    throw new SyntaxProblem(
      'You can not use --dhcp with static ip configuration parameters: --ip, --netmask, --ipv6 and --netmasklengthv6.',
      USAGE.hostonlyif,
    )
  if (v4 && v6)
    throw new SyntaxProblem(
      'You can not use ipv4 configuration (--ip and --netmask) with ipv6 (--ipv6 and --netmasklengthv6) simultaneously.',
      USAGE.hostonlyif,
    )
  const found = box.world.hostOnlyIfs.find(({ name }) => name === plain[0])
  if (!found) throw noInterface(plain[0] ?? '', 'VBoxManageHostonly.cpp:226')
  if (has('--dhcp')) found.dhcp = true
  else if (has('--ip')) {
    const [ip = '', mask = '255.255.255.0'] = [get('--ip'), get('--netmask')]
    const context = 'EnableStaticIPConfig(Bstr(pszIp).raw(), Bstr(pszNetmask).raw())'
    const row = { '6.1': 242, '7.0': 252, '7.1': 244, '7.2': 244 }[box.it.release]
    const at = `VBoxManageHostonly.cpp:${row}`
    if (!isAddress(ip) || prefixOf(mask) === undefined)
      throw new BareComProblem('E_INVALIDARG', 'Invalid argument value', context, at)
    if (box.it.platform !== 'windows' && !isAllowed(box.networksConf, ip))
      throw new BareComProblem('E_ACCESSDENIED', 'Access denied', context, at)
    Object.assign(found, { ip, mask, dhcp: false })
  } else if (!v6) throw new SyntaxProblem('Neither -dhcp nor -ip nor -ipv6 was specfified', USAGE.hostonlyif)
}

const NET = table(
  ['--id', 'string'],
  ['--name', 'string'],
  ['--netmask', 'string'],
  ['--lower-ip --lowerip', 'string'],
  ['--upper-ip --upperip', 'string'],
  ['--enable', 'nothing'],
  ['--disable', 'nothing'],
)

export function hostonlynet(args: readonly string[], { box }: Call): void {
  const [verb, ...rest] = args
  if (!hasHostOnlyNets(box.it)) throw new SyntaxProblem(`Invalid command 'hostonlynet'`, USAGE[''])
  if (verb === undefined) throw new SyntaxProblem('No subcommand specified')
  if (verb !== 'add' && verb !== 'modify' && verb !== 'remove') throw new SyntaxProblem(`Unknown subcommand: ${verb}`)
  const { plain, get, has } = readAll(rest, NET)
  if (plain[0] !== undefined) throw new SyntaxProblem(`Unknown subcommand: ${plain[0]}`)
  const nets = box.world.hostOnlyNets
  const found = nets.find(({ name, uuid }) => (has('--name') ? name === get('--name') : uuid === get('--id')))
  if (verb === 'add') {
    for (const option of ['--name', '--netmask', '--lower-ip', '--upper-ip'])
      if ((get(option) ?? '') === '') throw badArgument(`The ${option} parameter must be specified`)
    if (found)
      throw new ComProblem({
        text: `Host-only network '${found.name}' already exists`,
        code: 'E_INVALIDARG',
        of: 'VirtualBoxWrap IVirtualBox',
      })
    const made = { name: '', uuid: box.newUuid(), mask: '', lower: '', upper: '', enabled: !has('--disable') }
    update(made, get)
    nets.push(made)
    return
  }
  if (!has('--name') && !has('--id')) throw badArgument('Either --name or --id parameter must be specified')
  if (!found)
    throw new ComProblem({
      text: `Host-only network '${get('--name') ?? get('--id')}' could not be found`,
      code: 'VBOX_E_OBJECT_NOT_FOUND',
      of: 'VirtualBoxWrap IVirtualBox',
      context: 'FindHostOnlyNetworkByName(options.bstrNetworkName.raw(), hostOnlyNetwork.asOutParam())',
      at: 'VBoxManageHostonly.cpp:424',
    })
  if (verb === 'remove') box.world.hostOnlyNets = nets.filter(each => each !== found)
  else {
    update(found, get)
    found.enabled = has('--enable') || (found.enabled && !has('--disable'))
  }
}

function update(
  net: { name: string; mask: string; lower: string; upper: string },
  get: (name: string) => string | undefined,
): void {
  for (const option of ['--netmask', '--lower-ip', '--upper-ip']) {
    const value = get(option)
    if (value !== undefined && !isAddress(value))
      throw new Plain(`Code E_INVALIDARG (0x80070057) - Invalid argument value (extended info not available)`)
  }
  net.name = get('--name') ?? net.name
  net.mask = get('--netmask') ?? net.mask
  net.lower = get('--lower-ip') ?? net.lower
  net.upper = get('--upper-ip') ?? net.upper
  if (toNumber(net.lower) > toNumber(net.upper))
    throw new Plain('Code E_INVALIDARG (0x80070057) - Invalid argument value (extended info not available)')
}
