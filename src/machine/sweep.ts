/**
 * `<driver> sweep`: what this store made at a provider and no record owns any more, as after `rm -f`, or a crash nobody
 * cleaned up after. Other stores' things are not looked at.
 */
import type { AnyDriver, Config } from '../../drivers/driver.ts'
import type { Marked, SweepCtx } from '../../drivers/sweep.ts'
import { hasCode, MachineError, messageOf } from '../errors.ts'
import { driverCtx } from './instance.ts'
import { loadAll } from './load-all.ts'
import type { World } from './world.ts'

export interface Swept {
  /** What nothing owns. */
  readonly leftovers: readonly Marked[]
  /** Those of them that are gone now; none where it was only looked. */
  readonly removed: readonly Marked[]
  /** Those that are still there although they were to be removed, and why. */
  readonly left: readonly { readonly thing: Marked; readonly why: string }[]
}

export interface SweepOptions {
  /** Remove what was found; otherwise it is only listed. */
  remove?: boolean
}

/** Throws where the provider cannot be asked; what cannot be removed is told in `left`. */
export async function sweep(driver: AnyDriver, config: Config, w: World, options: SweepOptions = {}): Promise<Swept> {
  const sweeper = driver.sweep
  if (!sweeper) throw new MachineError('NO_SWEEP', `driver ${driver.name} leaves nothing that could be found`)
  const ctx = sweepCtx(w)
  // Things first, records after: whoever makes something has a record before.
  const marked = await sweeper.find(config, ctx)
  const leftovers = await unowned(marked, driver, w)
  if (!options.remove || leftovers.length === 0) return { leftovers, removed: [], left: [] }

  await using locks = await lockAll(leftovers, w)
  const free = leftovers.filter(thing => !locks.busy.has(thing.machine ?? ''))
  // A machine of the name may have been made while nobody held its lock.
  const still = await unowned(free, driver, w)
  const failed = await sweeper.remove(still, config, ctx)
  w.point('swept')
  const busy = leftovers.flatMap(thing => {
    const why = locks.busy.get(thing.machine ?? '')
    return why === undefined ? [] : [{ thing, why }]
  })
  const removed = still.filter(thing => !failed.some(each => each.thing === thing))
  return { leftovers, removed, left: [...busy, ...failed] }
}

/** Records that cannot be read own whatever was made for a machine of their name, and all that is shared. */
async function unowned(marked: readonly Marked[], driver: AnyDriver, w: World): Promise<Marked[]> {
  const all = await loadAll(w)
  return marked.filter(
    thing =>
      !all.some(({ name, record }) => {
        if (!record) return thing.machine === undefined || thing.machine === name
        return record.DriverName === driver.name && driver.sweep?.owns(record.Driver, thing) === true
      }),
  )
}

/** Locks of all machines the things were made for: one that is being created or removed is not swept beside that. */
async function lockAll(things: readonly Marked[], w: World): Promise<AsyncDisposable & { busy: Map<string, string> }> {
  const stack = new AsyncDisposableStack()
  const busy = new Map<string, string>()
  const names = [...new Set(things.flatMap(thing => thing.machine ?? []))]
  try {
    for (const name of names.filter(each => isName(each, w))) {
      try {
        stack.use(await w.store.lock(name, { purpose: `sweep ${name}`, signal: w.signal }))
      } catch (error) {
        if (!hasCode(error, 'LOCKED')) throw error
        busy.set(name, messageOf(error))
      }
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
  return { busy, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** A tag may hold anything; what can be no name has no lock and no record. */
function isName(text: string, w: World): boolean {
  try {
    w.store.checkName(text)
    return true
  } catch {
    return false
  }
}

function sweepCtx(w: World): SweepCtx {
  const { name: _, machineDir: __, ...ctx } = driverCtx('sweep', w)
  return { ...ctx, say: event => w.say(event) }
}
