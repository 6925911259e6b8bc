/** Volumes that outlive their instance because somebody asked for that. */
import type { Instance } from '@aws-sdk/client-ec2'
import type { Ctx } from '../driver.ts'
import type { Ec2 } from './api.ts'
import { TAG_KEPT, TAG_STORE } from './tags.ts'

/** Marks those of ours that stay, so that `sweep` leaves them too, and tells their ids. */
export async function keepVolumes(ec2: Ec2, instance: Instance, ctx: Pick<Ctx, 'say' | 'storeId'>): Promise<void> {
  const staying = (instance.BlockDeviceMappings ?? []).flatMap(({ Ebs }) =>
    Ebs?.DeleteOnTermination === false && Ebs.VolumeId ? [Ebs.VolumeId] : [],
  )
  if (staying.length === 0) return
  const { Volumes = [] } = await ec2.call('DescribeVolumes', {
    Filters: [
      { Name: 'volume-id', Values: staying },
      { Name: `tag:${TAG_STORE}`, Values: [ctx.storeId] },
    ],
  })
  const ours = Volumes.flatMap(volume => volume.VolumeId ?? [])
  if (ours.length > 0)
    await ec2.call('CreateTags', { Resources: ours, Tags: [{ Key: TAG_KEPT, Value: new Date().toISOString() }] })
  ctx.say({
    type: 'info',
    text: `Not deleted with the instance, as it was made: ${staying.join(', ')} (aws ec2 delete-volume --volume-id …)`,
  })
}
