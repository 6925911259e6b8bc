/** What records tell of classic swarms, which Docker Machine set up: who is whose master, and where it is reached. */
import type { MachineRecord } from './record.ts'

/** Discovery address → name of the master that shares it. */
export function swarmMasters(records: readonly MachineRecord[]): ReadonlyMap<string, string> {
  const masters = new Map<string, string>()
  for (const { Name, HostOptions } of records)
    if (HostOptions.SwarmOptions?.Master) masters.set(HostOptions.SwarmOptions.Discovery, Name)
  return masters
}

/** Name of the machine's master, its own if it is one; '' where it is in no swarm. */
export function masterOf(record: MachineRecord, masters: ReadonlyMap<string, string>): string {
  const swarm = record.HostOptions.SwarmOptions
  if (swarm?.Master) return record.Name
  return swarm?.Discovery ? (masters.get(swarm.Discovery) ?? '') : ''
}

/** Where the swarm's master answers, given its engine's URL; undefined for a machine that is none. */
export function swarmUrl(record: MachineRecord, engineUrl: string): string | undefined {
  const swarm = record.HostOptions.SwarmOptions
  const port = /:(\d+)$/.exec(swarm?.Host ?? '')?.[1]
  if (!swarm?.Master || port === undefined || !URL.canParse(engineUrl)) return undefined
  return `tcp://${new URL(engineUrl).hostname}:${port}`
}
