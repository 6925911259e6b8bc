/** What docker-machine v0.16.2 leaves behind, made by hand from the facts about it: a store, and an engine set up by it. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { KeyAndCert } from '../../src/certs/index.ts'
import type { TestHost } from '../hosts/host.ts'
import { dockerMachineCa, dockerMachineClient, dockerMachineServer } from './openssl.ts'

export interface OldStore {
  readonly path: string
  readonly ca: KeyAndCert
  readonly client: KeyAndCert
}

/** A store with its RSA CA and client certificate, and no machine. */
export function makeOldStore(path: string): OldStore {
  for (const folder of ['certs', 'cache', 'machines']) mkdirSync(join(path, folder), { recursive: true, mode: 0o700 })
  const ca = dockerMachineCa()
  const client = dockerMachineClient(ca)
  write(join(path, 'certs'), { 'ca.pem': ca.certPem, 'ca-key.pem': ca.keyPem })
  write(join(path, 'certs'), { 'cert.pem': client.certPem, 'key.pem': client.keyPem })
  return { path, ca, client }
}

export interface OldMachine {
  readonly name: string
  readonly address: string
  readonly sshUser: string
  readonly sshPort?: number
  readonly keyPath: string
  readonly enginePort?: number
  readonly labels?: readonly string[]
}

/** A machine of driver generic in it; returns the server certificate that docker-machine put on its host. */
export function addOldMachine(store: OldStore, machine: OldMachine): KeyAndCert {
  const dir = join(store.path, 'machines', machine.name)
  mkdirSync(dir, { mode: 0o700 })
  const key = join(dir, basename(machine.keyPath))
  copyFileSync(machine.keyPath, key)
  chmodSync(key, 0o600)
  const server = dockerMachineServer(store.ca, machine.name, machine.address)
  write(dir, { 'ca.pem': store.ca.certPem, 'cert.pem': store.client.certPem, 'key.pem': store.client.keyPem })
  write(dir, { 'server.pem': server.certPem, 'server-key.pem': server.keyPem })
  write(dir, { 'config.json': oldRecord(store, machine, key) })
  return server
}

function oldRecord(store: OldStore, machine: OldMachine, key: string): string {
  const template = join(import.meta.dirname, '../unit/machine/fixtures/v3-generic.record')
  const moved = readFileSync(template, 'utf8')
    .replaceAll('/home/a/.docker/machine/machines/gen', join(store.path, 'machines', machine.name))
    .replaceAll('/home/a/.docker/machine', store.path)
  const record = JSON.parse(moved)
  Object.assign(record, { Name: machine.name })
  Object.assign(record.Driver, {
    IPAddress: machine.address,
    MachineName: machine.name,
    SSHUser: machine.sshUser,
    SSHPort: machine.sshPort ?? 22,
    SSHKeyPath: key,
    EnginePort: machine.enginePort ?? 2376,
    SSHKey: machine.keyPath,
  })
  Object.assign(record.HostOptions.EngineOptions, {
    ArbitraryFlags: [],
    Env: [],
    InsecureRegistry: [],
    Labels: [...(machine.labels ?? [])],
    RegistryMirror: [],
  })
  record.HostOptions.AuthOptions.ServerCertSANs = []
  return JSON.stringify(record, null, 4)
}

/** Sets up the engine of a host with systemd as docker-machine did: three PEM files anybody may read, and its drop-in. */
export async function setUpAsDockerMachine(
  host: TestHost,
  store: OldStore,
  server: KeyAndCert,
  labels: readonly string[],
) {
  const files = { 'ca.pem': store.ca.certPem, 'server.pem': server.certPem, 'server-key.pem': server.keyPem }
  const put = Object.entries(files).map(([name, pem]) => `cat > /etc/docker/${name} <<'PEM'\n${pem}PEM`)
  const dockerd = await host.exec('command -v dockerd')
  const start = [
    `${dockerd} -H tcp://0.0.0.0:2376 -H unix:///var/run/docker.sock --storage-driver overlay2`,
    '--tlsverify --tlscacert /etc/docker/ca.pem --tlscert /etc/docker/server.pem --tlskey /etc/docker/server-key.pem',
    [...labels, 'provider=generic'].map(label => `--label ${label}`).join(' '),
  ].join(' ')
  const dropIn = '/etc/systemd/system/docker.service.d/10-machine.conf'
  await host.exec(
    [
      'set -e; mkdir -p /etc/docker',
      ...put,
      'chmod 644 /etc/docker/*.pem',
      `mkdir -p ${dropIn.replace(/\/[^/]*$/, '')}`,
      `cat > ${dropIn} <<'UNIT'\n[Service]\nExecStart=\nExecStart=${start} \nEnvironment=\nUNIT`,
      'systemctl daemon-reload; systemctl restart docker',
    ].join('\n'),
  )
}

function write(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const secret = name.includes('key') || name === 'config.json'
    writeFileSync(join(dir, name), text, { mode: secret ? 0o600 : 0o644 })
  }
}
