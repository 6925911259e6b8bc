/** What a machine's agent says of itself, the engine and the host. */
import type { Health } from '../../../agent/protocol.ts'
import { agentHealth } from '../../engine/agent.ts'
import { MachineError } from '../../errors.ts'
import { remedies } from '../advice.ts'
import { clientMaterial } from '../authority.ts'
import { worldFor } from '../own-authority.ts'
import type { MachineRecord } from '../record.ts'
import type { World } from '../world.ts'

/** Throws as `agentHealth` does, with advice about this machine. */
export async function machineHealth(record: MachineRecord, url: string, w: World, timeoutMs = 20_000): Promise<Health> {
  const material = await clientMaterial(await worldFor(record, w))
  return await agentHealth({ url, ...material, timeoutMs, signal: w.signal }).catch(cause => {
    if (!(cause instanceof MachineError)) throw cause
    throw new MachineError(cause.code, cause.message, { hints: remedies(cause, record, w), cause })
  })
}
