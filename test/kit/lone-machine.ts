/** A machine of a store that nobody made: its record and certificates, for an engine and a sshd of the test's own. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeyAndCert } from '../../src/certs/index.ts'
import { newRecord, renderRecord } from '../../src/machine/record.ts'

export interface LoneMachine {
  name?: string
  address?: string
  /** Something has to accept connections there: the driver takes the host for stopped otherwise. */
  sshPort: number
  enginePort: number
  ca: KeyAndCert
  client: KeyAndCert
  /** Accepted SSH host keys. */
  hostKeys?: string[]
  user?: string
  /** Text of the private key file; none by default. */
  sshKey?: string
  serverCertPem?: string
  /** 'off' by default. */
  agent?: 'on' | 'off'
}

/** Writes a ready `generic` machine (`dev` by default) and the store's certificates. */
export async function writeMachine(store: string, o: LoneMachine): Promise<void> {
  const name = o.name ?? 'dev'
  const folder = join(store, 'machines', name)
  const record = newRecord({
    name,
    driverName: 'generic',
    storePath: store,
    engine: {},
    swarm: {},
    tlsSans: [],
    machine: { Phase: 'ready', EnginePort: o.enginePort, EngineAgent: o.agent ?? 'off', HostKeys: o.hostKeys ?? [] },
  })
  Object.assign(record.Driver, {
    IPAddress: o.address ?? '127.0.0.1',
    SSHUser: o.user ?? 'root',
    SSHPort: o.sshPort,
    SSHKeyPath: o.sshKey === undefined ? '' : join(folder, 'id_rsa'),
    EnginePort: o.enginePort,
    SSHKey: '',
  })
  for (const path of [folder, join(store, 'certs')]) await mkdir(path, { recursive: true, mode: 0o700 })
  const put = (path: string, text: string, mode = 0o600) => writeFile(join(store, path), text, { mode })
  const own = (file: string) => join('machines', name, file)
  await put(own('config.json'), renderRecord(record))
  if (o.sshKey !== undefined) await put(own('id_rsa'), o.sshKey)
  if (o.serverCertPem !== undefined) await put(own('server.pem'), o.serverCertPem, 0o644)
  await put('certs/ca-key.pem', o.ca.keyPem)
  for (const folder of ['certs', join('machines', name)]) {
    await put(join(folder, 'ca.pem'), o.ca.certPem, 0o644)
    await put(join(folder, 'cert.pem'), o.client.certPem, 0o644)
    await put(join(folder, 'key.pem'), o.client.keyPem)
  }
}
