/** Requests for spot instances: one that may be stopped stays open, and launches another instance when its own is gone. */
import type { Ctx } from '../driver.ts'
import type { Ec2 } from './api.ts'
import { unlessGone } from './gone.ts'

export async function endRequest(ec2: Ec2, id: string, ctx: Pick<Ctx, 'point'>): Promise<void> {
  await unlessGone(ec2.call('CancelSpotInstanceRequests', { SpotInstanceRequestIds: [id] }))
  ctx.point('ec2 spot request cancelled')
}
