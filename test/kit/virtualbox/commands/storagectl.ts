import type { Call } from '../call.ts'
import { type Read, readAll, table } from '../getopt.ts'
import { badArgument, ComProblem, SyntaxProblem } from '../problem.ts'
import { mostPorts } from '../show/machine.ts'
import { USAGE } from '../tables/usage.ts'
import type { Controller, Vm } from '../world.ts'
import { writeSettings } from './settings-file.ts'

const CTL = table(
  ['--name', 'string'],
  ['--add', 'string'],
  ['--controller', 'string'],
  ['--portcount', 'uint32'],
  ['--remove', 'nothing'],
  ['--rename', 'string'],
  ['--hostiocache', 'onoff'],
  ['--bootable', 'onoff'],
)

const CHIPS: Readonly<Record<string, readonly [bus: string, shown: string]>> = {
  lsilogic: ['scsi', 'LsiLogic'],
  buslogic: ['scsi', 'BusLogic'],
  lsilogicsas: ['sas', 'LsiLogicSas'],
  intelahci: ['sata', 'IntelAhci'],
  piix3: ['ide', 'PIIX3'],
  piix4: ['ide', 'PIIX4'],
  ich6: ['ide', 'ICH6'],
  i82078: ['floppy', 'I82078'],
  usb: ['usb', 'USB'],
  nvme: ['pcie', 'NVMe'],
  virtio: ['virtio', 'VirtioSCSI'],
}
const USUAL: Readonly<Record<string, string>> = {
  ide: 'PIIX4',
  sata: 'IntelAhci',
  scsi: 'LsiLogic',
  sas: 'LsiLogicSas',
  floppy: 'I82078',
  usb: 'USB',
  pcie: 'NVMe',
  virtio: 'VirtioSCSI',
}

export function storagectl(args: readonly string[], { box }: Call): void {
  const [name = '', ...rest] = args
  if (args.length < 4) throw new SyntaxProblem('Too few parameters', USAGE.storagectl)
  const { plain, get, has } = readAll(rest, CTL)
  if (plain[0] !== undefined) throw new SyntaxProblem(`Invalid parameter '${plain[0]}'`, USAGE.storagectl)
  const called = get('--name')
  if (called === undefined) throw new SyntaxProblem('Storage controller name not specified', USAGE.storagectl)
  const vm = box.findVm(name, 'VBoxManageStorageController.cpp:1032')
  box.mustBeFree(vm, 'VBoxManageStorageController.cpp:1034')
  const found = vm.controllers.find(each => each.name === called)
  if (has('--remove')) {
    if (!found) throw noController(called)
    vm.controllers = vm.controllers.filter(each => each !== found)
  } else if (has('--add')) add(vm, called, get, found)
  else if (!found) throw noController(called)
  const controller = vm.controllers.find(each => each.name === called)
  if (controller) settle(controller, get)
  writeSettings(vm)
}

const noController = (name: string) =>
  new ComProblem({
    text: `Could not find a storage controller named '${name}'`,
    code: 'VBOX_E_OBJECT_NOT_FOUND',
    of: 'SessionMachine IMachine',
    context: 'GetStorageControllerByName(Bstr(pszCtl).raw(), ctl.asOutParam())',
    at: 'VBoxManageStorageController.cpp:1071',
  })

function add(vm: Vm, name: string, get: Read['get'], found: Controller | undefined): void {
  const given = (get('--add') ?? '').toLowerCase()
  const bus = given === 'virtio-scsi' ? 'virtio' : given
  if (!Object.hasOwn(USUAL, bus)) throw badArgument(`Invalid --add argument '${get('--add')}'`, 1)
  const refuse = (text: string) => new ComProblem({ text, code: 'VBOX_E_OBJECT_IN_USE', of: 'SessionMachine IMachine' })
  if (found) throw refuse(`Storage controller named '${name}' already exists`)
  if (bus !== 'pcie' && bus !== 'virtio' && vm.controllers.some(each => each.bus === bus))
    throw refuse('Too many storage controllers of this type')
  const ports = { sata: 30, ide: 2, floppy: 1, scsi: 16, sas: 8, usb: 8, pcie: 1, virtio: 1 }[bus] ?? 1
  vm.controllers.push({
    name,
    bus,
    type: USUAL[bus] ?? '',
    ports,
    bootable: true,
    hostIoCache: bus === 'ide' ? 'on' : 'off',
    attachments: [],
  })
}

function settle(controller: Controller, get: Read['get']): void {
  const chip = get('--controller')
  if (chip !== undefined) {
    const [bus, shown] = CHIPS[chip.toLowerCase()] ?? []
    if (bus === undefined) throw badArgument(`Invalid --type argument '${chip}'`, 1)
    if (bus !== controller.bus)
      throw new ComProblem({
        text: `Invalid controller type ${chip}`,
        code: 'E_INVALIDARG',
        of: 'StorageControllerWrap IStorageController',
      })
    controller.type = shown ?? ''
  }
  const ports = Number(get('--portcount') ?? controller.ports)
  const most = mostPorts(controller.bus)
  if (ports < 1 || ports > most)
    throw new ComProblem({
      text: `Invalid port count: ${ports} (must be in range [1, ${most}])`,
      code: 'E_INVALIDARG',
      of: 'StorageControllerWrap IStorageController',
    })
  controller.ports = ports
  controller.name = get('--rename') ?? controller.name
  controller.hostIoCache = get('--hostiocache') ?? controller.hostIoCache
  controller.bootable = (get('--bootable') ?? (controller.bootable ? 'on' : 'off')) === 'on'
}
