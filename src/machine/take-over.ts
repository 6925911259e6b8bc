/**
 * `adopt --<driver> PLACE [NAME]`: a machine of a host that the provider's own tool made before. What made it keeps it: here
 * an engine is put on it, or the one there is set up, as `create` would.
 */
import type { AnyDriver } from '../../drivers/driver.ts'
import type { FoundThere } from '../../drivers/takes-over.ts'
import { MachineError, UsageError } from '../errors.ts'
import { certificatesThere } from './adopt-look.ts'
import { type CreateAsk, createMachine, type Machine } from './create.ts'
import type { World } from './world.ts'

export interface TakeOverAsk extends Pick<CreateAsk, 'engine' | 'enginePort' | 'tlsSans'> {
  readonly driver: AnyDriver
  /** Where the host is, as its driver names places: a folder. */
  readonly place: string
  /** Which of the hosts there; needed where there are several. */
  readonly host?: string
  /** Name of the machine here; the host's own by default. */
  readonly name?: string
  /** `rm` removes the host too. */
  readonly destroy?: boolean
}

/** What would be shut out, and stopped, by new certificates. */
export interface Consequences {
  readonly why: string
  readonly containers: number
  readonly liveRestore: boolean
}

export interface TakeOverOptions {
  /** Only tell what is there. */
  dryRun?: boolean
  /** Asked before certificates of another CA are replaced; without it, or with false, that is refused (CERTS_FOREIGN). */
  replaceCertificates?: (name: string, found: Consequences) => Promise<boolean>
}

export interface TakenOver {
  /** All hosts of the place. */
  readonly found: readonly FoundThere[]
  /** Absent after a dry run. */
  readonly machine?: Machine
}

/** Throws WHICH_HOST where that is not clear, CERTS_FOREIGN, and what the driver and `createMachine` throw. */
export async function takeOver(ask: TakeOverAsk, w: World, options: TakeOverOptions = {}): Promise<TakenOver> {
  const { driver, place } = ask
  const ability = driver.takesOver
  if (!ability) throw new UsageError(`driver ${driver.name} takes over no hosts`)
  const found = await ability.find(place, { env: w.driverEnv ?? w.env, signal: w.signal, say: w.say })
  if (options.dryRun) return { found }
  const host = whichHost(found, ask)
  const name = ask.name ?? host.called ?? host.name
  const config = ability.config(place, host.name, { destroy: ask.destroy ?? false })
  const machine = await createMachine(
    {
      name,
      driver,
      config,
      ...(ask.engine === undefined ? {} : { engine: ask.engine }),
      ...(ask.enginePort === undefined ? {} : { enginePort: ask.enginePort }),
      ...(ask.tlsSans === undefined ? {} : { tlsSans: ask.tlsSans }),
      async look(record, seen) {
        const there = await certificatesThere(record, seen)
        if (there?.state !== 'foreign' || (await options.replaceCertificates?.(name, there))) return
        await seen.store.removeMachine(name) // nothing was made but the record
        throw foreign(name, there.why)
      },
    },
    w,
  )
  return { found, machine }
}

function whichHost(found: readonly FoundThere[], { host, place }: TakeOverAsk): FoundThere {
  const all = found.map(({ name, detail }) => `${name} (${detail})`).join(', ')
  const chosen = host === undefined && found.length === 1 ? found[0] : found.find(({ name }) => name === host)
  if (chosen) return chosen
  if (found.length === 0) throw new MachineError('WHICH_HOST', `there is nothing to take over in ${place}`)
  if (host === undefined)
    throw new MachineError('WHICH_HOST', `there are several machines in ${place}: ${all}`, {
      hints: ['name the one that is meant'],
    })
  throw new MachineError('WHICH_HOST', `there is no machine "${host}" in ${place}`, { hints: [`there are ${all}`] })
}

function foreign(name: string, why: string): MachineError {
  return new MachineError('CERTS_FOREIGN', `"${name}" is not adopted, and no certificate was changed there: ${why}`, {
    hints: ['--replace-certs issues new ones; clients with the old ones are then shut out'],
  })
}
