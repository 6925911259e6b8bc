import type { Instance } from '../../drivers/driver.ts'
import { EXIT, hasCode, MachineError, messageOf, suggestionsOf } from '../errors.ts'
import { engineUrl, inspectInstance } from '../machine/instance.ts'
import { loadRecord } from '../machine/load.ts'
import type { MachineRecord } from '../machine/record.ts'
import { renewIfSoon } from '../machine/trust/renew-soon.ts'
import type { World } from '../machine/world.ts'
import { oneName } from '../names.ts'
import { type Answering, asJson } from './answer.ts'

/** Prompts ask for the state: an agent that hangs must not keep them. */
const HEALTH_MS = 3500

export const status: Answering<{ json?: boolean }> = async ({ names, flags }, w) => {
  const name = await oneName(names, w)
  const record = await loadRecord(w.store, name, w.program).catch(error => {
    throw hasCode(error, 'NOT_FOUND')
      ? new MachineError('NOT_FOUND', messageOf(error), { hints: suggestionsOf(error), exit: EXIT.missing })
      : error
  })
  const instance = await inspectInstance(record, w)
  const { status } = instance
  if (flags.json) return asJson({ name, status, ...(await healthOf(record, instance, w)) })
  return status === 'Not Found' ? { text: status, exit: EXIT.missing } : { text: status }
}

/**
 * With --json alone: the one word is for prompts, and stays as quick as the driver is. Whatever keeps the agent from
 * answering is told beside the state, and is no failure.
 */
async function healthOf(record: MachineRecord, instance: Instance, w: World): Promise<object> {
  const url = engineUrl(record, instance)
  if (record.Machine?.EngineAgent !== 'on' || url === '') return {}
  try {
    const { machineHealth } = await import('../machine/agent/health.ts')
    const health = await machineHealth(record, url, w, HEALTH_MS)
    const renewed = await renewIfSoon(record, w, health.certificate.notAfter)
    return { health: renewed ? await machineHealth(record, url, w, HEALTH_MS) : health }
  } catch (error) {
    w.signal.throwIfAborted()
    return { healthError: messageOf(error) }
  }
}
