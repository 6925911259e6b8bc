/** An empty account, with the delays and quotas that are not set otherwise. */
import { paperAddresses } from '../cloud/hosts.ts'
import type { HostMaker } from './hosts.ts'
import type { AliyunOptions } from './seen.ts'
import { Stock } from './stock.ts'
import type { Delays, Quotas, World } from './world.ts'

const DELAYS: Delays = {
  pending: 200,
  starting: 200,
  stopping: 200,
  deleting: 200,
  groupHeld: 200,
  vpc: 200,
  vswitch: 200,
  eip: 200,
  route: 200,
  instanceUnseen: 0,
  groupUnseen: 0,
  keyUnseen: 0,
  instanceMisses: 0,
}
const QUOTAS: Quotas = {
  vcpus: 64,
  eips: 20,
  groups: 100,
  rulesPerGroup: 200,
  keyPairs: 500,
  vpcs: 10,
  vswitchesPerVpc: 24,
  callsPerSecond: Number.POSITIVE_INFINITY,
  page: 100,
  balance: true,
  realName: true,
  stoppedMode: 'KeepCharging',
}

export function makeWorld(options: AliyunOptions, maker: HostMaker | undefined): World {
  return {
    region: options.region ?? 'cn-hangzhou',
    delays: { ...DELAYS, ...options.delays },
    quotas: { ...QUOTAS, ...options.quotas },
    stock: new Stock(),
    vpcs: new Map(),
    vswitches: new Map(),
    groups: new Map(),
    keyPairs: new Map(),
    disks: new Map(),
    eips: new Map(),
    routes: new Map(),
    instances: new Map(),
    balancers: new Map(),
    entered: new Set(),
    maker,
    addresses: maker ?? paperAddresses(),
    say: options.say ?? (() => {}),
    roles: new Set(['machine-role']),
    tasks: new Set(),
  }
}
