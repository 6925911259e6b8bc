/** Whether a create can work, found out without making anything. */
import type { Ctx } from '../driver.ts'
import { connect } from './api.ts'
import type { EcsConfig } from './flags.ts'
import { isShortage } from './launch.ts'
import { launchInput } from './launch-input.ts'
import { planFor } from './plan.ts'
import { tellAbout } from './tell.ts'

/**
 * Plans the create, and asks ECS (DryRun) whether the launch would be taken: rights, stock, balance, disks. That needs a
 * vSwitch and a group; where they are still to be made, the launch itself will tell.
 */
export async function preflight(config: EcsConfig, ctx: Ctx): Promise<void> {
  const plan = await planFor(config, ctx)
  tellAbout(config, plan, ctx)
  const { settings, candidates, group, userData } = plan
  const [candidate] = candidates
  const { vSwitchId } = candidate.place
  if (vSwitchId === undefined || group === undefined) return
  const ecs = await connect(settings.access, ctx)
  const input = launchInput(settings, {
    candidate,
    vSwitchId,
    groupId: group.id,
    ...(settings.key.pair ? { keyName: settings.key.pair } : {}),
    userData,
    name: ctx.name,
    storeId: ctx.storeId,
  })
  await ecs.mayRun(input).catch(error => {
    // The next candidate may do: the launch itself will tell.
    if (candidates.length === 1 || !isShortage(error)) throw error
  })
}
