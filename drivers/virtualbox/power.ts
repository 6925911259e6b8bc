/** Power. Snapshots and the disk are left alone; what a restart of this computer took of the network is made again. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MachineError } from '../../src/errors.ts'
import { waitFor } from '../cloud/wait.ts'
import type { Ctx } from '../driver.ts'
import { failureBehind } from './failure.ts'
import { freePort } from './free-port.ts'
import { hostOnlyArgs } from './hardware.ts'
import { haveHostOnly } from './host-only.ts'
import { infoOf, statusOf } from './inspect.ts'
import { parseNetwork } from './network.ts'
import { problemIn } from './problems.ts'
import { vbox } from './run.ts'
import { type Here, STOP_SECONDS, type State, vmOf } from './state.ts'
import { option, type Version, versionOf } from './version.ts'

const UP_MS = 60_000
/** Pulling the plug takes a second. */
const KILL_MS = 30_000
/** A host that is only just booting does not hear the button. */
const BUTTON_MS = 15_000

/** Starts the VM, or lets it go on. `state` gets its forwarded port. */
export async function startVm(state: State, ctx: Ctx): Promise<void> {
  const vm = vmOf(state)
  const info = await infoOf(state, ctx)
  const status = info && statusOf(info)
  if (status === 'Running') return
  if (status === 'Paused') return void (await vbox(['controlvm', vm, 'resume'], ctx, { doing: 'let the VM go on' }))
  // What a saved one was connected to is part of what was saved.
  if (status !== 'Saved') await connect(state, ctx)
  await vbox(['startvm', vm, '--type', state.UIType || 'headless'], ctx, { doing: 'start the VM' }).catch(
    async error => {
      throw await withLog(error, ctx)
    },
  )
  ctx.point('virtualbox vm started')
  const look = async () => ((await infoOf(state, ctx))?.get('VMState') === 'running' ? true : undefined)
  if ((await waitFor(look, { signal: ctx.signal, deadlineMs: UP_MS, firstMs: 200 })) === undefined)
    throw new MachineError('VBOX_LATE', `the VM was started ${UP_MS / 1000} s ago and does not run`, {
      hints: ['VBoxManage showvminfo tells its state; VBox.log in the folder Logs beside it tells why'],
    })
}

/** The network to this computer, and the forwarded port of SSH. */
async function connect(state: State, ctx: Ctx): Promise<void> {
  const vm = vmOf(state)
  const version = await versionOf(ctx)
  const ask = { net: parseNetwork(state.HostOnlyCIDR), dhcp: !state.HostOnlyNoDHCP }
  const hostOnly = await haveHostOnly(ask, version, ctx)
  await vbox(['modifyvm', vm, ...hostOnlyArgs(hostOnly, state, version)], ctx, { doing: 'connect the VM' })
  ctx.point('virtualbox vm connected')
  await forward(state, version, ctx)
}

/** The port that docker-machine and its scripts log in at; another one where somebody has it meanwhile. */
async function forward(state: State, version: Version, ctx: Here): Promise<void> {
  const rule = option(version, 'natpf1')
  const vm = vmOf(state)
  await vbox(['modifyvm', vm, rule, 'delete', 'ssh'], ctx, { doing: 'forward its SSH port' }).catch(error => {
    ctx.signal.throwIfAborted()
    if (!failureBehind(error)) throw error // there was no such rule yet
  })
  state.SSHPort = await freePort(state.SSHPort)
  await vbox(['modifyvm', vm, rule, `ssh,tcp,127.0.0.1,${state.SSHPort},,22`], ctx, { doing: 'forward its SSH port' })
  ctx.point('virtualbox port forwarded')
}

/** Why a VM ended while it started stands in its log alone. */
async function withLog(error: unknown, { name, machineDir }: Pick<Ctx, 'name' | 'machineDir'>): Promise<unknown> {
  if (!(error instanceof MachineError) || error.code !== 'VBOX_FAILED') return error
  const log = join(machineDir, name, 'Logs', 'VBox.log')
  const text = await readFile(log, 'utf8').catch(() => '')
  const known = problemIn(text)
  if (known) return new MachineError(known.code, known.text, { hints: [...known.hints], cause: error })
  return new MachineError(error.code, error.message, { hints: [`its log: ${log}`, ...error.suggestions], cause: error })
}

/** Presses the button, and waits: pressed once, it may not have been heard. */
export async function stopVm(state: State, ctx: Ctx): Promise<void> {
  const vm = vmOf(state)
  const status = await statusNow(state, ctx)
  if (status === 'Stopped') return
  if (status === 'Saved')
    throw new MachineError('VBOX_SAVED', `"${ctx.name}" is saved: it cannot shut down before it goes on`, {
      hints: [`machine start ${ctx.name} lets it go on`, `machine kill ${ctx.name} throws away what was saved`],
    })
  if (status === 'Paused') await vbox(['controlvm', vm, 'resume'], ctx, { doing: 'let the VM go on' })
  const seconds = state.StopTimeout || STOP_SECONDS
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    await vbox(['controlvm', vm, 'acpipowerbutton'], ctx, { doing: 'press its power button' }).catch(async error => {
      if ((await statusNow(state, ctx)) !== 'Stopped') throw error // it went off between the look and the button
    })
    ctx.point('virtualbox button pressed')
    const deadlineMs = Math.min(BUTTON_MS, end - performance.now())
    const isOff = async () => ((await statusNow(state, ctx)) === 'Stopped' ? true : undefined)
    if (await waitFor(isOff, { signal: ctx.signal, deadlineMs, firstMs: 300, mostMs: 1500 })) return
  }
  throw new MachineError('VBOX_LATE', `"${ctx.name}" did not shut down within ${seconds} s`, {
    hints: [
      `machine kill ${ctx.name} pulls the plug`,
      `does it hear its power button? machine ssh ${ctx.name} systemctl list-jobs tells what it waits for`,
    ],
  })
}

/** Pulls the plug; of a saved one, throws away what was saved. */
export async function killVm(state: State, ctx: Ctx): Promise<void> {
  const status = await statusNow(state, ctx)
  if (status === 'Stopped') return
  const args = status === 'Saved' ? ['discardstate', vmOf(state)] : ['controlvm', vmOf(state), 'poweroff']
  await vbox(args, ctx, { doing: 'switch the VM off' }).catch(async error => {
    if ((await statusNow(state, ctx)) !== 'Stopped') throw error
  })
  ctx.point('virtualbox vm killed')
  const isOff = async () => ((await statusNow(state, ctx)) === 'Stopped' ? true : undefined)
  if (await waitFor(isOff, { signal: ctx.signal, deadlineMs: KILL_MS, firstMs: 200, mostMs: 500 })) return
  throw new MachineError('VBOX_LATE', `"${ctx.name}" was switched off ${KILL_MS / 1000} s ago and is not off`, {
    hints: ['VBoxManage showvminfo tells its state; one that hangs ends with its process, VBoxHeadless'],
  })
}

async function statusNow(state: State, ctx: Ctx) {
  const info = await infoOf(state, ctx)
  if (info) return statusOf(info)
  throw new MachineError('VBOX_GONE', `VirtualBox has no VM of "${ctx.name}"`, {
    hints: [`machine rm ${ctx.name} drops the record`],
  })
}
