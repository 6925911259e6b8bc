import type { Call } from '../call.ts'
import { GetoptProblem, type Read, readAll, table } from '../getopt.ts'
import { badArgument, ComProblem, Plain, SyntaxProblem } from '../problem.ts'
import { devicesPerPort, mostPorts } from '../show/machine.ts'
import { USAGE } from '../tables/usage.ts'
import { MEDIUM_TYPES, type MediumType } from '../world.ts'
import { setType, whatIsWritten } from './diff.ts'
import { writeSettings } from './settings-file.ts'

const ATTACH = table(
  ['--storagectl', 'string'],
  ['--port', 'uint32'],
  ['--device', 'uint32'],
  ['--type', 'string'],
  ['--medium', 'string'],
  ['--mtype', 'string'],
  ['--passthrough', 'string'],
  ['--tempeject', 'string'],
  ['--nonrotational', 'string'],
  ['--discard', 'string'],
  ['--hotpluggable', 'string'],
  ['--bandwidthgroup', 'string'],
  ['--forceunmount', 'nothing'],
  ['--comment', 'string'],
  ['--setuuid', 'string'],
  ['--setparentuuid', 'string'],
)

export function storageattach(args: readonly string[], { box, cwd }: Call): void {
  const [name = '', ...rest] = args
  let read: Read
  try {
    read = readAll(rest, ATTACH)
  } catch (error) {
    if (error instanceof GetoptProblem) throw new SyntaxProblem(error.message, USAGE.storageattach, 1)
    throw error
  }
  const { plain, get, has } = read
  if (plain[0] !== undefined) throw new SyntaxProblem(`Invalid parameter '${plain[0]}'`, USAGE.storageattach, 1)
  const type = get('--type')?.toLowerCase()
  if (type !== undefined && type !== 'hdd' && type !== 'dvddrive' && type !== 'fdd')
    throw badArgument(`Invalid --type argument '${get('--type')}'`)
  const mtype = get('--mtype')
  if (mtype !== undefined && !MEDIUM_TYPES.includes(mtype.toLowerCase() as MediumType))
    throw badArgument(`Invalid medium type '${mtype}'`)
  const called = get('--storagectl')
  if (called === undefined) throw new SyntaxProblem('Storage controller name not specified', USAGE.storageattach)
  const vm = box.findVm(name, 'VBoxManageStorageController.cpp:321')
  const runs = box.isLocked(vm)
  const controller = vm.controllers.find(each => each.name === called)
  if (!controller) throw new Plain(`Could not find a controller named '${called}'\n`.trimEnd())
  const [port, device] = ['--port', '--device'].map(each => get(each))
  if (port === undefined && mostPorts(controller.bus) !== 1)
    throw new SyntaxProblem('Port not specified', USAGE.storageattach)
  if (device === undefined && devicesPerPort(controller.bus) !== 1)
    throw new SyntaxProblem('Device not specified', USAGE.storageattach)
  const at = { port: Number(port ?? 0), device: Number(device ?? 0) }
  if (at.port >= mostPorts(controller.bus) || at.device >= devicesPerPort(controller.bus))
    throw new ComProblem({
      text: `The port and/or device parameter are out of range: port=${at.port} (must be in range [0, ${mostPorts(controller.bus) - 1}]), device=${at.device} (must be in range [0, ${devicesPerPort(controller.bus) - 1}])`,
      code: 'E_INVALIDARG',
      of: 'SessionMachine IMachine',
    })
  controller.ports = Math.max(controller.ports, at.port + 1)
  const here = controller.attachments.find(each => each.port === at.port && each.device === at.device)
  const medium = get('--medium')
  if (medium === undefined) throw new SyntaxProblem('Missing --medium argument', USAGE.storageattach)
  // A disc may be changed while the machine runs, if it is forced; nothing else may.
  if (runs && !(here?.type === 'dvddrive' && has('--forceunmount')))
    box.mustBeFree(vm, 'VBoxManageStorageController.cpp:322')
  const others = controller.attachments.filter(each => each !== here)
  if (medium.toLowerCase() === 'none') {
    if (!here)
      throw new ComProblem({
        text: `No storage device attached to device slot ${at.device} on port ${at.port} of controller '${called}'`,
        code: 'VBOX_E_OBJECT_NOT_FOUND',
        of: 'SessionMachine IMachine',
      })
    controller.attachments = others
  } else if (medium.toLowerCase() === 'emptydrive')
    controller.attachments = [...others, { ...at, type: 'dvddrive', marks: {} }]
  else {
    const kind = type ?? here?.type ?? (/\.iso$/i.test(medium) ? 'dvddrive' : 'hdd')
    const opened = box.openMedium(medium, kind === 'hdd' ? 'hdd' : 'dvd', cwd)
    if (mtype !== undefined) setType(box, opened, mtype.toLowerCase() as MediumType)
    for (const each of vm.controllers)
      for (const other of each.attachments)
        if (other.medium === opened.uuid && other !== here)
          throw new ComProblem({
            text: `Medium '${opened.location}' is already attached to port ${other.port}, device ${other.device} of controller '${each.name}' of this virtual machine`,
            code: 'VBOX_E_OBJECT_IN_USE',
            of: 'SessionMachine IMachine',
            context: 'AttachDevice(Bstr(pszCtl).raw(), port, device, DeviceType_HardDisk, pMedium2Mount)',
            at: 'VBoxManageStorageController.cpp:777',
          })
    const attached = kind === 'hdd' ? whatIsWritten(box, vm, opened) : opened
    controller.attachments = [...others, { ...at, type: kind, medium: attached.uuid, marks: {} }]
  }
  writeSettings(vm)
}
