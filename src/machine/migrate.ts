/**
 * Records of Docker Machine before version 3. Everything that is a place is derived from where the store really is: its
 * own migrations left relative and wrong paths behind (CertDir `certs`, StorePath `.` or the store's root).
 */
import { DEFAULT_INSTALL_URL } from '../../provisioning/mirrors.ts'
import { authOptions, CONFIG_VERSION, type MachineRecord, NO_ENGINE_OPTIONS, NO_SWARM_OPTIONS } from './record.ts'

type Json = Record<string, unknown>

export function migrate(raw: Json, version: number, at: { storePath: string; name: string }): MachineRecord {
  const { HostOptions, Driver, DriverName, ConfigVersion: _, Name: __, RawDriver: ___, ...rest } = raw
  const options = object(HostOptions)
  const driver = { ...object(Driver), StorePath: at.storePath }
  const swarm = version === 0 ? flatSwarm(raw) : object(options.SwarmOptions)
  const auth = object(options.AuthOptions)
  return {
    ConfigVersion: CONFIG_VERSION,
    Driver: driver,
    DriverName: String(DriverName ?? ''),
    HostOptions: {
      Driver: '',
      Memory: 0,
      Disk: 0,
      ...options,
      EngineOptions: { ...NO_ENGINE_OPTIONS, InstallURL: DEFAULT_INSTALL_URL, ...object(options.EngineOptions) },
      SwarmOptions: { ...NO_SWARM_OPTIONS, ...swarm },
      AuthOptions: authOptions(at.storePath, at.name, Array.isArray(auth.ServerCertSANs) ? auth.ServerCertSANs : []),
    },
    Name: at.name,
    ...withoutFlat(rest),
  } as MachineRecord
}

/** Version 0 kept swarm's settings beside everything else. */
function flatSwarm(raw: Json): Json {
  const host = raw.SwarmHost
  return {
    ...object(raw.SwarmOptions),
    ...(typeof host === 'string' && host !== '' ? { Host: host } : {}),
    ...(raw.SwarmMaster === true ? { Master: true, IsSwarm: true } : {}),
    ...(typeof raw.SwarmDiscovery === 'string' ? { Discovery: raw.SwarmDiscovery } : {}),
  }
}

/** Fields of versions 0 to 2 that moved under HostOptions or are derived now. */
const MOVED = new Set([
  'StorePath',
  'CaCertPath',
  'PrivateKeyPath',
  'ServerCertPath',
  'ServerKeyPath',
  'ClientCertPath',
  'ClientKeyPath',
  'SwarmHost',
  'SwarmMaster',
  'SwarmDiscovery',
  'SwarmOptions',
  'EngineOptions',
  'AuthOptions',
])

function withoutFlat(rest: Json): Json {
  return Object.fromEntries(Object.entries(rest).filter(([field]) => !MOVED.has(field)))
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}
