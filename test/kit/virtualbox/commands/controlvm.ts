import type { Call } from '../call.ts'
import { ComProblem, Plain, progress, SyntaxProblem } from '../problem.ts'
import { USAGE } from '../tables/usage.ts'
import type { Vm } from '../world.ts'
import { addForward, readForward, removeForward } from './modify-nic.ts'

type Deed = (vm: Vm, rest: readonly string[], call: Call) => void | Promise<void>

const wrongState = (text: string) =>
  new ComProblem({ text, code: 'VBOX_E_INVALID_VM_STATE', of: 'ConsoleWrap IConsole' })

const DEEDS: Readonly<Record<string, Deed>> = {
  acpipowerbutton(vm, _, { box, gives }) {
    if (vm.state !== 'running') throw wrongState(`Invalid machine state: ${vm.state} (must be Running)`)
    if (gives !== 'ignored') box.lifeOf(vm).pressPower()
  },
  acpisleepbutton() {},
  async poweroff(vm, _, { box, err }) {
    await box.lifeOf(vm).pullPlug('poweroff')
    err(progress)
  },
  async savestate(vm, _, { box, err }) {
    box.setState(vm, 'saving')
    await box.lifeOf(vm).pullPlug('saved')
    err(progress)
  },
  pause(vm, _, { box }) {
    if (vm.state !== 'running') throw wrongState('Invalid machine state: Paused (must be Running)')
    box.setState(vm, 'paused')
  },
  resume(vm, _, { box }) {
    if (vm.state !== 'paused')
      throw wrongState(`Cannot resume the machine as it is not paused (machine state: Running)`)
    box.setState(vm, 'running')
  },
  reset(vm, _, { box }) {
    box.lifeOf(vm).reset()
  },
}

export async function controlvm(args: readonly string[], call: Call): Promise<void> {
  const { box } = call
  const [name = '', verb = '', ...rest] = args
  if (args.length < 2) throw new SyntaxProblem('Not enough parameters.', USAGE.controlvm)
  const vm = box.findVm(name, 'VBoxManageControlVM.cpp:432')
  if (['poweroff', 'saved', 'aborted'].includes(vm.state))
    throw new Plain(`Machine '${name}' is not currently running.`)
  const [, slot] = /^natpf([1-8])$/.exec(verb) ?? []
  if (slot !== undefined) return forward(vm, slot, rest, call)
  const deed = Object.hasOwn(DEEDS, verb) ? DEEDS[verb] : undefined
  if (!deed) throw new SyntaxProblem(`Invalid parameter '${verb}'`, USAGE.controlvm)
  // Words behind it are passed over, as by the real one; a good client sends none.
  if (rest.length > 0) box.complaints.push(`controlvm ${verb} with ${rest.join(' ')}`)
  await deed(vm, rest, call)
}

async function forward(vm: Vm, slot: string, rest: readonly string[], { box }: Call): Promise<void> {
  const nic = vm.nics[slot]
  const [first, second] = rest
  if (!nic || first === undefined) throw new SyntaxProblem(`Missing argument to 'natpf${slot}'`, USAGE.controlvm)
  if (nic.kind !== 'nat') throw new Plain(`The NAT adapter is not enabled on NIC ${slot}`)
  const life = box.lifeOf(vm)
  if (first !== 'delete') {
    const rule = readForward(first, `natpf${slot}`)
    addForward(nic, rule)
    await life.forward(slot, rule)
    return
  }
  if (second === undefined) throw new SyntaxProblem(`Missing argument to 'delete'`, USAGE.controlvm)
  removeForward(nic, second)
  await life.unforward(slot, second)
}
