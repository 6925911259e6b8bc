/** `active`: the machine this shell's DOCKER_HOST points at. */
import { MachineError } from '../errors.ts'
import { engineUrl, inspectInstance } from './instance.ts'
import { type LoadedMachine, loadAll } from './load-all.ts'
import { swarmUrl } from './swarm.ts'
import type { World } from './world.ts'

/**
 * The first machine whose engine's (or swarm master's) URL DOCKER_HOST is. It need not be waited for others: those that do
 * not answer are passed over. Throws NO_ACTIVE.
 */
export async function activeMachine(w: World, timeoutMs: number): Promise<string> {
  const host = w.env.DOCKER_HOST
  const none = new MachineError('NO_ACTIVE', 'No active host found', {
    hints: [`eval $(${w.program} env NAME) makes NAME the active one in this shell`],
  })
  if (!host) throw none
  const machines = (await loadAll(w)).filter((m): m is LoadedMachine => m.record !== undefined && m.known)
  const signal = AbortSignal.any([w.signal, AbortSignal.timeout(timeoutMs)])
  const looks = machines.map(machine => pointsAt(host, machine, w, signal))
  const late = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(w.signal.aborted ? w.signal.reason : timeout()), { once: true }),
  )
  const found = looks.map(async (look, i) => {
    if (!(await look)) throw none
    // Two records of one address: the first in order counts.
    const same = machines.slice(0, i).map((m, k) => [m.record.Driver.IPAddress, looks[k]] as const)
    const earlier = same.filter(([address]) => address === machines[i]?.record.Driver.IPAddress)
    if ((await Promise.all(earlier.map(([, before]) => before))).includes(true)) throw none
    return machines[i]?.name as string
  })
  const first = Promise.any(found).catch(() => Promise.reject(none))
  return await Promise.race([first, late])
}

function timeout(): MachineError {
  return new MachineError('NO_ACTIVE', 'Error getting active host: timeout')
}

async function pointsAt(host: string, { record }: LoadedMachine, w: World, signal: AbortSignal): Promise<boolean> {
  const instance = await inspectInstance(record, w, signal).catch(() => undefined)
  const url = instance ? engineUrl(record, instance) : ''
  return url !== '' && (url === host || swarmUrl(record, url) === host)
}
