/** One process at a time makes or changes what the machines of a person share in their networks. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { underLock } from '../local/lock.ts'
import { imageFolder } from '../local/places.ts'
import type { Here } from './state.ts'

/** Not in --virtualbox-image-dir: all have to wait for one another, whatever their flags were. */
export const networksFolder = (env: Here['env']) => join(imageFolder(env), '..', 'virtualbox')

/** Does the work when it is our turn. It gets the folder for what is written down of it, the same for all stores. */
export async function inTurn<T>(here: Here, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = networksFolder(here.env)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const turn = {
    path: join(folder, 'networks.lock'),
    what: 'the networks of VirtualBox are',
    purpose: 'have a network',
  }
  return await underLock(turn, 'Waiting for another process that sets up the network...', here, () => work(folder))
}
