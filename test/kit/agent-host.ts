/** A machine's agent, seen from its host and from its port. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KeyAndCert } from '../../src/certs/index.ts'
import type { Dev } from './dev-machine.ts'
import { type Dialled, dial } from './dial.ts'

/** One line of the audit. */
export interface Audited {
  readonly client: { readonly cn: string; readonly serial: string; readonly address: string }
  readonly role: string | null
  readonly method: string
  readonly path: string
  readonly status: number
  readonly in: number
  readonly out: number
  readonly note?: string
}

export interface AgentHost {
  /** 2376, or what --engine-port said. */
  readonly port: number
  /** What the machine's own client has. */
  readonly client: KeyAndCert
  readonly caPem: string
  /** Folder of ca.pem, cert.pem and key.pem. */
  readonly folder: string
  pid(): Promise<number>
  /** How often systemd had to start it again. */
  restarts(): Promise<number>
  /** Its resident memory, in MB. */
  rssMb(): Promise<number>
  /** Connections to the engine's socket; on a host without a docker client all are the agent's. */
  engineConnections(): Promise<number>
  /** Connections to its port, as the host's kernel knows them. */
  clientConnections(): Promise<number>
  /** All lines of its audit, those it could not parse included: JSON.parse throws. */
  audit(): Promise<Audited[]>
  /** A raw connection, with the machine's own client certificate unless told otherwise. */
  dial(client?: KeyAndCert): Promise<Dialled>
}

export async function agentHost(dev: Dev): Promise<AgentHost> {
  const { DOCKER_HOST = '', DOCKER_CERT_PATH: folder = '' } = await dev.home.dockerEnv('dev')
  const port = Number(new URL(DOCKER_HOST).port)
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const client = { certPem: read('cert.pem'), keyPem: read('key.pem') }
  const caPem = read('ca.pem')
  const shown = async (what: string) => Number(await dev.ssh(`systemctl show -P ${what} machine-agent`))
  return {
    port,
    client,
    caPem,
    folder,
    pid: () => shown('MainPID'),
    restarts: () => shown('NRestarts'),
    rssMb: async () =>
      Number(await dev.ssh(`awk '/VmRSS/ { print $2 }' /proc/$(systemctl show -P MainPID machine-agent)/status`)) /
      1024,
    // The engine's end may stay for as long as a process says nothing to it; its other end is then number 0.
    engineConnections: async () =>
      Number(await dev.ssh(`ss -xH state established | awk '/docker.sock/ && $NF != 0' | wc -l`)),
    clientConnections: async () =>
      Number(await dev.ssh(`ss -tnH state connected exclude time-wait sport = :${port} | wc -l`)),
    audit: async () => {
      const lines = await dev.ssh(
        `journalctl _SYSTEMD_UNIT=machine-agent.service -o cat --no-pager -q | grep '^{' || :`,
      )
      return lines.split('\n').map(line => JSON.parse(line) as Audited)
    },
    dial: (who = client) => dial({ host: dev.address, port, ca: caPem, client: who }),
  }
}
