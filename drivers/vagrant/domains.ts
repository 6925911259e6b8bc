/** What a killed vagrant leaves at libvirt and has no id of yet: a domain, a volume. Asked of `virsh`, where there is one. */
import { MachineError, messageOf } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import type { State } from './state.ts'
import { isOnPath, printed } from './tool.ts'

const ANSWER_MS = 60_000

/** Removes both by the name we gave them; what is not there is no error. */
export async function dropDomain({ ProviderName: name }: State, { env, signal, say }: Ctx): Promise<void> {
  if (!(await isOnPath('virsh', env))) {
    say({ type: 'debug', text: 'no virsh here: what a killed vagrant may have left at libvirt is not looked for' })
    return
  }
  const plain = { ...env, LC_ALL: 'C', LIBVIRT_DEFAULT_URI: env.LIBVIRT_DEFAULT_URI || 'qemu:///system' }
  const virsh = (...args: string[]) =>
    printed('virsh', args, { env: plain as NodeJS.ProcessEnv, signal, timeout: ANSWER_MS })
  try {
    const words = (text: string) => text.split('\n').map(line => line.trim())
    if (words(await virsh('list', '--all', '--name')).includes(name)) {
      await virsh('destroy', name).catch(() => {}) // it does not run
      await virsh('undefine', name, '--managed-save', '--snapshots-metadata')
    }
    for (const pool of words(await virsh('pool-list', '--name')).filter(Boolean))
      await virsh('vol-delete', `${name}.img`, '--pool', pool).catch(error => {
        if (!/volume not found|no storage vol/i.test(String(error.stderr))) throw error
      })
  } catch (error) {
    const cause = error as Error & { stderr?: string }
    signal.throwIfAborted()
    // As the create found it that made nothing for this reason: no more than a killed one could be there.
    if (/failed to connect/i.test(String(cause.stderr)))
      return say({ type: 'info', text: `libvirt is not reached: whether it has a domain ${name} was not looked at` })
    throw new MachineError('VAGRANT_FAILED', `what is left of ${name} at libvirt is not removed: ${messageOf(cause)}`, {
      hints: ['is libvirtd on? `virsh -c qemu:///system list --all` shows what there is'],
      cause,
    })
  }
}
