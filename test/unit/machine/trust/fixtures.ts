/** A store with a CA, and machines in it whose agents are stand-ins. */
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { drivers } from '../../../../drivers/index.ts'
import { issueServerCert, type KeyAndCert } from '../../../../src/certs/index.ts'
import type { MachineEvent } from '../../../../src/events.ts'
import { copyClientMaterial, loadOrCreateCa } from '../../../../src/machine/authority.ts'
import type { World } from '../../../../src/machine/world.ts'
import { type AgentStandIn, startAgentStandIn } from '../../../kit/agent-stand-in.ts'
import { writeGeneric } from '../../../kit/store-with.ts'
import { makeTempDir } from '../../../kit/temp-dir.ts'
import { worldOf } from '../world.ts'

export interface TrustStore extends AsyncDisposable {
  readonly path: string
  readonly w: World
  readonly events: MachineEvent[]
  /** Text of a file of the store. */
  read(...parts: string[]): string
  /** A machine with an agent; its server certificate lasts `days`. */
  agent(name: string, id: string, days?: number): Promise<AgentStandIn>
  /** A machine with dockerd's own TLS; nothing answers there. */
  classic(name: string): Promise<void>
}

export const ID1 = '1'.repeat(32)
export const ID2 = '2'.repeat(32)

export async function startTrustStore(): Promise<TrustStore> {
  const dir = makeTempDir()
  const events: MachineEvent[] = []
  const w: World = { ...worldOf(dir.path), drivers, say: event => events.push(event) }
  await loadOrCreateCa({ ...w, now: () => new Date(Date.now() - 2 * 86_400_000) })
  const started: AgentStandIn[] = []
  const read = (...parts: string[]) => readFileSync(join(dir.path, ...parts), 'utf8')
  // Driver generic takes a host for running whose SSH port lets in.
  const at = (port: number) => ({ address: '127.0.0.1', sshPort: port, enginePort: port })
  return {
    path: dir.path,
    w,
    events,
    read,
    async agent(name, id, days = 300) {
      const ca = { certPem: read('certs', 'ca.pem'), keyPem: read('certs', 'ca-key.pem') }
      const server = await serverFor(ca, name, days)
      const agent = await startAgentStandIn({ caPem: ca.certPem, server, id })
      started.push(agent)
      await writeGeneric(dir.path, name, at(agent.port), {
        change: record => Object.assign(record.Machine ?? {}, { EngineAgent: 'on', AgentId: id }),
      })
      await w.store.writeFile(['machines', name, 'server.pem'], server.certPem, 0o644)
      await copyClientMaterial(w, name)
      return agent
    },
    async classic(name) {
      await writeGeneric(dir.path, name, at(1))
      await copyClientMaterial(w, name)
    },
    async [Symbol.asyncDispose]() {
      for (const agent of started) await agent[Symbol.asyncDispose]()
      dir[Symbol.dispose]()
    },
  }
}

async function serverFor(ca: KeyAndCert, machine: string, days: number): Promise<KeyAndCert> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKeyPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const certPem = await issueServerCert({
    ca,
    owner: 'someone',
    machine,
    names: ['127.0.0.1'],
    publicKeyPem,
    now: new Date(),
    days,
  })
  return { certPem, keyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}
