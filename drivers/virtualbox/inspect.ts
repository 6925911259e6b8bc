/** VirtualBox's view of a machine. */
import type { Ctx, Instance, Status } from '../driver.ts'
import { addressOf } from './address.ts'
import { isGone } from './failure.ts'
import { readMachine } from './listings.ts'
import { vbox } from './run.ts'
import { type Here, type State, vmOf } from './state.ts'

const STATUS: Readonly<Record<string, Status>> = {
  running: 'Running',
  paused: 'Paused',
  saved: 'Saved',
  'aborted-saved': 'Saved',
  poweroff: 'Stopped',
  aborted: 'Stopped',
  starting: 'Starting',
  restoring: 'Starting',
  stopping: 'Stopping',
  saving: 'Stopping',
  // It is busy with its disks, and off.
  settingup: 'Stopped',
  livesnapshotting: 'Running',
  onlinesnapshotting: 'Running',
  gurumeditation: 'Error',
  inaccessible: 'Error',
}
/** Where docker-machine's hosts and ours have sshd; SSHPort is the forwarded one. */
const SSH_PORT = 22

/** What VirtualBox tells of the VM; undefined where it knows none. */
export async function infoOf(state: State, here: Here): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    return readMachine(await vbox(['showvminfo', vmOf(state), '--machinereadable'], here, { doing: 'look at the VM' }))
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

export async function inspectVm(state: State, ctx: Ctx): Promise<Instance> {
  // Interrupted before the first checkpoint: nothing was made yet.
  if (!state.MachineName) return { status: 'Not Found' }
  const info = await infoOf(state, ctx)
  if (info === undefined) return { status: 'Not Found' }
  const status = statusOf(info)
  const seen = status === 'Running' ? await addressOf(state, info, ctx) : undefined
  const address = seen ?? state.IPAddress
  return {
    status,
    ...(address ? { address } : {}),
    ssh: { user: state.SSHUser || 'docker', port: SSH_PORT },
  }
}

export function statusOf(info: ReadonlyMap<string, string>): Status {
  return STATUS[info.get('VMState') ?? ''] ?? (/inaccessible/.test(info.get('name') ?? '') ? 'Error' : '')
}
