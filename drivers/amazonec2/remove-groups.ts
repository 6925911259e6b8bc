/** Deleting the security groups this store made, once no machine uses them any more. */
import { providerCode } from '../cloud/failure.ts'
import { waitFor } from '../cloud/wait.ts'
import type { Ctx } from '../driver.ts'
import type { Ec2 } from './api.ts'
import { type Group, groupsOfStore } from './security-group.ts'
import { groupNamesOf, type State } from './state.ts'
import { describeWhere, stateOf, TERMINATED_MS, waitForInstance } from './waits.ts'

/** Interfaces of a terminated instance hold on to their group a little longer. */
const RELEASED_MS = 60_000
const LIVE = ['pending', 'running', 'stopping', 'stopped']

/** Those of the machine that are ours and unused; it is waited for the machine's own instance alone, and only for this. */
export async function removeGroups(ec2: Ec2, state: State, instanceId: string, ctx: Ctx): Promise<void> {
  const names = groupNamesOf(state)
  if (names.length === 0 || !state.VpcId) return
  const ours = await groupsOfStore(ec2, ctx.storeId, { vpcId: state.VpcId, names })
  if (ours.length === 0 || (await inUse(ec2, ours))) return
  if (instanceId) {
    const done = { signal: ctx.signal, deadlineMs: TERMINATED_MS }
    await waitForInstance(ec2, instanceId, seen => stateOf(seen) === 'terminated', done)
  }
  for (const group of ours) await deleteGroup(ec2, group, ctx)
}

/** Deletes the group, unless somebody uses it: then it stays, which is no failure. True if it is gone. */
export async function deleteGroup(
  ec2: Ec2,
  group: Group,
  ctx: Pick<Ctx, 'signal' | 'say' | 'point'>,
): Promise<boolean> {
  const outcome = await waitFor(
    async () => {
      try {
        await ec2.call('DeleteSecurityGroup', { GroupId: group.id })
        return 'gone'
      } catch (error) {
        const code = providerCode(error) ?? ''
        if (/^InvalidGroup(Id)?\.NotFound$/.test(code)) return 'gone'
        if (!/^(DependencyViolation|InvalidGroup\.InUse)$/.test(code)) throw error
        return (await inUse(ec2, [group])) ? 'used' : undefined
      }
    },
    { signal: ctx.signal, deadlineMs: RELEASED_MS, firstMs: 1000 },
  )
  if (outcome === 'gone') ctx.point('ec2 security group deleted')
  else if (outcome === undefined)
    ctx.say({ type: 'info', text: `Security group ${group.name} (${group.id}) stays: something else uses it` })
  return outcome === 'gone'
}

/** Whether instances that live, stopped ones too, are in any of the groups. */
async function inUse(ec2: Ec2, groups: readonly Group[]): Promise<boolean> {
  const users = await describeWhere(ec2, [
    { Name: 'instance.group-id', Values: groups.map(group => group.id) },
    { Name: 'instance-state-name', Values: LIVE },
  ])
  return users.length > 0
}
