import { existsSync } from 'node:fs'
import type { Box } from '../box.ts'
import type { Call } from '../call.ts'
import { readAll, table } from '../getopt.ts'
import { ComProblem, SyntaxProblem } from '../problem.ts'
import { USAGE } from '../tables/usage.ts'
import { atLeast } from '../versions.ts'
import type { Vm } from '../world.ts'

const OPTIONS = table(['--type -type', 'string'], ['--putenv', 'string'])
const SINCE_70 = table(['--password', 'string'], ['--password-id', 'string'])

const failed = (text: string, code: 'E_FAIL' | 'VBOX_E_INVALID_OBJECT_STATE' | 'VBOX_E_FILE_ERROR' = 'E_FAIL') =>
  new ComProblem({ text, code, of: 'ConsoleWrap IConsole' })

export async function startvm(args: readonly string[], { box, out, gives }: Call): Promise<void> {
  const { plain, get } = readAll(args, [...OPTIONS, ...(atLeast(box.it, '7.0') ? SINCE_70 : [])])
  if (plain.length === 0) throw new SyntaxProblem('at least one VM name or uuid required', USAGE.startvm)
  const type = get('--type') ?? 'gui'
  for (const name of plain) {
    const vm = box.findVm(name, 'VBoxManageMisc.cpp:894')
    if (type.toLowerCase() === 'emergencystop') {
      await box.lifeOf(vm).pullPlug('aborted')
      continue
    }
    if (box.isLocked(vm))
      throw new ComProblem({
        text: `The machine '${vm.name}' is already locked by a session (or being locked or unlocked)`,
        code: 'VBOX_E_INVALID_OBJECT_STATE',
        of: 'MachineWrap IMachine',
        context:
          'LaunchVMProcess(a->session, sessionType.raw(), ComSafeArrayAsInParam(aBstrEnv), progress.asOutParam())',
        at: 'VBoxManageMisc.cpp:921',
      })
    if (!['gui', 'sdl', 'headless', 'capture', 'separate'].includes(type.toLowerCase()))
      throw new ComProblem({
        text: `Invalid frontend name: "${type}"`,
        code: 'E_INVALIDARG',
        of: 'MachineWrap IMachine',
      })
    out(`Waiting for VM "${vm.name}" to power on...\n`)
    check(box, vm, gives === 'no-vtx')
    await box.lifeOf(vm).start()
    out(`VM "${vm.name}" has been successfully started.\n`)
  }
}

/** What keeps a machine from being switched on. */
function check(box: Box, vm: Vm, withoutVtx: boolean): void {
  const life = box.lifeOf(vm)
  if (!box.computer.vtx || withoutVtx) {
    const text = 'VT-x is disabled in the BIOS for all CPU modes (VERR_VMX_MSR_ALL_VMX_DISABLED)'
    life.log(`Power up failed (vrc=VERR_VMX_MSR_ALL_VMX_DISABLED, rc=NS_ERROR_FAILURE (0X80004005))`)
    throw failed(text)
  }
  if (vm.architecture !== box.it.architecture)
    throw failed(
      'Cannot run the machine because its platform architecture is not supported on this host (VERR_PLATFORM_ARCH_NOT_SUPPORTED)',
    )
  for (const { attachments } of vm.controllers)
    for (const { medium: uuid } of attachments) {
      const medium = box.world.media.find(each => each.uuid === uuid)
      if (!medium) continue
      if (!existsSync(medium.location))
        throw failed(
          `Could not open the medium '${medium.location}'.\n${medium.format}: error opening image file '${medium.location}' (VERR_FILE_NOT_FOUND)`,
          'VBOX_E_FILE_ERROR',
        )
      if (medium.type !== 'readonly' && medium.type !== 'shareable' && box.isInUse(medium))
        throw failed(
          'Locking of attached media failed. A possible reason is that one of the media is attached to a running VM',
          'VBOX_E_INVALID_OBJECT_STATE',
        )
    }
  for (const { kind, plugged } of Object.values(vm.nics)) {
    const missing =
      kind === 'hostonly'
        ? !box.world.hostOnlyIfs.some(({ name }) => name === plugged.hostonly)
        : kind === 'hostonlynetwork' && !box.world.hostOnlyNets.some(({ name }) => name === plugged.hostonlynetwork)
    if (missing)
      throw failed(`Nonexistent host networking interface, name '${plugged[kind] ?? ''}' (VERR_INTERNAL_ERROR)`)
  }
}

/** What a saved machine had in memory is thrown away. */
export function discardstate(args: readonly string[], { box }: Call): void {
  if (args.length !== 1) throw new SyntaxProblem('Incorrect number of parameters')
  const vm = box.findVm(args[0] ?? '', 'VBoxManageMisc.cpp:1120')
  if (vm.state !== 'saved')
    throw new ComProblem({
      text: `Cannot delete the machine state as the machine is not in the saved state (machine state: ${vm.state})`,
      code: 'VBOX_E_INVALID_VM_STATE',
      of: 'SessionMachine IMachine',
    })
  box.setState(vm, 'poweroff')
}
