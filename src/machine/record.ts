/** config.json, version 3: Docker Machine's record, and what of it is ours (`Machine`). */
import { join } from 'node:path'

export const CONFIG_VERSION = 3

/** Driver-defined, after the fields every driver of Docker Machine has. */
export interface DriverState {
  IPAddress?: string
  MachineName?: string
  SSHUser?: string
  SSHPort?: number
  SSHKeyPath?: string
  StorePath?: string
  SwarmMaster?: boolean
  SwarmHost?: string
  SwarmDiscovery?: string
  [field: string]: unknown
}

export interface EngineOptions {
  ArbitraryFlags: string[]
  Dns: string[] | null
  GraphDir: string
  Env: string[]
  Ipv6: boolean
  InsecureRegistry: string[]
  Labels: string[]
  LogLevel: string
  StorageDriver: string
  SelinuxEnabled: boolean
  TlsVerify: boolean
  RegistryMirror: string[]
  InstallURL: string
}

export interface SwarmOptions {
  IsSwarm: boolean
  Address: string
  Discovery: string
  Agent: boolean
  Master: boolean
  Host: string
  Image: string
  Strategy: string
  Heartbeat: number
  Overcommit: number
  ArbitraryFlags: string[]
  ArbitraryJoinFlags: string[]
  Env: string[] | null
  IsExperimental: boolean
}

export interface AuthOptions {
  CertDir: string
  CaCertPath: string
  CaPrivateKeyPath: string
  CaCertRemotePath: string
  ServerCertPath: string
  ServerKeyPath: string
  ClientKeyPath: string
  ServerCertRemotePath: string
  ServerKeyRemotePath: string
  ClientCertPath: string
  ServerCertSANs: string[]
  StorePath: string
}

/** What Docker Machine and its readers do not know. */
export interface MachineExtras {
  /** How far create came; absent on records of Docker Machine, which count as ready. */
  Phase: 'creating' | 'provisioning' | 'ready'
  /** ISO 8601. */
  Created?: string
  /** Pinned SSH host keys: 'ssh-ed25519 AAAA…'. */
  HostKeys?: string[]
  /** Pinned keys of jump hosts that ~/.ssh/known_hosts did not know, by their name there: 'address' or '[address]:port'. */
  JumpHostKeys?: Record<string, string>
  EnginePort?: number
  /** Port at the machine's address that leads to EnginePort, where it is another. */
  ForwardedPort?: number
  /** What stands in front of the engine; absent: nothing. */
  EngineAgent?: 'off' | 'on'
  /** The host's id in the agent's configuration and in client certificates for it alone; 32 hexadecimal digits. */
  AgentId?: string
  /** 'own': the machine's CA and client files lie in certs/ of its own folder, because they are not this store's. */
  Authority?: 'own'
  /** 'client': nothing here can manage the host (a bundle made with --client-only); the engine is only used. */
  Access?: 'client'
  /** Host name that provisioning gives the host, where it is not the machine's name: imported under another one. */
  HostName?: string
  /** Value of the engine's label `provider` where it is not the driver's name: of a host another copy of the tool made. */
  Provider?: string
  /** A change of the driver's settings that is under way, or was cut off: the same command again goes on with it. */
  Resize?: {
    /** It is to run afterwards. */
    Start: boolean
    /** What was asked for, by the keys of the driver's flags. */
    Settings: Record<string, unknown>
  }
  /** Labels set by `update-labels`; the engine's own stand in EngineOptions. */
  Labels?: Record<string, string>
  Engine?: {
    InstallUrl?: string
    Version?: string
    Mirror?: string
    /** The mirror hosts of this driver's place reach, where nobody named one. */
    PlaceMirror?: string
    LiveRestore?: boolean
    LogRotation?: boolean
    /** What a person said about the agent; absent: nobody did, and it is there where it can run. */
    Agent?: 'off' | 'on'
    /** npm registry the host may fetch the agent's runtime from. */
    AgentRegistry?: string
    /** The registry hosts of this driver's place reach, where nobody named one. */
    AgentMirror?: string
    /** Folders of the host that operators may mount. */
    AgentOperatorMounts?: string[]
  }
}

export interface MachineRecord {
  ConfigVersion: number
  Driver: DriverState
  DriverName: string
  HostOptions: {
    Driver: string
    Memory: number
    Disk: number
    /** null where Rancher's custom install script was used. */
    EngineOptions: EngineOptions | null
    SwarmOptions: SwarmOptions | null
    AuthOptions: AuthOptions | null
  }
  Name: string
  Machine?: MachineExtras
}

export interface NewRecord {
  name: string
  driverName: string
  storePath: string
  engine: Partial<EngineOptions>
  swarm: Partial<SwarmOptions>
  tlsSans: string[]
  machine: MachineExtras
}

/** A record with every field docker-machine writes, in its order. */
export function newRecord(o: NewRecord): MachineRecord {
  return {
    ConfigVersion: CONFIG_VERSION,
    Driver: {
      IPAddress: '',
      MachineName: o.name,
      SSHUser: '',
      SSHPort: 0,
      SSHKeyPath: '',
      StorePath: o.storePath,
      SwarmMaster: false,
      SwarmHost: '',
      SwarmDiscovery: '',
    },
    DriverName: o.driverName,
    HostOptions: {
      Driver: '',
      Memory: 0,
      Disk: 0,
      EngineOptions: { ...structuredClone(NO_ENGINE_OPTIONS), ...o.engine },
      SwarmOptions: { ...structuredClone(NO_SWARM_OPTIONS), ...o.swarm },
      AuthOptions: authOptions(o.storePath, o.name, o.tlsSans),
    },
    Name: o.name,
    Machine: o.machine,
  }
}

export const NO_ENGINE_OPTIONS: EngineOptions = {
  ArbitraryFlags: [],
  Dns: null,
  GraphDir: '',
  Env: [],
  Ipv6: false,
  InsecureRegistry: [],
  Labels: [],
  LogLevel: '',
  StorageDriver: '',
  SelinuxEnabled: false,
  TlsVerify: true,
  RegistryMirror: [],
  InstallURL: '',
}

export const NO_SWARM_OPTIONS: SwarmOptions = {
  IsSwarm: false,
  Address: '',
  Discovery: '',
  Agent: false,
  Master: false,
  Host: 'tcp://0.0.0.0:3376',
  Image: 'swarm:latest',
  Strategy: 'spread',
  Heartbeat: 0,
  Overcommit: 0,
  ArbitraryFlags: [],
  ArbitraryJoinFlags: [],
  Env: null,
  IsExperimental: false,
}

/** Where everything lies, from where the store really is. */
export function authOptions(
  storePath: string,
  name: string,
  sans: string[],
  authority?: MachineExtras['Authority'],
): AuthOptions {
  const own = join(storePath, 'machines', name)
  const certs = join(authority === 'own' ? own : storePath, 'certs')
  return {
    CertDir: certs,
    CaCertPath: join(certs, 'ca.pem'),
    CaPrivateKeyPath: join(certs, 'ca-key.pem'),
    CaCertRemotePath: '',
    ServerCertPath: join(own, 'server.pem'),
    ServerKeyPath: join(own, 'server-key.pem'),
    ClientKeyPath: join(certs, 'key.pem'),
    ServerCertRemotePath: '',
    ServerKeyRemotePath: '',
    ClientCertPath: join(certs, 'cert.pem'),
    ServerCertSANs: sans,
    StorePath: own,
  }
}

/** The text docker-machine writes: four spaces, no newline at the end. */
export function renderRecord(record: MachineRecord): string {
  return JSON.stringify(record, null, 4)
}
