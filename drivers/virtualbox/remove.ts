/** Taking a machine away, from whatever point its create or an earlier removal came to. The shared network and images stay. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { MachineError } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import { deleteMedium } from './base-disk.ts'
import { isGone } from './failure.ts'
import { infoOf, statusOf } from './inspect.ts'
import { findProgram, howToGet } from './program.ts'
import { vbox } from './run.ts'
import { type State, vmOf } from './state.ts'

/** A VBoxManage of a process that died may still be at it: what it makes meanwhile is taken away, too. */
const MOST_ROUNDS = 3

export async function removeVm(state: State, ctx: Ctx): Promise<void> {
  // Interrupted before the first checkpoint: nothing was made yet.
  if (!state.MachineName) return
  if (!(await findProgram(ctx.env)))
    throw new MachineError('VBOX_MISSING', `VBoxManage is not on this computer, and "${ctx.name}" may still be a VM`, {
      hints: [howToGet()],
    })
  let known = false
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const info = await infoOf(state, ctx)
    if (info === undefined) break
    known = true
    await unregister(state, statusOf(info) === 'Stopped' || statusOf(info) === 'Saved', ctx)
  }
  if (known) ctx.point('virtualbox vm removed')
  // The disk that was made, and not attached yet.
  if (state.Disk) await deleteMedium(state.Disk, ctx)
  if (state.VMId) await rm(join(ctx.machineDir, 'seed.iso'), { force: true })
  ctx.point('virtualbox files removed')
}

async function unregister(state: State, isOff: boolean, ctx: Ctx): Promise<void> {
  const vm = vmOf(state)
  if (!isOff) {
    // It may go off by itself, and one whose state is odd cannot be switched off: what counts is what comes next.
    await vbox(['controlvm', vm, 'poweroff'], ctx, { doing: 'switch the VM off' }).catch(() =>
      ctx.signal.throwIfAborted(),
    )
    ctx.point('virtualbox vm off')
  }
  await vbox(['unregistervm', vm, '--delete'], ctx, { doing: 'remove the VM' }).catch(error => {
    if (!isGone(error)) throw error
  })
}
