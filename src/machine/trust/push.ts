/** Telling agents what is revoked. What one was not told now it is told by whatever comes to it next. */

import { readRevocations } from '../../certs/index.ts'
import { agentTrust, changeTrust } from '../../engine/agent.ts'
import type { EngineAddress } from '../../engine/attempt.ts'
import { MachineError, messageOf } from '../../errors.ts'
import { clientMaterial, readFiles } from '../authority.ts'
import { engineUrl, inspectInstance } from '../instance.ts'
import { worldFor } from '../own-authority.ts'
import type { MachineRecord } from '../record.ts'
import type { World } from '../world.ts'
import { currentRevocations, mergeRevocations } from './revocations.ts'

/** An agent answers in milliseconds, over a slow line in a second or two. */
export const AGENT_TIMEOUT_MS = 10_000

/** 'sent'; 'same': the agent knew it; 'none': there is nothing to tell. */
export type Pushed = 'sent' | 'same' | 'none'

export interface Told {
  readonly name: string
  readonly told: Pushed | 'not reached'
  /** Why it was not. */
  readonly error?: string
}

/** Whether the machine has an agent that is ours to speak to. */
export function hasAgent(record: MachineRecord): boolean {
  return record.Machine?.EngineAgent === 'on' && record.Machine.Access !== 'client'
}

/** Brings the agent's list of revocations up to ours; where it knows more (of another store with this CA), ours up to its. */
export async function pushTrust(record: MachineRecord, w: World, at?: EngineAddress): Promise<Pushed> {
  const its = await worldFor(record, w)
  const address = at ?? (await agentAddress(record, its))
  const ours = await currentRevocations(its)
  const { revoked } = await agentTrust(address)
  if (revoked === null && ours === undefined) return 'none'
  if (revoked?.payload === ours?.payload) return 'same'
  const { caCert = '', caKey } = await readFiles(its)
  const theirs = revoked === null ? undefined : readRevocations(revoked, caCert)
  const known = ours && readRevocations(ours, caCert)
  const behind = theirs !== undefined && theirs.number >= (known?.number ?? 0)
  if (behind && caKey === undefined) return 'same' // who has the key tells the rest
  const next = behind ? await mergeRevocations(theirs, its) : ours
  if (next === undefined) return 'none'
  await changeTrust(address, { revoked: next })
  its.point('revocations pushed')
  return 'sent'
}

/** The same for several side by side; none of them can hold up or fail the others. */
export async function pushToAll(records: readonly MachineRecord[], w: World): Promise<Told[]> {
  const told = records.map(async (record): Promise<Told> => {
    const deadline = AbortSignal.timeout(AGENT_TIMEOUT_MS)
    const mine = { ...w, signal: AbortSignal.any([w.signal, deadline]) }
    const late = new Promise<never>((_, reject) => {
      deadline.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true })
    })
    late.catch(() => {}) // it is over before that, as a rule
    try {
      return { name: record.Name, told: await Promise.race([pushTrust(record, mine), late]) }
    } catch (error) {
      w.signal.throwIfAborted()
      return { name: record.Name, told: 'not reached', error: messageOf(error) }
    }
  })
  return await Promise.all(told)
}

/** For whatever comes to a machine for another reason: a list that does not get there is told of and fails nothing. */
export async function pushOnTheWay(record: MachineRecord, w: World): Promise<void> {
  if (!hasAgent(record)) return
  const [told] = await pushToAll([record], w)
  if (told?.told !== 'not reached') return
  const text = `the list of revoked certificates did not get there (${told.error}): ${w.program} cert push ${record.Name} sends it again`
  w.say({ machine: record.Name, type: 'warn', text })
}

/** Throws NOT_RUNNING. `its` is the world as `worldFor` made it. */
export async function agentAddress(record: MachineRecord, its: World): Promise<EngineAddress> {
  const url = engineUrl(record, await inspectInstance(record, its))
  if (url === '') throw new MachineError('NOT_RUNNING', 'Host is not running')
  return { url, ...(await clientMaterial(its)), timeoutMs: AGENT_TIMEOUT_MS, signal: its.signal }
}
