/** The data disk of an instance, as its host can recognise it; provisioning formats and mounts it. */
import { waitFor } from '../cloud/wait.ts'
import type { Ctx, DataDisk } from '../driver.ts'
import type { Ecs } from './api.ts'
import { isOld, type State } from './state.ts'
import { CONSISTENT_MS } from './waits.ts'

/** Its serial number; '' where ECS does not tell: then its size is what it is known by. */
export async function diskSerial(ecs: Ecs, InstanceId: string, { signal }: Pick<Ctx, 'signal'>): Promise<string> {
  const look = async () => {
    const { Disks } = await ecs.call('DescribeDisks', { InstanceId, DiskType: 'data' })
    const disk = Disks?.Disk?.[0]
    return disk && (disk.SerialNumber ?? disk.DiskId?.replace(/^d-/, '') ?? '')
  }
  return (await waitFor(look, { signal, deadlineMs: CONSISTENT_MS, firstMs: 1000 })) ?? ''
}

/** The old driver's machines have theirs in /etc/fstab. */
export function dataDiskOf(state: State): DataDisk | undefined {
  if (isOld(state) || !state.DiskSize) return undefined
  const fs = state.DiskFS === 'xfs' ? 'xfs' : 'ext4'
  return { sizeGb: state.DiskSize, fs, ...(state.DiskSerial ? { serial: state.DiskSerial } : {}) }
}
