/** Other versions of the engine agent, and a provisioning that brings one along: what no command does. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { drivers } from '../../drivers/index.ts'
import type { AgentProgram } from '../../provisioning/agent/ask.ts'
import { provision } from '../../provisioning/provision.ts'
import { loadOrCreateCa } from '../../src/machine/authority.ts'
import { certificates } from '../../src/machine/bring-up.ts'
import { engineAsk } from '../../src/machine/engine-settings.ts'
import { enginePort, inspectInstance } from '../../src/machine/instance.ts'
import { loadRecord } from '../../src/machine/load.ts'
import { runtimeSource } from '../../src/machine/runtime-source.ts'
import { openSession } from '../../src/machine/session.ts'
import { openWorld } from '../../src/open-world.ts'
import type { Home } from '../kit/cli.ts'

/** The built agent as it is shipped. */
export const BUILT = join(import.meta.dirname, '../../dist/agent.cjs')

export function programOf(text: string): AgentProgram {
  const bytes = Buffer.from(text)
  return { text: bytes, digest: createHash('sha256').update(bytes).digest('hex').slice(0, 16) }
}

/** The same agent under another digest. */
export function otherVersion(note: string): AgentProgram {
  return programOf(`${readFileSync(BUILT, 'utf8')}\n// ${note}\n`)
}

/** Provisions a machine of the home's store with that program; returns the ids of the steps that were applied. */
export async function provisionWith(home: Home, name: string, program: AgentProgram): Promise<string[]> {
  const { signal } = new AbortController()
  const own = { env: {}, platform: process.platform, home: home.path, program: 'machine', tlsPaths: {} }
  const w = openWorld({ storePath: home.store, drivers, ...own, say: () => {}, signal })
  const record = await loadRecord(w.store, name)
  const instance = await inspectInstance(record, w)
  await using host = await openSession(record, instance, w)
  const { AgentId: id = '', Engine } = record.Machine ?? {}
  const agent = {
    id,
    asked: true,
    program,
    operatorMounts: Engine?.AgentOperatorMounts ?? [],
    source: runtimeSource(w, instance.address ?? ''),
  }
  const ca = await loadOrCreateCa(w)
  const ctx = { machine: name, say: () => {}, signal: w.signal, now: () => new Date(), point: () => {} }
  const wish = { ...engineAsk(record, enginePort(record)), agent }
  const certs = certificates(record, instance.address ?? '', ca, w)
  return (await provision(host, wish, certs, ctx)).changed
}
