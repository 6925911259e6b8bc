/**
 * Records of Docker Machine before version 3. Only names and nesting change here; every place is derived afterwards from
 * where the store really is (rebase.ts), because Docker Machine's own migrations left relative and wrong paths behind.
 */
import { DEFAULT_INSTALL_URL } from '../../provisioning/mirrors.ts'
import { CONFIG_VERSION, NO_ENGINE_OPTIONS, NO_SWARM_OPTIONS } from './record.ts'

type Json = Record<string, unknown>

export function migrate(raw: Json, version: number, name: string): Json {
  const { HostOptions, Driver, DriverName, ConfigVersion: _, Name: __, RawDriver: ___, ...rest } = raw
  const options = object(HostOptions)
  return {
    ConfigVersion: CONFIG_VERSION,
    Driver,
    DriverName,
    HostOptions: {
      Driver: '',
      Memory: 0,
      Disk: 0,
      ...options,
      EngineOptions: {
        ...structuredClone(NO_ENGINE_OPTIONS),
        InstallURL: DEFAULT_INSTALL_URL,
        ...object(options.EngineOptions),
      },
      SwarmOptions: {
        ...structuredClone(NO_SWARM_OPTIONS),
        ...(version === 0 ? flatSwarm(raw) : object(options.SwarmOptions)),
      },
      AuthOptions: version === 0 ? flatAuth(raw) : renamedAuth(object(options.AuthOptions)),
    },
    Name: name,
    ...withoutFlat(rest),
  }
}

/** Version 0 kept the paths of certificates beside everything else. */
function flatAuth(raw: Json): Json {
  const { CaCertPath, PrivateKeyPath, ClientCertPath, ClientKeyPath } = raw
  return { CaCertPath, CaPrivateKeyPath: PrivateKeyPath, ClientKeyPath, ClientCertPath }
}

/** Version 1 called the CA's key so. */
function renamedAuth(auth: Json): Json {
  const { PrivateKeyPath, ...rest } = auth
  return PrivateKeyPath === undefined ? rest : { CaPrivateKeyPath: PrivateKeyPath, ...rest }
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
