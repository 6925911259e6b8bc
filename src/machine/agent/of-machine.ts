/** Machines that have an agent, for the commands that are about it. */
import { MachineError } from '../../errors.ts'
import { driverOf } from '../instance.ts'
import { loadRecord } from '../load.ts'
import type { MachineRecord } from '../record.ts'
import type { World } from '../world.ts'

/** Throws NOT_FOUND, and NO_AGENT where the record says that there is none. */
export async function loadWithAgent(name: string, w: World): Promise<MachineRecord> {
  const record = await loadRecord(w.store, name, w.program)
  if (record.Machine?.EngineAgent === 'on') return record
  const ours = record.Machine?.Access !== 'client' && driverOf(record, w).provisions
  throw new MachineError('NO_AGENT', `machine "${name}" has no engine agent`, {
    hints: ours ? [`${w.program} provision --engine-agent=on ${name} puts it there; containers keep running`] : [],
  })
}
