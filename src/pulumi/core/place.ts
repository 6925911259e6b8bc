/** A machine's place: the world its store lies in, with its secrets, its deadline and its events. */
import { join } from 'node:path'
import type { AnyDriver } from '../../../drivers/driver.ts'
import { drivers } from '../../../drivers/index.ts'
import { MachineError } from '../../errors.ts'
import { driverNamed } from '../../machine/default-driver.ts'
import type { World } from '../../machine/world.ts'
import { openWorld } from '../../open-world.ts'
import type { Around, Json } from './crud.ts'
import { durationMs } from './duration.ts'
import { type Files, lay } from './files.ts'
import { begunWork, type Home, homeOf, makeHome, shareCache } from './home.ts'
import { type MachineInputs, secretEnv } from './inputs.ts'
import { isAbsent, objectOf } from './values.ts'

export interface Place {
  readonly name: string
  readonly driver: AnyDriver
  readonly home: Home
  readonly w: World
  /** The store is the resource's own, not the user's. */
  readonly own: boolean
  /** Its CA is given by the program; the machine gets none of its own. */
  readonly given: boolean
}

/** How long a work may take unless customTimeouts say otherwise; hosts at clouds take minutes. */
const TIMEOUT = '30m'

/** @param inputs a machine's checked inputs, or its state, which repeats them */
export function placeOf(inputs: Json, around: Around, work: 'create' | 'update' | 'delete'): Place {
  const { home: homeName, name, driver: driverName, store, timeouts, authority } = inputs as unknown as MachineInputs
  const driver = driverNamed(driverName, drivers)
  const home = homeOf(homeName, around)
  const text = objectOf(timeouts)[work]
  const late = deadline(typeof text === 'string' ? text : TIMEOUT, work)
  const own = store !== true
  const env = { ...around.env, ...secretEnv(driver, inputs) }
  const w = openWorld({
    storePath: own ? home.store : env.MACHINE_STORAGE_PATH || join(around.home, '.docker', 'machine'),
    drivers,
    env,
    platform: around.platform,
    home: around.home,
    program: 'machine',
    tlsPaths: {},
    say: around.say,
    signal: AbortSignal.any([around.signal, late]),
  })
  return { name, driver, home, own, given: !isAbsent(authority), w: { ...w, now: around.now } }
}

function deadline(timeout: string, work: string): AbortSignal {
  const controller = new AbortController()
  const late = new MachineError('TIMEOUT', `it took longer than ${timeout}`, {
    hints: [`customTimeouts: { ${work}: '1h' } gives it more`],
  })
  // The longest that Node can wait are 24 days.
  setTimeout(() => controller.abort(late), Math.min(durationMs(timeout) ?? 0, 2 ** 31 - 1)).unref()
  return controller.signal
}

/** Makes the working folder what the state says. */
export async function layPlace(place: Place, state: Json): Promise<void> {
  const { home, name, own, w } = place
  await makeHome(home)
  if (own) await shareCache(home)
  if (typeof state.files !== 'string') return
  // Work that was killed left more here than the state knows; in the user's own store `machine` may have changed it since.
  const newer = !own || (await begunWork(home, name)) !== undefined
  if (!(newer && (await w.store.exists(name)))) await lay(w.store, name, JSON.parse(state.files) as Files)
}
