/** What provisioning would do to a host, without doing it: one round trip that only reads. */
import type { Host } from '../src/ssh/host.ts'
import { settleAgent } from './agent/settle.ts'
import type { Certificates, EngineAsk } from './ask.ts'
import { checkAsk } from './ask-check.ts'
import { engineFiles } from './engine-files.ts'
import { settingsOf } from './engine-options.ts'
import { type Facts, readFacts } from './facts.ts'
import { liveRestoreOn } from './live-restore.ts'
import { plan } from './plan.ts'

export interface Preview {
  /** Ids of the steps that do not hold, in order; empty if provisioning would change nothing. */
  readonly steps: readonly string[]
  /** The engine would be restarted; a change that a reload puts into force is none. */
  readonly restart: boolean
  /** Containers of the running engine outlive its restart: it has live-restore on, and goes on having it. */
  readonly liveRestore: boolean
  /** Containers on the host, stopped ones too. */
  readonly containers: number
}

/** Throws what the plan throws: NOT_ROOT, ENGINE_TOO_OLD, OS_UNKNOWN …, and UsageError for an impossible wish. */
export async function preview(
  session: Host,
  ask: EngineAsk,
  certificates: Certificates,
  signal: AbortSignal,
): Promise<Preview> {
  checkAsk(ask)
  return previewOf(await readFacts(session, ask.port, signal), ask, certificates)
}

/** The same from facts that are known already; pure. */
export function previewOf(facts: Facts, wish: EngineAsk, certificates: Certificates): Preview {
  const { ask } = settleAgent(facts, wish)
  const steps = plan(facts, ask, certificates)
    .filter(step => !step.holds(facts))
    .map(step => step.id)
  const settings = steps.includes('engine-settings')
  const restart =
    steps.includes('server-certificate') || (settings && !(engineFiles(facts, ask).reloadable && facts.service.active))
  const off = ask.liveRestore === false || settingsOf(ask).byKey.get('live-restore')?.ours === false
  return { steps, restart, liveRestore: liveRestoreOn(facts) && !off, containers: facts.containers }
}
