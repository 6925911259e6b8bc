import { access, readFile } from 'node:fs/promises'
import type { Instance, Status } from '../driver.ts'
import { type Life, readLife } from './process.ts'
import { placesOf, type State } from './state.ts'

const STATUS: Readonly<Record<Life, Status>> = { gone: 'Stopped', starting: 'Starting', running: 'Running' }

/** The host as its folder and this computer's processes show it; needs no root. */
export async function inspectHost(state: State): Promise<Instance> {
  // Interrupted before the first checkpoint: nothing was made yet.
  if (!state.Id) return { status: 'Not Found' }
  const places = placesOf(state)
  const there = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    )
  if (!(await there(places.dir))) return { status: 'Not Found' }
  const keys = await readFile(places.hostKeys, 'utf8').catch(() => '')
  const hostKeys = keys.split('\n').filter(line => line !== '')
  return {
    status: STATUS[await readLife(places)],
    ...(state.IPAddress ? { address: state.IPAddress } : {}),
    ssh: { user: state.SSHUser, port: state.SSHPort, ...(hostKeys.length > 0 ? { hostKeys } : {}) },
  }
}
