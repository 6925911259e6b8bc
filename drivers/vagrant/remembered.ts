/**
 * How a machine was reached last, so that `ls` and `env` need not wait for Vagrant to start, which takes seconds. It holds
 * as long as Vagrant's index of machines says the same of this one (whatever it does to it or sees of it is noted there) and
 * sshd answers.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Ctx } from '../driver.ts'
import type { Places } from './places.ts'
import type { Reached } from './reach.ts'
import type { State } from './state.ts'

/** With what the index said then, and where the store was: the key lies in it. */
type Kept = Reached & { readonly entry: string; readonly dotfile: string }
type Which = Pick<State, 'VmName'>

/** What the index says of the machine, as text; '' where it is not in it. */
async function indexEntry({ VmName }: Which, { dotfile }: Places, env: Ctx['env']): Promise<string> {
  const home = env.VAGRANT_HOME || join(env.HOME || homedir(), '.vagrant.d')
  try {
    const folder = join(dotfile, 'machines', VmName)
    const ids = await Promise.all(
      (await readdir(folder)).map(provider => readFile(join(folder, provider, 'index_uuid'), 'utf8').catch(() => '')),
    )
    const index = JSON.parse(await readFile(join(home, 'data', 'machine-index', 'index'), 'utf8'))
    return JSON.stringify(ids.flatMap(id => index.machines?.[id.trim()] ?? [])).replace(/^\[\]$/, '')
  } catch {
    return '' // none, or being written
  }
}

export async function remember(state: Which, places: Places, env: Ctx['env'], way: Reached): Promise<void> {
  const kept: Kept = { ...way, entry: await indexEntry(state, places, env), dotfile: places.dotfile }
  await writeFile(places.reached, JSON.stringify(kept), { mode: 0o600 }).catch(() => {}) // a store that is read-only: asked anew
}

export async function forget({ reached }: Places): Promise<void> {
  await rm(reached, { force: true }).catch(() => {})
}

/** How it was reached last, whether or not it still is. */
export async function remembered({ reached }: Places): Promise<Reached | undefined> {
  return (await read(reached))?.way
}

/** The same, if nothing has happened since. */
export async function unchanged(state: Which, places: Places, env: Ctx['env']): Promise<Reached | undefined> {
  const kept = await read(places.reached)
  if (kept?.dotfile !== places.dotfile) return undefined
  return kept.entry !== '' && kept.entry === (await indexEntry(state, places, env)) ? kept.way : undefined
}

async function read(path: string): Promise<{ way: Reached; entry: string; dotfile: string } | undefined> {
  try {
    const { entry, dotfile, ...way } = JSON.parse(await readFile(path, 'utf8')) as Kept
    return typeof way.address === 'string' && typeof way.port === 'number' ? { way, entry, dotfile } : undefined
  } catch {
    return undefined // none, or half of one
  }
}
