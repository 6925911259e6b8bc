/** What a program gets to know of a machine: its state, as text and lists that the wire carries. */

import type { Instance } from '../../../drivers/driver.ts'
import { examine } from '../../certs/index.ts'
import { messageOf } from '../../errors.ts'
import { engineVersion } from '../../machine/connect.ts'
import { engineUrl, inspectInstance } from '../../machine/instance.ts'
import { loadRecord } from '../../machine/load.ts'
import type { MachineRecord } from '../../machine/record.ts'
import type { Json } from './crud.ts'
import { dueOf } from './ends.ts'
import { collect } from './files.ts'
import type { Place } from './place.ts'

/** Outputs beside the inputs, which a state repeats. */
export interface MachineOutputs extends Json {
  /** The provider's view: 'Running', 'Stopped' …; '' while it cannot be told. */
  state: string
  /** How far its create came. */
  phase: string
  address: string
  /** tcp://address:port, or '' while it does not run. */
  dockerHost: string
  engineVersion: string
  /** `user@address`, or '' where there is nothing to log in to. */
  sshHost: string
  sshPort: number
  sshHostKeys: string[]
  sshPrivateKey: string
  ca: string
  cert: string
  key: string
  /** Key of the CA the machine got for itself; '' where the CA came from elsewhere. */
  caKey: string
  /** What is not as it should be; the next update mends it. */
  drift: string[]
  /** ISO 8601: when the first of its certificates is to be replaced. */
  due: string
  /** All that managing it takes, as JSON. */
  files: string
}

/** Reads it together. `seen` is what its driver says now, if that was asked already. */
export async function outputsOf(place: Place, drift: string[], seen?: Instance): Promise<MachineOutputs> {
  const { name, w, own, driver } = place
  const record = await loadRecord(w.store, name, w.program)
  const phase = record.Machine?.Phase ?? 'ready'
  const instance: Instance = seen ?? (await inspectInstance(record, w).catch(() => ({ status: '' as const })))
  const file = async (file: string) => (await w.store.readFile(['machines', name, file])) ?? ''
  const [ca, cert, key, server] = await Promise.all(['ca.pem', 'cert.pem', 'key.pem', 'server.pem'].map(file))
  const address = instance.address ?? String(record.Driver.IPAddress ?? '')
  return {
    state: instance.status,
    phase,
    address,
    dockerHost: phase === 'ready' ? engineUrl(record, instance) : '',
    engineVersion: phase === 'ready' && driver.provisions ? await versionOf(place, instance) : '',
    sshHost: instance.ssh && address ? `${instance.ssh.user}@${address}` : '',
    sshPort: instance.ssh?.port ?? 0,
    sshHostKeys: [...(record.Machine?.HostKeys ?? [])],
    sshPrivateKey: await privateKeyOf(record, place),
    ca: ca ?? '',
    cert: cert ?? '',
    key: key ?? '',
    caKey: own ? ((await w.store.readFile(['certs', 'ca-key.pem'])) ?? '') : '',
    drift,
    due: firstDue([cert, server, own && !place.given ? ca : undefined]),
    files: JSON.stringify(await collect(w.store, name, own)),
  }
}

async function versionOf({ name, w }: Place, instance: Instance): Promise<string> {
  if (instance.status !== 'Running') return ''
  return await engineVersion(name, w).catch(error => {
    w.say({ machine: name, type: 'warn', text: messageOf(error) })
    return ''
  })
}

async function privateKeyOf(record: MachineRecord, { name, w }: Place): Promise<string> {
  const path = record.Driver.SSHKeyPath
  const folder = w.store.machineDir(name)
  if (typeof path !== 'string' || !path.startsWith(folder)) return ''
  return (await w.store.readFile(['machines', name, path.slice(folder.length + 1)]).catch(() => undefined)) ?? ''
}

function firstDue(pems: (string | undefined)[]): string {
  const dues = pems.flatMap(pem => (pem ? [dueOf(examine(pem)).getTime()] : []))
  return dues.length === 0 ? '' : new Date(Math.min(...dues)).toISOString()
}
