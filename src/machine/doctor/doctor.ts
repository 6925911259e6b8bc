/** `doctor`: looks at this computer and at machines, tells what is wrong and what to do, and changes nothing. */
import { MachineError } from '../../errors.ts'
import { activeMachine } from '../active.ts'
import { didYouMean } from '../nearest.ts'
import type { World } from '../world.ts'
import type { Result } from './check.ts'
import { computerChecks } from './computer.ts'
import { examine } from './examine.ts'
import { machineChecks } from './machine.ts'
import type { Patient } from './patient.ts'

export type { Result as CheckResult } from './check.ts'

export interface DoctorOptions {
  /** Machines to look at. None: the active one, else `default`, where there is one. */
  names?: readonly string[]
  /** All machines of the store. */
  all?: boolean
  /** How long one check may take, in milliseconds; 15 s by default. */
  timeoutMs?: number
}

const TIMEOUT_MS = 15_000
/** Finding the active machine asks all of them; whoever is slower than this is not it. */
const ACTIVE_MS = 3_000

/** The checks of this computer, then those of each machine. Throws NOT_FOUND for a name that is no machine. */
export async function doctor(w: World, options: DoctorOptions = {}): Promise<Result[]> {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS
  const names = await machinesOf(options, w)
  const computer = examine(computerChecks(w), { w, timeoutMs, patient: own => own })
  const machines = names.map(name => examineMachine(name, timeoutMs, w))
  return (await Promise.all([computer, ...machines])).flat()
}

/** The checks of one machine. */
export async function examineMachine(name: string, timeoutMs: number, w: World): Promise<Result[]> {
  const findings: Patient['findings'] = {}
  try {
    return await examine(machineChecks, { w, machine: name, timeoutMs, patient: own => ({ name, w: own, findings }) })
  } finally {
    await findings.host?.[Symbol.asyncDispose]()
  }
}

async function machinesOf({ names = [], all = false }: DoctorOptions, w: World): Promise<string[]> {
  const there = await w.store.list().catch((error): string[] => {
    if (names.length > 0 || all) throw error
    return [] // a store that cannot be read is what the checks of this computer tell
  })
  if (all) return there
  for (const name of names)
    if (!there.includes(name))
      throw new MachineError(
        'NOT_FOUND',
        `Docker machine "${name}" does not exist. Use "${w.program} ls" to list machines. Use "${w.program} create" to add a new one.`,
        { hints: didYouMean(name, there) },
      )
  if (names.length > 0) return [...new Set(names)]
  const active = await activeMachine(w, ACTIVE_MS).catch(() => undefined)
  return active !== undefined ? [active] : there.filter(name => name === 'default')
}
