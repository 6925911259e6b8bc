/**
 * The CAs a store works with: its own, those of machines that were imported with one, and those that records name
 * elsewhere. Each has a register of the certificates it gave out and one list of those it took back.
 */
import { X509Certificate } from 'node:crypto'
import { relative, sep } from 'node:path'
import type { Parts } from '../../store/store.ts'
import { readFiles } from '../authority.ts'
import { loadAll } from '../load-all.ts'
import { worldFor } from '../own-authority.ts'
import type { MachineRecord } from '../record.ts'
import type { World } from '../world.ts'

export type TrustFile = 'issued' | 'revoked'

export interface KnownAuthority {
  /** Where its register lies, which tells it from the others. */
  readonly id: string
  /** The world with its files: what `worldFor` makes. */
  readonly w: World
  /** The machines whose engines trust it, as far as their records can be read. */
  readonly machines: readonly MachineRecord[]
}

/** The CA of `w` first, then those of machines. */
export async function authorities(w: World): Promise<KnownAuthority[]> {
  const known = new Map<string, { id: string; w: World; machines: MachineRecord[] }>()
  const note = async (its: World, record?: MachineRecord) => {
    const id = (await trustFile(its, 'issued')).join('/')
    const there = known.get(id) ?? { id, w: its, machines: [] }
    known.set(id, there)
    if (record) there.machines.push(record)
  }
  await note(w)
  // Files that flags name are those of the first one, and not of every machine.
  const plain = { ...w, tlsPaths: {} }
  for (const { record } of await loadAll(w)) if (record) await note(await worldFor(record, plain), record)
  return [...known.values()]
}

/** The one CA of `w`, with its machines. */
export async function authorityOf(w: World): Promise<KnownAuthority> {
  const [first] = await authorities(w)
  return first ?? { id: '', w, machines: [] }
}

/** Where the register or the list of this world's CA lies: beside ca.pem; in certs/ for a CA that is not in the store. */
export async function trustFile(w: World, file: TrustFile): Promise<Parts> {
  const { caCert } = w.tlsPaths
  if (caCert === undefined) return ['certs', `${file}.json`]
  const parts = relative(w.store.path, caCert).split(sep)
  if (parts.length > 1 && !parts.includes('..') && parts[0] !== '') return [...parts.slice(0, -1), `${file}.json`]
  const caPem = (await readFiles(w)).caCert ?? ''
  const print = new X509Certificate(caPem).fingerprint256.replaceAll(':', '').slice(0, 16).toLowerCase()
  return ['certs', `${file}-${print}.json`]
}
