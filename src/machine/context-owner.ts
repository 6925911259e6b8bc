/** Which of docker's contexts are ours: those that carry a mark naming the machine and its store. */
import { MachineError } from '../errors.ts'
import { type ContextMeta, listContexts } from './context-files.ts'
import type { World } from './world.ts'

/** Lies in the context's Metadata under `Machine`; docker shows it in `context inspect` and keeps it. */
export interface Mark {
  /** The machine's name. */
  Name: string
  /** Id of the store it is in, which moves with the store. */
  StoreId: string
  /** Where that store was, for people. */
  StorePath: string
}

export function markOf(meta: ContextMeta): Mark | undefined {
  const mark = meta.Metadata?.Machine as Partial<Mark> | undefined
  return typeof mark?.Name === 'string' && typeof mark.StoreId === 'string' ? (mark as Mark) : undefined
}

export function newMark(machine: string, w: World): Mark {
  return { Name: machine, StoreId: w.store.id(), StorePath: w.store.path }
}

export function isOf(meta: ContextMeta, machine: string, w: World): boolean {
  const mark = markOf(meta)
  return mark?.Name === machine && mark.StoreId === w.store.id()
}

/** All contexts of this machine: one under its own name, or several under others. */
export async function contextsOf(configDir: string, machine: string, w: World): Promise<ContextMeta[]> {
  return (await listContexts(configDir)).filter(meta => isOf(meta, machine, w))
}

/** CONTEXT_TAKEN unless the context is this machine's or is not there. */
export function refuseForeign(
  name: string,
  found: ContextMeta | 'unreadable' | undefined,
  machine: string,
  w: World,
): void {
  if (found === undefined || (found !== 'unreadable' && isOf(found, machine, w))) return
  const mark = found === 'unreadable' ? undefined : markOf(found)
  const whose =
    found === 'unreadable'
      ? 'is there and cannot be read'
      : mark === undefined
        ? 'is there and was not made by this program'
        : `belongs to machine "${mark.Name}" of the store ${mark.StorePath}`
  throw new MachineError('CONTEXT_TAKEN', `the docker context "${name}" ${whose}`, {
    hints: ['--context-name NAME chooses another name', `${w.program} context --force takes it over`],
  })
}
