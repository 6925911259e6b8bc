/** A store with machines in it that no create made: generic hosts as records alone, and an engine that answers as one of them. */
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type MachineRecord, newRecord, renderRecord } from '../../src/machine/record.ts'
import { engine, type Identities, type Listening, listen } from '../unit/engine/servers.ts'

export interface GenericMachine {
  readonly address: string
  readonly sshPort: number
  readonly enginePort: number
}

/** What a record has beyond the least; certificates for the machine's folder and the store. */
export interface Beyond {
  change?: (record: MachineRecord) => void
  its?: Identities
}

/** Writes the record of a ready `generic` machine. */
export async function writeGeneric(
  store: string,
  name: string,
  at: GenericMachine,
  beyond: Beyond = {},
): Promise<void> {
  const { its, change } = beyond
  const record = newRecord({
    name,
    driverName: 'generic',
    storePath: store,
    engine: {},
    swarm: {},
    tlsSans: [],
    machine: { Phase: 'ready', EnginePort: at.enginePort },
  })
  Object.assign(record.Driver, {
    IPAddress: at.address,
    SSHUser: 'root',
    SSHPort: at.sshPort,
    EnginePort: at.enginePort,
  })
  change?.(record)
  const folder = join(store, 'machines', name)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(join(folder, 'config.json'), renderRecord(record), { mode: 0o600 })
  if (!its) return
  await mkdir(join(store, 'certs'), { recursive: true, mode: 0o700 })
  for (const [file, text] of [
    ['ca.pem', its.ca.certPem],
    ['cert.pem', its.client.certPem],
    ['key.pem', its.client.keyPem],
  ] as const)
    for (const place of [folder, join(store, 'certs')]) await writeFile(join(place, file), text, { mode: 0o600 })
  await writeFile(join(folder, 'server.pem'), its.server.certPem)
}

export interface FakeHost extends AsyncDisposable, GenericMachine {
  readonly url: string
}

/** Something that accepts SSH connections, and an engine of this version behind mutual TLS. */
export async function startFakeHost(its: Identities, version = '28.5.2'): Promise<FakeHost> {
  const sshd: Listening = await listen(createServer(socket => socket.on('error', () => {})))
  const dockerd = await engine(its, (request, answer) =>
    answer.end(
      request.url === '/_ping' ? 'OK' : JSON.stringify({ Version: version, ApiVersion: '1.51', MinAPIVersion: '1.24' }),
    ),
  )
  return {
    address: '127.0.0.1',
    sshPort: sshd.port,
    enginePort: dockerd.port,
    url: dockerd.url,
    async [Symbol.asyncDispose]() {
      await dockerd[Symbol.asyncDispose]()
      await sshd[Symbol.asyncDispose]()
    },
  }
}
