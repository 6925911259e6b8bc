/** `/_machine/health`: answers within three seconds, whatever hangs. */
import { type AgentConfig, type Drift, type Health, HOST } from '../protocol.ts'
import { readDisk } from './disk.ts'
import { readDrift } from './drift.ts'
import { askEngine } from './engine.ts'
import { isFresh, problemsOf } from './problems.ts'
import { shared } from './shared.ts'

/** What may hang; each is looked at by one asker for all, and kept for a second. */
export interface Sources {
  engine(): Promise<Health['engine']>
  disk(): Promise<Health['disk']>
  drift(): Promise<Drift | undefined>
}

/** Made once. `driftPath` is for tests. */
export function openSources(config: Pick<AgentConfig, 'socket' | 'dataRoot'>, driftPath: string = HOST.drift): Sources {
  return {
    engine: shared(() => askEngine(config.socket), { answers: false, error: 'it did not answer in time' }),
    disk: shared(() => readDisk(config.dataRoot), undefined),
    drift: shared(() => readDrift(driftPath), undefined),
  }
}

export interface HealthDeps {
  readonly config: Pick<AgentConfig, 'id'>
  readonly sources: Sources
  readonly version: string
  readonly digest: string
  readonly started: Date
  readonly you: Health['you']
  /** Dates are ISO 8601. */
  readonly certificate: Health['certificate'] & { readonly notBefore: string }
  readonly cas: Health['cas']
  readonly revocation: Health['revocation']
  now(): Date
}

export async function readHealth(deps: HealthDeps): Promise<Health> {
  const { config, sources, version, digest, started, you, certificate, cas, revocation } = deps
  const [engine, disk, drift] = await Promise.all([sources.engine(), sources.disk(), sources.drift()])
  const { serial, notAfter, notBefore } = certificate
  const health = {
    agent: { version, digest, node: process.versions.node, started: started.toISOString() },
    id: config.id,
    you,
    engine,
    ...(disk ? { disk } : {}),
    certificate: { serial, notAfter },
    cas,
    revocation,
    clock: deps.now().toISOString(),
  }
  const problems = problemsOf({ health, drift, notBefore })
  return { ...health, ...(drift && isFresh(drift, health.clock) ? { drift } : {}), problems }
}
