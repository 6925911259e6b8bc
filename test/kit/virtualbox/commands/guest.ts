import { setTimeout as sleep } from 'node:timers/promises'
import type { Call } from '../call.ts'
import { readAll, table } from '../getopt.ts'
import { ComProblem, Plain, SyntaxProblem } from '../problem.ts'
import { atLeast } from '../versions.ts'
import { writeSettings } from './settings-file.ts'

/**
 * Properties of guests. Only who has the Guest Additions writes any from inside; a cloud image has none, so there are those the
 * computer sets and those that were set here.
 */
export async function guestproperty(args: readonly string[], { box, out, err }: Call): Promise<void> {
  const [verb, name, ...rest] = args
  if (verb === undefined) throw new SyntaxProblem('Incorrect number of parameters')
  if (!['get', 'set', 'delete', 'unset', 'enumerate', 'wait'].includes(verb))
    throw new SyntaxProblem(`Unknown subcommand: ${verb}`)
  if (name === undefined) throw new SyntaxProblem('Incorrect parameters')
  const vm = box.findVm(name, 'VBoxManageGuestProp.cpp:114')
  if (vm.state === 'running')
    vm.properties['/VirtualBox/HostInfo/VBoxVer'] ??= {
      value: box.it.release,
      flags: 'TRANSIENT, RDONLYGUEST',
      at: Date.now(),
    }
  if (verb === 'get') {
    const { plain } = readAll(rest, table(['--verbose -verbose', 'nothing']))
    if (plain.length !== 1) throw new SyntaxProblem('Incorrect parameters')
    const found = vm.properties[plain[0] ?? '']
    out(found ? `Value: ${found.value}\n` : 'No value set!\n')
  } else if (verb === 'set') {
    const { plain, get } = readAll(rest, table(['--flags -flags', 'string']))
    const [key, value] = plain
    if (key === undefined || plain.length > 2) throw new SyntaxProblem('Incorrect parameters')
    if (value === undefined) delete vm.properties[key]
    else vm.properties[key] = { value, flags: (get('--flags') ?? '').toUpperCase(), at: Date.now() }
    writeSettings(vm)
  } else if (verb === 'enumerate') {
    const { plain, get } = readAll(
      rest,
      table(
        ['--patterns -patterns', 'string'],
        ['--relative', 'nothing'],
        ['--no-timestamp', 'nothing'],
        ['--no-flags', 'nothing'],
        ['--old-format', 'nothing'],
      ),
    )
    const patterns = [...plain, ...(get('--patterns')?.split('|') ?? [])]
    const entries = Object.entries(vm.properties).sort()
    if (entries.length === 0) out('No properties found.\n')
    for (const [key, { value, flags, at }] of entries) {
      if (patterns.length > 0 && !patterns.some(pattern => fits(pattern, key))) continue
      if (atLeast(box.it, '7.0'))
        out(`${key.padEnd(40)} = '${value}'  @ ${new Date(at).toISOString()}${flags === '' ? '' : ` ${flags}`}\n`)
      else out(`Name: ${key}, value: ${value}, timestamp: ${at}000000, flags: ${flags}\n`)
    }
  } else if (verb === 'wait') {
    const { plain, get } = readAll(rest, table(['--timeout -timeout', 'uint32'], ['--fail-on-timeout', 'nothing']))
    const before = JSON.stringify(vm.properties)
    const end = Date.now() + Number(get('--timeout') ?? 2 ** 31)
    while (Date.now() < end && JSON.stringify(vm.properties) === before) await sleep(50)
    const found = Object.entries(vm.properties).find(([key]) => plain.some(pattern => fits(pattern, key)))
    if (JSON.stringify(vm.properties) === before || !found) {
      err('Time out or interruption while waiting for a notification.\n')
      throw new Plain('Time out or interruption while waiting for a notification.')
    }
    out(`Name: ${found[0]}, value: ${found[1].value}, flags: ${found[1].flags}\n`)
  } else {
    const [key, ...more] = rest
    if (key === undefined || more.length > 0) throw new SyntaxProblem('Incorrect parameters')
    delete vm.properties[key]
  }
}

const fits = (pattern: string, key: string) =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(key)

const SHARE = table(
  ['--name -name', 'string'],
  ['--hostpath -hostpath', 'string'],
  ['--readonly -readonly', 'nothing'],
  ['--transient -transient', 'nothing'],
  ['--automount -automount', 'nothing'],
  ['--auto-mount-point', 'string'],
)

export function sharedfolder(args: readonly string[], { box }: Call): void {
  const [verb, name, ...rest] = args
  if (verb !== 'add' && verb !== 'remove')
    throw new SyntaxProblem(verb === undefined ? 'Not enough parameters' : `Unknown subcommand: ${verb}`)
  if (name === undefined || rest.length === 0) throw new SyntaxProblem('Not enough parameters')
  const vm = box.findVm(name, 'VBoxManageMisc.cpp:1622')
  const { plain, get, has } = readAll(rest, SHARE)
  if (plain[0] !== undefined) throw new SyntaxProblem(`Invalid parameter '${plain[0]}'`)
  const share = get('--name')
  if (share === undefined) throw new SyntaxProblem('Parameter --name is required')
  const transient = has('--transient')
  if (!transient) box.mustBeFree(vm, 'VBoxManageMisc.cpp:1660')
  const found = vm.folders.find(each => each.name === share)
  if (verb === 'add') {
    const hostPath = get('--hostpath')
    if (hostPath === undefined) throw new SyntaxProblem('Parameter --hostpath is required')
    if (!/^(\/|[a-z]:\\|\\\\)/i.test(hostPath))
      throw refuse(`Invalid shared folder path: '${hostPath}'`, 'E_INVALIDARG')
    if (found) throw refuse(`Shared folder named '${share}' already exists`, 'VBOX_E_OBJECT_IN_USE')
    vm.folders.push({ name: share, hostPath, readonly: has('--readonly'), autoMount: has('--automount'), transient })
  } else {
    if (!found) throw refuse(`Could not find a shared folder named '${share}'`, 'VBOX_E_OBJECT_NOT_FOUND')
    vm.folders = vm.folders.filter(each => each !== found)
  }
  writeSettings(vm)
}

const refuse = (text: string, code: 'E_INVALIDARG' | 'VBOX_E_OBJECT_IN_USE' | 'VBOX_E_OBJECT_NOT_FOUND') =>
  new ComProblem({ text, code, of: 'SessionMachine IMachine' })

export function setextradata(args: readonly string[], { box }: Call): void {
  const [name, key, value] = args
  if (args.length < 2 || args.length > 3)
    throw new SyntaxProblem(args.length > 3 ? 'Too many parameters' : 'Not enough parameters')
  const vm = name === 'global' ? undefined : box.findVm(name ?? '', 'VBoxManageMisc.cpp:1262')
  const extra = vm?.extra ?? box.world.extra
  if (value === undefined || value === '') delete extra[key ?? '']
  else extra[key ?? ''] = value
  if (vm) writeSettings(vm)
}

export function getextradata(args: readonly string[], { box, out }: Call): void {
  const [name, key = 'enumerate'] = args
  if (args.length < 1 || args.length > 2) throw new SyntaxProblem('Incorrect number of parameters')
  const extra = name === 'global' ? box.world.extra : box.findVm(name ?? '', 'VBoxManageMisc.cpp:1217').extra
  if (key === 'enumerate') for (const [each, value] of Object.entries(extra)) out(`Key: ${each}, Value: ${value}\n`)
  else out(extra[key] === undefined ? 'No value set!\n' : `Value: ${extra[key]}\n`)
}
