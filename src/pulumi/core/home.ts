/**
 * Where a machine's working files lie: under the user's state folder, by a name that its claim made up and that stands in the
 * state of both, so that whoever comes after a crash finds them. It is no hash of the URN: that changes when a resource is
 * renamed, another one may get it then, and two checkouts of a program have the same ones. In there: `store/`, a store like any
 * other, with the one machine; `begun/NAME` from before something of that machine is made or changed until its state has been
 * handed over.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Around } from './crud.ts'

export interface Home {
  readonly path: string
  /** Path of the store machines of this resource lie in, unless they are to lie in the user's own. */
  readonly store: string
  /** What clouds' tags carry: the store's id. */
  readonly storeId: string
}

/** Name for the folder of a machine that is to be. */
export function newHome(): string {
  return randomBytes(8).toString('hex')
}

/** @param name as a state has it */
export function homeOf(name: unknown, around: Pick<Around, 'env' | 'home' | 'platform'>): Home {
  if (typeof name !== 'string' || !/^[0-9a-f]{16}$/.test(name))
    throw new Error(`the state names no folder for the machine's files, but ${JSON.stringify(name)}`)
  const path = join(allHomes(around), name)
  return { path, store: join(path, 'store'), storeId: name.slice(0, 8) }
}

function allHomes({ env, home, platform }: Pick<Around, 'env' | 'home' | 'platform'>): string {
  const state =
    platform === 'win32'
      ? env.LOCALAPPDATA || join(home, 'AppData', 'Local')
      : env.XDG_STATE_HOME || join(home, '.local', 'state')
  return join(state, 'machine', 'pulumi')
}

/** Makes the folders, the store's id being the one that derives from their name. */
export async function makeHome(home: Home): Promise<void> {
  await mkdir(join(home.path, 'begun'), { recursive: true, mode: 0o700 })
  await mkdir(home.store, { recursive: true, mode: 0o700 })
  const id = join(home.store, '.machine-store-id')
  if (!existsSync(id)) await writeFile(id, `${home.storeId}\n`, { mode: 0o644, flush: true })
}

/** 'create': no state knows the machine yet; 'change': an older state of it is known. */
export type Begun = 'create' | 'change'

/** To be called before anything of the machine is made or changed. */
export async function markBegun(home: Home, name: string, work: Begun): Promise<void> {
  await writeFile(markOf(home, name), work, { flush: true })
}

/** To be called when the machine's state is about to be handed over, or nothing of it is left. */
export async function unmark(home: Home, name: string): Promise<void> {
  await rm(markOf(home, name), { force: true })
}

/** The work on the machine that was killed; undefined where what is known of it is all there is. */
export async function begunWork(home: Home, name: string): Promise<Begun | undefined> {
  const text = await readFile(markOf(home, name), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : text === 'change' ? 'change' : 'create'
}

/** Machines nobody has the state of: their making was killed. */
export async function lostIn(home: Home): Promise<string[]> {
  const names = (await readdir(join(home.path, 'begun')).catch(() => [])).sort()
  const works = await Promise.all(names.map(name => begunWork(home, name)))
  return names.filter((_, i) => works[i] === 'create')
}

const markOf = (home: Home, name: string) => join(home.path, 'begun', name)

/** Machines in the resource's own store. */
export async function machinesIn(home: Home): Promise<string[]> {
  const all = await readdir(join(home.store, 'machines')).catch(() => [])
  return all.filter(name => !name.startsWith('.')).sort()
}

/** Removes all of it. */
export async function removeHome(home: Home): Promise<void> {
  await rm(home.path, { recursive: true, force: true })
}

/** Downloads are shared between the stores, as links: into this one before the work, out of it after. */
export async function shareCache(home: Home): Promise<void> {
  const common = join(home.path, '..', 'cache')
  const own = join(home.store, 'cache')
  for (const folder of [common, own]) await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const [from, to] of [
    [common, own],
    [own, common],
  ] as const)
    for (const file of await readdir(from))
      if (!file.startsWith('.')) await link(join(from, file), join(to, file)).catch(() => {}) // there already, or no links here: it is downloaded again
}
