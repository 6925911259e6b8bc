import { existsSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Box } from '../box.ts'
import type { Call } from '../call.ts'
import { readAll, table } from '../getopt.ts'
import { ComProblem, progress, SyntaxProblem } from '../problem.ts'
import { atLeast } from '../versions.ts'
import { type Controller, children, type Medium, usersOf, type Vm } from '../world.ts'
import { writeSettings } from './settings-file.ts'

export function registervm(args: readonly string[], { box, cwd }: Call): void {
  const { plain, get } = readAll(args, atLeast(box.it, '7.0') ? table(['--password', 'string']) : [])
  if (plain.length !== 1 || get('--password') !== undefined)
    throw new SyntaxProblem(
      plain[1] === undefined ? 'Incorrect number of parameters' : `Invalid parameter '${plain[1]}'`,
    )
  const file = resolve(cwd, plain[0] ?? '')
  const context = {
    context: 'OpenMachine(Bstr(pszVmFile).raw(), Bstr(strPassword).raw(), machine.asOutParam())',
    at: 'VBoxManageMisc.cpp:117',
  }
  if (!existsSync(file))
    throw new ComProblem({
      text: `Runtime error opening '${file}' for reading: -102 (File not found.)`,
      code: 'E_FAIL',
      of: 'MachineWrap IMachine',
      ...context,
    })
  const known = box.world.vms.find(vm => vm.settingsFile === file)
  if (known?.registered)
    throw new ComProblem({
      text: `Machine '${known.name}' with UUID {${known.uuid}} already exists`,
      code: 'VBOX_E_OBJECT_IN_USE',
      of: 'VirtualBoxWrap IVirtualBox',
      ...context,
    })
  if (known) {
    known.registered = true
    return
  }
  const [, base64 = ''] = /<!--([\w+/=]+)-->/.exec(readFileSync(file, 'utf8')) ?? []
  const vm = JSON.parse(Buffer.from(base64, 'base64').toString('utf8')) as Vm
  box.world.vms.push({ ...vm, settingsFile: file, registered: true })
}

const DELETE = table(['--delete -delete', 'nothing'])
const DELETE_ALL = table(['--delete-all -delete-all', 'nothing'])

export async function unregistervm(args: readonly string[], { box, err }: Call): Promise<void> {
  const { plain, has } = readAll(args, [...DELETE, ...(atLeast(box.it, '7.0') ? DELETE_ALL : [])])
  if (plain[1] !== undefined) throw new SyntaxProblem(`Invalid parameter '${plain[1]}'`)
  if (plain[0] === undefined) throw new SyntaxProblem('VM name required')
  const vm = box.findVm(plain[0], 'VBoxManageMisc.cpp:154')
  if (box.isLocked(vm))
    throw new ComProblem({
      text: `Cannot unregister the machine '${vm.name}' while it is locked`,
      code: 'VBOX_E_INVALID_OBJECT_STATE',
      of: 'MachineWrap IMachine',
      ...(atLeast(box.it, '7.0')
        ? {
            context:
              'Unregister(fDeleteAll ? CleanupMode_DetachAllReturnHardDisksAndVMRemovable :CleanupMode_DetachAllReturnHardDisksOnly, ComSafeArrayAsOutParam(aMedia))',
            at: 'VBoxManageMisc.cpp:236',
          }
        : {
            context: 'Unregister(CleanupMode_DetachAllReturnHardDisksOnly, ComSafeArrayAsOutParam(aMedia))',
            at: 'VBoxManageMisc.cpp:154',
          }),
    })
  const deletes = has('--delete') || has('--delete-all')
  const disks = disksGoingWith(box, vm)
  const discs = mediaOf(box, vm.controllers).filter(({ device }) => device !== 'hdd')
  const own = dirname(vm.settingsFile)
  box.world.vms = box.world.vms.filter(each => each !== vm)
  // Known no longer, but what it is stays in its file.
  if (!deletes) writeSettings(vm)
  else {
    await box.lives.get(vm.uuid)?.forget()
    box.lives.delete(vm.uuid)
  }
  for (const medium of disks) drop(box, medium, deletes)
  // Discs are known by whoever has them in a drive; their files are nobody's, but those beside the machine's settings.
  for (const disc of discs) drop(box, disc, has('--delete-all') && dirname(disc.location) === own)
  if (!deletes) return
  rmSync(vm.settingsFile, { force: true })
  for (const name of ['VBox.log', 'VBox.log.1', 'VBox.log.2', 'VBox.log.3'])
    rmSync(join(own, 'Logs', name), { force: true })
  // What else is in these is nobody's business.
  for (const folder of [join(own, 'Logs'), join(own, 'Snapshots'), own]) removeEmpty(folder)
  err(progress)
}

const mediaOf = ({ world }: Box, controllers: readonly Controller[]): Medium[] =>
  controllers.flatMap(({ attachments }) =>
    attachments.flatMap(({ medium }) => world.media.find(({ uuid }) => uuid === medium) ?? []),
  )

/**
 * The hard disks of a machine and of its snapshots, in the order in which they can be closed: and above each those that nobody
 * has, which have no other child and are of the normal type. So the last linked clone takes a normal base along.
 */
function disksGoingWith(box: Box, vm: Vm): Medium[] {
  const { world } = box
  const snapshots = vm.snapshots.toReversed().flatMap(({ controllers }) => mediaOf(box, controllers))
  const going: Medium[] = []
  const add = (medium: Medium) => {
    if (!going.includes(medium)) going.push(medium)
  }
  for (const medium of [...mediaOf(box, vm.controllers), ...snapshots]) {
    if (medium.device !== 'hdd') continue
    add(medium)
    for (let up = parentOf(box, medium); up && children(world, up).length === 1; up = parentOf(box, up))
      if (usersOf(world, up).length === 0 && up.type === 'normal') add(up)
  }
  return going
}

const parentOf = ({ world }: Box, { parent }: Medium): Medium | undefined =>
  world.media.find(({ uuid }) => uuid === parent)

/** Forgets a medium that no machine has any more; with `deletes` its file goes, which cannot be as long as others grow from it. */
function drop(box: Box, medium: Medium, deletes: boolean): void {
  if (usersOf(box.world, medium).length > 0) return
  const below = children(box.world, medium).length
  if (below > 0 && deletes)
    throw new ComProblem({
      text: `Cannot close medium '${medium.location}' because it has ${below} child media`,
      code: 'VBOX_E_OBJECT_IN_USE',
      of: 'MediumWrap IMedium',
      task: 'Machine delete failed',
      context: 'RTEXITCODE handleUnregisterVM(HandlerArg *)',
      at: 'VBoxManageMisc.cpp:248',
    })
  if (below > 0) return
  box.world.media = box.world.media.filter(each => each !== medium)
  if (deletes) rmSync(medium.location, { force: true })
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Something is in it, or it never was.
  }
}
