import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Box } from '../box.ts'
import type { Call } from '../call.ts'
import { readAll, table } from '../getopt.ts'
import { ComProblem, Plain, progress, SyntaxProblem } from '../problem.ts'
import { snapshotLines } from '../show/machine.ts'
import type { Attachment, Controller, Snapshot, Vm } from '../world.ts'
import { makeDiff } from './diff.ts'
import { writeSettings } from './settings-file.ts'

/** Snapshots of the settings and of which disk is written to. What is in the disks is not kept: a guest's files stay. */
export function snapshot(args: readonly string[], call: Call): void {
  const { box, out, err } = call
  const [name, verb, ...rest] = args
  if (name === undefined || verb === undefined) throw new SyntaxProblem('Not enough parameters')
  const vm = box.findVm(name, 'VBoxManageSnapshot.cpp:523')
  if (verb === 'take') {
    const { plain, get } = readAll(
      rest,
      table(['--description -description -desc', 'string'], ['--live -live', 'nothing'], ['--uniquename', 'string']),
    )
    if (plain.length !== 1) throw new SyntaxProblem('Missing snapshot name')
    const made = take(box, vm, plain[0] ?? '', get('--description') ?? '')
    err(progress)
    out(`Snapshot taken. UUID: ${made.uuid}\n`)
  } else if (verb === 'list') {
    const { has } = readAll(rest, table(['--details', 'nothing'], ['--machinereadable', 'nothing']))
    if (vm.snapshots.length === 0) {
      out(`This machine does not have any snapshots\n`)
      throw new Plain('This machine does not have any snapshots')
    }
    out(
      has('--machinereadable')
        ? `${snapshotLines(vm).join('\n')}\n`
        : vm.snapshots
            .map(s => `   Name: ${s.name} (UUID: ${s.uuid})${s.uuid === vm.currentSnapshot ? ' *' : ''}\n`)
            .join(''),
    )
  } else if (verb === 'restore' || verb === 'restorecurrent') {
    box.mustBeFree(vm, 'VBoxManageSnapshot.cpp:537')
    restore(box, vm, find(vm, verb === 'restore' ? rest[0] : vm.currentSnapshot))
    out(`Restoring snapshot '${find(vm, vm.currentSnapshot).name}' (${vm.currentSnapshot})\n`)
    err(progress)
  } else if (verb === 'delete') {
    drop(box, vm, find(vm, rest[0]))
    out(`Deleting snapshot '${rest[0]}'\n`)
    err(progress)
  } else throw new SyntaxProblem(`Invalid parameter '${verb}'`)
  writeSettings(vm)
}

export function find({ snapshots }: Vm, name: string | undefined): Snapshot {
  const found = snapshots.find(each => each.uuid === name || each.name === name)
  if (!found)
    throw new ComProblem({
      text: `Could not find a snapshot named '${name ?? ''}'`,
      code: 'VBOX_E_OBJECT_NOT_FOUND',
      of: 'SessionMachine IMachine',
      context: 'FindSnapshot(Bstr(pszName).raw(), pSnapshot.asOutParam())',
      at: 'VBoxManageSnapshot.cpp:700',
    })
  return found
}

const disksOf = (controllers: readonly Controller[]) =>
  controllers.flatMap(({ attachments }) =>
    attachments.flatMap(({ type, medium }) => (type === 'hdd' && medium ? [medium] : [])),
  )

/** From now on the machine writes into differencing images. */
function divert(box: Box, vm: Vm): void {
  const folder = join(dirname(vm.settingsFile), 'Snapshots')
  for (const controller of vm.controllers)
    controller.attachments = controller.attachments.map((each): Attachment => {
      const base = each.type === 'hdd' ? box.world.media.find(({ uuid }) => uuid === each.medium) : undefined
      return base ? { ...each, medium: makeDiff(box, base, folder).uuid } : each
    })
}

function take(box: Box, vm: Vm, name: string, description: string): Snapshot {
  const made: Snapshot = {
    uuid: box.newUuid(),
    name,
    description,
    media: disksOf(vm.controllers),
    controllers: structuredClone(vm.controllers),
    ...(vm.currentSnapshot === undefined ? {} : { parent: vm.currentSnapshot }),
  }
  divert(box, vm)
  vm.snapshots.push(made)
  vm.currentSnapshot = made.uuid
  return made
}

function deleteImages(box: Box, uuids: readonly string[]): void {
  for (const medium of box.world.media.filter(({ uuid }) => uuids.includes(uuid))) {
    box.world.media = box.world.media.filter(each => each !== medium)
    rmSync(medium.location, { force: true })
  }
}

function restore(box: Box, vm: Vm, to: Snapshot): void {
  const given = disksOf(vm.controllers).filter(uuid => !vm.snapshots.some(({ media }) => media.includes(uuid)))
  vm.controllers = structuredClone([...to.controllers])
  deleteImages(box, given)
  divert(box, vm)
  vm.currentSnapshot = to.uuid
}

/** What is below it is merged with what it was taken of. */
function drop(box: Box, vm: Vm, gone: Snapshot): void {
  const below = vm.snapshots.filter(({ parent }) => parent === gone.uuid)
  if (below.length > 1)
    throw new ComProblem({
      text: `Snapshot '${gone.name}' of the machine '${vm.name}' cannot be deleted, because it has more than one child snapshot`,
      code: 'VBOX_E_INVALID_OBJECT_STATE',
      of: 'SessionMachine IMachine',
    })
  if (
    box.world.media.some(
      ({ parent, uuid }) =>
        parent !== undefined &&
        gone.media.includes(parent) &&
        !disksOf(vm.controllers).includes(uuid) &&
        !vm.snapshots.some(({ media }) => media.includes(uuid)),
    )
  )
    throw new ComProblem({
      text: `Medium of snapshot '${gone.name}' has child media of other machines`,
      code: 'VBOX_E_OBJECT_IN_USE',
      of: 'SessionMachine IMachine',
    })
  vm.snapshots = vm.snapshots
    .filter(each => each !== gone)
    .map(({ parent, ...each }) => ({
      ...each,
      ...(parent === gone.uuid
        ? gone.parent === undefined
          ? {}
          : { parent: gone.parent }
        : parent === undefined
          ? {}
          : { parent }),
    }))
  const current = vm.currentSnapshot === gone.uuid ? gone.parent : vm.currentSnapshot
  if (current === undefined) delete vm.currentSnapshot
  else vm.currentSnapshot = current
  if (vm.snapshots.length > 0) return
  // The last one: the machine writes into the base again.
  const bases = new Map(box.world.media.map(({ uuid, parent }) => [uuid, parent]))
  const diffs = disksOf(vm.controllers)
  for (const controller of vm.controllers)
    controller.attachments = controller.attachments.map((each): Attachment => {
      const parent = each.medium === undefined ? undefined : bases.get(each.medium)
      return parent !== undefined && gone.media.includes(parent) ? { ...each, medium: parent } : each
    })
  deleteImages(
    box,
    diffs.filter(uuid => !disksOf(vm.controllers).includes(uuid)),
  )
}
