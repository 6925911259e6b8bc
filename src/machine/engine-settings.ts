/** What a person may say about the engine, and how it lies in the record: Docker Machine's fields where it had them. */
import type { EngineAsk } from '../../provisioning/ask.ts'
import { DEFAULT_INSTALL_URL } from '../../provisioning/mirrors.ts'
import type { EngineOptions, MachineRecord } from './record.ts'

/** Settings of the engine; every member is optional and absent means "as the engine has it". */
export interface EngineSettings {
  /** URL of an install script, or 'none'; absent: Docker's repository, else the distribution's package. */
  installUrl?: string
  /** Engine version to install, whole or a prefix: '28.5' or '28.5.2'. */
  version?: string
  /** Mirror of Docker's package repository: a name (`aliyun`, `azure-china`) or a URL. */
  mirror?: string
  /** Mirror that hosts of the driver's place reach; counts where nobody named one, and can be done without. */
  placeMirror?: string
  /** dockerd options without their dashes: 'dns=8.8.8.8'. */
  opts?: string[]
  labels?: string[]
  /** Environment of the engine, K=V. */
  env?: string[]
  insecureRegistries?: string[]
  registryMirrors?: string[]
  storageDriver?: string
  /** Containers outlive a restart of the engine; on for engines we install, not with swarm. */
  liveRestore?: boolean
  /** Logs of containers are rotated (10 MB, 3 files); on for engines we install. */
  logRotation?: boolean
  /** The agent in front of the engine: roles, revocation, audit. Absent: there where it can run. */
  agent?: 'on' | 'off'
  /** npm registry the host may fetch the agent's runtime from; absent: as npm is configured here. */
  agentRegistry?: string
  /** npm registry that hosts of the driver's place reach; counts where nobody named one. */
  agentMirror?: string
  /** Folders of the host that clients with the role operator may mount, with what is below them. */
  agentOperatorMounts?: string[]
}

/** The part docker-machine's schema has fields for. */
export function toEngineOptions(s: EngineSettings): Partial<EngineOptions> {
  return {
    ArbitraryFlags: s.opts ?? [],
    Env: s.env ?? [],
    InsecureRegistry: s.insecureRegistries ?? [],
    Labels: s.labels ?? [],
    RegistryMirror: s.registryMirrors ?? [],
    StorageDriver: s.storageDriver ?? '',
    InstallURL: s.installUrl ?? DEFAULT_INSTALL_URL,
  }
}

/** The part it has none for; it lies under `Machine.Engine`. */
export function toExtras(s: EngineSettings): NonNullable<NonNullable<MachineRecord['Machine']>['Engine']> {
  return {
    ...(s.installUrl === undefined ? {} : { InstallUrl: s.installUrl }),
    ...(s.version === undefined ? {} : { Version: s.version }),
    ...(s.mirror === undefined ? {} : { Mirror: s.mirror }),
    ...(s.placeMirror === undefined ? {} : { PlaceMirror: s.placeMirror }),
    ...(s.liveRestore === undefined ? {} : { LiveRestore: s.liveRestore }),
    ...(s.logRotation === undefined ? {} : { LogRotation: s.logRotation }),
    ...(s.agent === undefined ? {} : { Agent: s.agent }),
    ...(s.agentRegistry === undefined ? {} : { AgentRegistry: s.agentRegistry }),
    ...(s.agentMirror === undefined ? {} : { AgentMirror: s.agentMirror }),
    ...(s.agentOperatorMounts?.length ? { AgentOperatorMounts: s.agentOperatorMounts } : {}),
  }
}

/** What provisioning is asked to bring about on a machine, from its record alone; the agent joins it in engine-wish.ts. */
export function engineAsk(record: MachineRecord, port: number): EngineAsk {
  const o: Partial<EngineOptions> = record.HostOptions.EngineOptions ?? {}
  const x = record.Machine?.Engine ?? {}
  // Docker Machine always wrote its default URL; that is not a wish to pipe it into a shell.
  const installUrl = x.InstallUrl ?? (o.InstallURL === DEFAULT_INSTALL_URL ? undefined : o.InstallURL || undefined)
  return {
    opts: o.ArbitraryFlags ?? [],
    labels: o.Labels ?? [],
    env: o.Env ?? [],
    insecureRegistries: o.InsecureRegistry ?? [],
    registryMirrors: o.RegistryMirror ?? [],
    port,
    providerLabel: record.Machine?.Provider ?? record.DriverName,
    ...(installUrl === undefined ? {} : { installUrl }),
    ...(o.StorageDriver ? { storageDriver: o.StorageDriver } : {}),
    ...(x.Version === undefined ? {} : { version: x.Version }),
    ...(x.Mirror === undefined ? {} : { mirror: x.Mirror }),
    ...(x.PlaceMirror === undefined ? {} : { placeMirror: x.PlaceMirror }),
    ...(x.LiveRestore === undefined ? {} : { liveRestore: x.LiveRestore }),
    ...(x.LogRotation === undefined ? {} : { logRotation: x.LogRotation }),
  }
}
