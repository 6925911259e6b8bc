import type { Call } from '../call.ts'
import { Getopt, GetoptProblem } from '../getopt.ts'
import { BareComProblem, badArgument, ComProblem, SyntaxProblem } from '../problem.ts'
import { type ModifyOption, modifyOptions } from '../tables/modifyvm.ts'
import { OS_TYPES } from '../tables/os-types.ts'
import { USAGE } from '../tables/usage.ts'
import { atLeast } from '../versions.ts'
import type { Vm } from '../world.ts'
import { modifyNic } from './modify-nic.ts'
import { writeSettings } from './settings-file.ts'

/** All or nothing: what was said before the word that is refused has no effect. */
export function modifyvm(args: readonly string[], { box }: Call): void {
  if (args.length < 2) throw new SyntaxProblem('Not enough parameters', USAGE.modifyvm)
  const [name = '', ...rest] = args
  const vm = box.findVm(name, 'VBoxManageModifyVM.cpp:621')
  box.mustBeFree(vm, 'VBoxManageModifyVM.cpp:640')
  const changed = structuredClone(vm)
  const getopt = new Getopt(rest, modifyOptions(box.it))
  try {
    for (let taken = getopt.next(); taken; taken = getopt.next()) {
      if (!taken.option) throw new GetoptProblem(`Invalid parameter '${taken.value}'`)
      const option = taken.option as ModifyOption
      if (option.x86 && vm.architecture === 'arm')
        throw new BareComProblem(
          'VBOX_E_PLATFORM_ARCH_NOT_SUPPORTED',
          'Platform architecture not supported',
          'COMGETTER(X86)(platformX86.asOutParam())',
          'VBoxManageModifyVM.cpp:804',
        )
      if (vm.state === 'saved' && !WHILE_SAVED.has(option.id)) throw notMutable
      if (option.index) modifyNic(changed, option.id, taken.index, taken.value, getopt, box)
      else modify(changed, option.id, taken.value, box)
    }
  } catch (error) {
    // It says how it is called, but exits as other failures do.
    if (error instanceof GetoptProblem) throw new SyntaxProblem(error.message, USAGE.modifyvm, 1)
    throw error
  }
  Object.assign(vm, changed)
  writeSettings(vm)
}

/** What may be changed of a machine whose memory is saved. */
const WHILE_SAVED = new Set([
  ...['name', 'groups', 'description', 'nic', 'cableconnected', 'nicpromisc', 'hostonlyadapter', 'hostonlynet'],
  ...['bridgeadapter', 'intnet', 'natnetwork', 'natpf', 'natdnsproxy', 'natdnshostresolver', 'natdnspassdomain'],
])

const notMutable = new ComProblem({
  text: 'The machine is not mutable (state is Saved)',
  code: 'VBOX_E_INVALID_VM_STATE',
  of: 'SessionMachine IMachine',
})

const invalid = (text: string, of = 'SessionMachine IMachine') =>
  new ComProblem({
    text,
    code: 'E_INVALIDARG',
    of,
    context: 'COMSETTER(…)(ValueUnion.u32)',
    at: 'VBoxManageModifyVM.cpp:856',
  })

function ranged(value: string, [low, high]: readonly [number, number], text: (n: number) => string): string {
  const n = Number(value)
  if (n < low || n > high) throw invalid(text(n))
  return String(n)
}

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  firmware: ['bios', 'efi', 'efi32', 'efi64', 'efidual'],
  biosbootmenu: ['disabled', 'menuonly', 'messageandmenu'],
  biosapic: ['disabled', 'apic', 'x2apic'],
  paravirtprovider: ['none', 'default', 'legacy', 'minimal', 'hyperv', 'kvm'],
  graphicscontroller: ['none', 'vboxvga', 'vmsvga', 'vboxsvga', 'qemuramfb'],
  chipset: ['piix3', 'ich9', 'armv8virtual'],
  mouse: ['ps2', 'usb', 'usbtablet', 'usbmultitouch', 'usbmtscreenpluspad'],
  keyboard: ['ps2', 'usb'],
  defaultfrontend: ['default', 'gui', 'sdl', 'headless', 'separate'],
  vmprocesspriority: ['default', 'flat', 'low', 'normal', 'high'],
  clipboardmode: ['disabled', 'hosttoguest', 'guesttohost', 'bidirectional'],
  clipboard: ['disabled', 'hosttoguest', 'guesttohost', 'bidirectional'],
  draganddrop: ['disabled', 'hosttoguest', 'guesttohost', 'bidirectional'],
  audiocontroller: ['sb16', 'ac97', 'hda'],
  audio: ['none', 'null', 'default', 'oss', 'alsa', 'pulse', 'dsound', 'was', 'coreaudio'],
  audiodriver: ['none', 'null', 'default', 'oss', 'alsa', 'pulse', 'dsound', 'was', 'coreaudio'],
}

function modify(vm: Vm, id: string, value: string, box: Call['box']): void {
  const choices = CHOICES[id]
  if (choices && !choices.includes(value.toLowerCase())) throw badArgument(`Invalid --${id} argument '${value}'`, 1)
  if (
    vm.architecture === 'arm' &&
    ((id === 'firmware' && /bios/i.test(value)) || (id === 'chipset' && !/^armv8/i.test(value)))
  )
    throw invalid(`The ${id} '${value}' is not supported by the platform of the machine`)
  const { settings } = vm
  switch (id) {
    case 'name': {
      if (box.world.vms.some(each => each.uuid !== vm.uuid && each.name === value))
        throw new ComProblem({
          text: `A machine named '${value}' already exists`,
          code: 'VBOX_E_FILE_ERROR',
          of: 'SessionMachine IMachine',
        })
      vm.name = value
      return
    }
    case 'groups':
      vm.groups = value
      return
    case 'ostype':
      if (!Object.hasOwn(OS_TYPES, value)) throw invalid(`Guest OS type '${value}' is invalid`)
      vm.osType = value
      return
    case 'memory':
      settings.memory = ranged(value, [4, 2097152], n => `Invalid RAM size: ${n} MB (must be in range [4, 2097152] MB)`)
      return
    case 'vram':
      settings.vram = ranged(value, [0, 256], n => `Invalid VRAM size: ${n} MB (must be in range [0, 256] MB)`)
      return
    case 'cpus': {
      const most = atLeast(box.it, '7.0') ? 64 : 32
      settings.cpus = ranged(value, [1, most], n => `Invalid virtual CPU count: ${n} (must be in range [1, ${most}])`)
      return
    }
    case 'cpuexecutioncap':
      settings.cpuexecutioncap = ranged(
        value,
        [1, 100],
        n => `Invalid CPU execution cap value: ${n} (must be in range [1, 100])`,
      )
      return
    default:
      settings[id] = id === 'firmware' ? value.toUpperCase() : value.toLowerCase()
  }
}
