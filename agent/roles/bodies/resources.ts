/** What a container may use: keys of HostConfig, and the whole of an update. */
import { any, fields, type Judge, unset } from '../judge.ts'

const DEVICES = 'give containers devices of the host'
const REAL_TIME = 'give containers real-time scheduling'

export const RESOURCES: Readonly<Record<string, Judge>> = {
  CpuShares: any,
  Memory: any,
  NanoCpus: any,
  CgroupParent: unset('choose the control group containers run in'),
  BlkioWeight: any,
  // These name devices, but only to slow them down for the container.
  BlkioWeightDevice: any,
  BlkioDeviceReadBps: any,
  BlkioDeviceWriteBps: any,
  BlkioDeviceReadIOps: any,
  BlkioDeviceWriteIOps: any,
  CpuPeriod: any,
  CpuQuota: any,
  CpuRealtimePeriod: unset(REAL_TIME),
  CpuRealtimeRuntime: unset(REAL_TIME),
  CpusetCpus: any,
  CpusetMems: any,
  Devices: unset(DEVICES),
  DeviceCgroupRules: unset(DEVICES),
  DeviceRequests: unset(DEVICES),
  KernelMemory: any,
  KernelMemoryTCP: any,
  MemoryReservation: any,
  MemorySwap: any,
  MemorySwappiness: any,
  OomKillDisable: any,
  PidsLimit: any,
  Ulimits: any,
  CpuCount: any,
  CpuPercent: any,
  IOMaximumIOps: any,
  IOMaximumBandwidth: any,
}

export const update: Judge = fields({ ...RESOURCES, RestartPolicy: any })
