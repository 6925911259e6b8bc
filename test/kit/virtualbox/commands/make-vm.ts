import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Box } from '../box.ts'
import { ComProblem } from '../problem.ts'
import type { Nic, Vm } from '../world.ts'
import { writeSettings } from './settings-file.ts'

interface NewVm {
  readonly name: string
  readonly osType: string
  readonly folder: string
  readonly architecture: 'x86' | 'arm'
  readonly uuid?: string
  readonly groups?: string
}

const nicsOf = (box: Box): Record<string, Nic> =>
  Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [
      String(i + 1),
      {
        kind: i === 0 ? 'nat' : 'none',
        type: '82540EM',
        mac: box.newMac(),
        cable: true,
        promisc: 'deny',
        plugged: {},
        forwards: [],
        nat: {},
      },
    ]),
  )

/** Throws when there is one of this name, or something of it in its folder. */
export function makeVm(box: Box, { name, osType, folder, architecture, uuid, groups = '/' }: NewVm): Vm {
  const settingsFile = join(folder, ...groups.split('/').filter(part => part !== ''), name, `${name}.vbox`)
  const context = {
    of: 'MachineWrap IMachine',
    context:
      'CreateMachine(bstrSettingsFile.raw(), bstrName.raw(), ComSafeArrayAsInParam(groups), bstrOsTypeId.raw(), createFlags.raw(), machine.asOutParam())',
    at: 'VBoxManageMisc.cpp:328',
  }
  if (existsSync(settingsFile))
    throw new ComProblem({
      text: `Machine settings file '${settingsFile}' already exists`,
      code: 'VBOX_E_FILE_ERROR',
      ...context,
    })
  const clash = box.world.vms.find(vm => vm.name === name || vm.uuid === uuid)
  if (clash)
    throw new ComProblem({
      text:
        clash.name === name
          ? `A machine named '${name}' already exists`
          : `A machine with UUID {${uuid}} already exists`,
      code: clash.name === name ? 'VBOX_E_FILE_ERROR' : 'E_INVALIDARG',
      ...context,
    })
  const vm: Vm = {
    uuid: uuid ?? box.newUuid(),
    name,
    architecture,
    groups,
    osType,
    settingsFile,
    registered: false,
    state: 'poweroff',
    since: Date.now(),
    lockedUntil: 0,
    settings: defaults(architecture),
    nics: nicsOf(box),
    controllers: [],
    snapshots: [],
    folders: [],
    extra: {},
    properties: {},
  }
  box.world.vms.push(vm)
  writeSettings(vm)
  return vm
}

const defaults = (architecture: 'x86' | 'arm'): Record<string, string> => ({
  memory: '128',
  vram: '8',
  cpus: '1',
  cpuexecutioncap: '100',
  'cpu-profile': 'host',
  chipset: architecture === 'arm' ? 'armv8virtual' : 'piix3',
  firmware: architecture === 'arm' ? 'EFI' : 'BIOS',
  boot1: 'floppy',
  boot2: 'dvd',
  boot3: 'disk',
  boot4: 'none',
  acpi: 'on',
  ioapic: 'off',
  rtcuseutc: 'off',
  graphicscontroller: 'vboxvga',
})
