import { dirname, join, resolve } from 'node:path'
import type { Call } from '../call.ts'
import { readAll, table } from '../getopt.ts'
import { writeImage } from '../images.ts'
import { badArgument, ComProblem, progress, SyntaxProblem } from '../problem.ts'
import type { Attachment } from '../world.ts'
import { makeDiff } from './diff.ts'
import { makeVm } from './make-vm.ts'
import { writeSettings } from './settings-file.ts'
import { find } from './snapshot.ts'

const OPTIONS = table(
  ['--snapshot', 'string'],
  ['--name', 'string'],
  ['--groups', 'string'],
  ['--mode', 'string'],
  ['--options', 'string'],
  ['--register', 'nothing'],
  ['--basefolder', 'string'],
  ['--uuid', 'uuid'],
)
const KNOWN = ['keepallmacs', 'keepnatmacs', 'keepdisknames', 'link', 'linked', 'keephwuuids', 'keephwuuid']

export function clonevm(args: readonly string[], { box, cwd, out, err }: Call): void {
  const { plain, get, has } = readAll(args, OPTIONS)
  if (plain[1] !== undefined) throw new SyntaxProblem(`Invalid parameter '${plain[1]}'`)
  if (plain[0] === undefined) throw new SyntaxProblem('VM name required')
  const asked = (get('--options') ?? '')
    .toLowerCase()
    .split(',')
    .filter(each => each !== '')
  if (asked.some(each => !KNOWN.includes(each))) throw badArgument(`Invalid clone options '${get('--options')}'`)
  if (!['machine', 'machineandchildren', 'all'].includes((get('--mode') ?? 'machine').toLowerCase()))
    throw badArgument(`Invalid clone mode '${get('--mode')}'`)
  const source = box.findVm(plain[0], 'VBoxManageMisc.cpp:556')
  const isLinked = asked.some(each => each.startsWith('link'))
  const from = get('--snapshot') === undefined ? undefined : find(source, get('--snapshot'))
  const refuse = (text: string, code: 'E_INVALIDARG' | 'VBOX_E_INVALID_OBJECT_STATE') =>
    new ComProblem({
      text,
      code,
      of: 'MachineWrap IMachine',
      task: 'Clone VM failed',
      context: 'RTEXITCODE handleCloneVM(HandlerArg *)',
      at: 'VBoxManageMisc.cpp:609',
    })
  if (isLinked && !from) throw refuse('Linked clone can only be created from a snapshot', 'E_INVALIDARG')
  if (box.isLocked(source) && !from)
    throw refuse(`Failed to lock source media '${source.name}'`, 'VBOX_E_INVALID_OBJECT_STATE')
  const name = get('--name') ?? `${plain[0]} Clone`
  const folder = get('--basefolder') === undefined ? box.machineFolder : resolve(cwd, get('--basefolder') ?? '')
  const uuid = get('--uuid')?.replaceAll(/[{}]/g, '').toLowerCase()
  const vm = makeVm(box, {
    name,
    osType: source.osType,
    architecture: source.architecture,
    folder,
    ...(uuid === undefined ? {} : { uuid }),
  })
  Object.assign(vm.settings, source.settings)
  for (const [slot, nic] of Object.entries(structuredClone(source.nics))) {
    const keeps = asked.includes('keepallmacs') || (asked.includes('keepnatmacs') && nic.kind === 'nat')
    vm.nics[slot] = { ...nic, mac: keeps ? nic.mac : box.newMac() }
  }
  vm.controllers = structuredClone([...(from?.controllers ?? source.controllers)])
  for (const controller of vm.controllers)
    controller.attachments = controller.attachments.map((each): Attachment => {
      const medium = each.type === 'hdd' ? box.world.media.find(m => m.uuid === each.medium) : undefined
      if (!medium) return each
      if (isLinked) return { ...each, medium: makeDiff(box, medium, join(dirname(vm.settingsFile), 'Snapshots')).uuid }
      const image = { format: medium.format, variant: medium.variant, capacity: medium.capacity, uuid: box.newUuid() }
      const location = join(dirname(vm.settingsFile), `${name}-disk${each.port + 1}.${medium.format.toLowerCase()}`)
      writeImage(location, image)
      return {
        ...each,
        medium: box.register({ ...image, device: 'hdd', location, type: 'normal', properties: {} }).uuid,
      }
    })
  vm.registered = has('--register')
  writeSettings(vm)
  err(progress)
  out(`Machine has been successfully cloned as "${name}"\n`)
}
