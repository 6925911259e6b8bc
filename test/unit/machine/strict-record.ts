/** A reader of config.json version 3 as strict as can be: Docker Machine's fields, all of them, in its order and Go's types. */
import { expect } from '@jest/globals'

type Shape = 'string' | 'number' | 'boolean' | 'list' | 'list or null' | Fields
interface Fields {
  [field: string]: Shape
}

const BASE_DRIVER: Fields = {
  IPAddress: 'string',
  MachineName: 'string',
  SSHUser: 'string',
  SSHPort: 'number',
  SSHKeyPath: 'string',
  StorePath: 'string',
  SwarmMaster: 'boolean',
  SwarmHost: 'string',
  SwarmDiscovery: 'string',
}

const ENGINE: Fields = {
  ArbitraryFlags: 'list',
  Dns: 'list or null',
  GraphDir: 'string',
  Env: 'list',
  Ipv6: 'boolean',
  InsecureRegistry: 'list',
  Labels: 'list',
  LogLevel: 'string',
  StorageDriver: 'string',
  SelinuxEnabled: 'boolean',
  TlsVerify: 'boolean',
  RegistryMirror: 'list',
  InstallURL: 'string',
}

const SWARM: Fields = {
  IsSwarm: 'boolean',
  Address: 'string',
  Discovery: 'string',
  Agent: 'boolean',
  Master: 'boolean',
  Host: 'string',
  Image: 'string',
  Strategy: 'string',
  Heartbeat: 'number',
  Overcommit: 'number',
  ArbitraryFlags: 'list',
  ArbitraryJoinFlags: 'list',
  Env: 'list or null',
  IsExperimental: 'boolean',
}

const AUTH: Fields = {
  CertDir: 'string',
  CaCertPath: 'string',
  CaPrivateKeyPath: 'string',
  CaCertRemotePath: 'string',
  ServerCertPath: 'string',
  ServerKeyPath: 'string',
  ClientKeyPath: 'string',
  ServerCertRemotePath: 'string',
  ServerKeyRemotePath: 'string',
  ClientCertPath: 'string',
  ServerCertSANs: 'list',
  StorePath: 'string',
}

const HOST_OPTIONS: Fields = {
  Driver: 'string',
  Memory: 'number',
  Disk: 'number',
  EngineOptions: ENGINE,
  SwarmOptions: SWARM,
  AuthOptions: AUTH,
}

/** Fails unless `text` is such a record; `Machine` is the one further field it may have. */
export function expectStrictRecord(text: string): void {
  const { Driver, Machine, ...rest } = JSON.parse(text) as Record<string, unknown>
  expect(Object.keys(rest)).toEqual(['ConfigVersion', 'DriverName', 'HostOptions', 'Name'])
  expect(rest.ConfigVersion).toBe(3)
  expectShape('DriverName', rest.DriverName, 'string')
  expectShape('Name', rest.Name, 'string')
  expectShape('HostOptions', rest.HostOptions, HOST_OPTIONS)
  const base = Object.entries(Driver as object).filter(([field]) => field in BASE_DRIVER)
  expectShape('Driver', Object.fromEntries(base.sort(inBaseOrder)), BASE_DRIVER)
  if (Machine !== undefined) expect(['creating', 'provisioning', 'ready']).toContain(Object(Machine).Phase)
}

/** Drivers order their fields as they like. */
function inBaseOrder([a]: [string, unknown], [b]: [string, unknown]): number {
  const order = Object.keys(BASE_DRIVER)
  return order.indexOf(a) - order.indexOf(b)
}

function expectShape(path: string, value: unknown, shape: Shape): void {
  if (typeof shape !== 'string') {
    expect([path, Object.keys(Object(value))]).toEqual([path, Object.keys(shape)])
    for (const [field, its] of Object.entries(shape)) expectShape(`${path}.${field}`, Object(value)[field], its)
  } else if (shape.startsWith('list')) {
    const strings = Array.isArray(value) && value.every(v => typeof v === 'string')
    expect([path, strings || (value === null && shape === 'list or null')]).toEqual([path, true])
  } else if (shape === 'number') expect([path, Number.isInteger(value)]).toEqual([path, true])
  else expect([path, typeof value]).toEqual([path, shape])
}
