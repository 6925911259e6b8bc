/** A machine of the store that is nothing but a sshd: its record, as docker-machine or as this program writes it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newRecord, renderRecord } from '../../src/machine/record.ts'

export interface SshMachine {
  readonly address: string
  readonly port: number
  readonly user: string
  /** '' : agent and the user's own keys. */
  readonly keyPath: string
  /** Pinned host keys; absent: a record of docker-machine's own, which has none. */
  readonly hostKeys?: readonly string[]
  readonly alias?: string
}

export function writeSshMachine(store: string, name: string, at: SshMachine): void {
  const dir = join(store, 'machines', name)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const none = { engine: {}, swarm: {}, tlsSans: [] }
  const machine = { Phase: 'ready' as const, HostKeys: [...(at.hostKeys ?? [])] }
  const { Machine, ...record } = newRecord({ name, driverName: 'generic', storePath: store, ...none, machine })
  Object.assign(record.Driver, {
    IPAddress: at.address,
    SSHUser: at.user,
    SSHPort: at.port,
    SSHKeyPath: at.keyPath,
    EnginePort: 2376,
    SSHKey: at.keyPath,
    ...(at.alias ? { SSHAlias: at.alias } : {}),
  })
  const text = renderRecord({ ...record, ...(at.hostKeys ? { Machine } : {}) })
  writeFileSync(join(dir, 'config.json'), text, { mode: 0o600 })
}
