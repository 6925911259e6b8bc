/** Deleting the security groups, vSwitches and VPC this store made, once no machine uses them any more. */
import { providerCode } from '../cloud/failure.ts'
import { waitFor } from '../cloud/wait.ts'
import type { Ctx } from '../driver.ts'
import type { Ecs } from './api.ts'
import { vpcsOfStore, vSwitchesOfStore } from './make-network.ts'
import { isGone } from './problems.ts'
import { groupsOfStore } from './security-group.ts'
import type { State } from './state.ts'
import { describeWhere } from './waits.ts'

/** Interfaces of a released instance hold on to their group and vSwitch a little longer. */
const HELD_MS = 60_000

type Seeing = Pick<Ctx, 'signal' | 'say' | 'point'>

/** Those the machine could have used. A record without ids is of a create that stopped early: then all that nobody uses. */
export async function removeShared(ecs: Ecs, state: State, ctx: Ctx): Promise<void> {
  const inVpc = (thing: { VpcId?: string }) => !state.VpcId || thing.VpcId === state.VpcId
  const groups = (await groupsOfStore(ecs, ctx.storeId)).filter(group => inVpc({ VpcId: group.vpcId }))
  let free = true
  for (const group of groups) free = (await deleteGroup(ecs, group, ctx)) && free
  if (!free) return
  const vSwitches = (await vSwitchesOfStore(ecs, ctx.storeId)).filter(inVpc)
  for (const { VSwitchId = '' } of vSwitches) free = (await deleteVSwitch(ecs, VSwitchId, ctx)) && free
  if (!free) return
  const vpcs = (await vpcsOfStore(ecs, ctx.storeId)).filter(inVpc)
  for (const { VpcId = '' } of vpcs) await deleteVpc(ecs, VpcId, ctx)
}

/** Deletes the group, unless somebody uses it: then it stays, which is no failure. True if it is gone. */
export async function deleteGroup(ecs: Ecs, { id, name }: { id: string; name: string }, ctx: Seeing): Promise<boolean> {
  const inUse = async () => (await describeWhere(ecs, { SecurityGroupId: id })).length > 0
  const drop = () => ecs.call('DeleteSecurityGroup', { SecurityGroupId: id })
  return await dropUnused(`security group ${name} (${id})`, 'ecs security group deleted', { inUse, drop }, ctx)
}

export async function deleteVSwitch(ecs: Ecs, VSwitchId: string, ctx: Seeing): Promise<boolean> {
  const inUse = async () => (await describeWhere(ecs, { VSwitchId })).length > 0
  const drop = () => ecs.call('DeleteVSwitch', { VSwitchId })
  return await dropUnused(`vSwitch ${VSwitchId}`, 'ecs vswitch deleted', { inUse, drop }, ctx)
}

/** What is in it keeps it; a vSwitch just deleted does so for a moment. */
export async function deleteVpc(ecs: Ecs, VpcId: string, ctx: Seeing): Promise<boolean> {
  const drop = () => ecs.call('DeleteVpc', { VpcId })
  return await dropUnused(`VPC ${VpcId}`, 'ecs vpc deleted', { inUse: async () => false, drop }, ctx)
}

interface Dropping {
  /** Whether it is worth no waiting. */
  inUse(): Promise<boolean>
  drop(): Promise<unknown>
}

async function dropUnused(what: string, point: string, { inUse, drop }: Dropping, ctx: Seeing): Promise<boolean> {
  if (await inUse()) return false
  const outcome = await waitFor(
    async () => {
      try {
        await drop()
        return 'gone'
      } catch (error) {
        if (isGone(error)) return 'gone'
        if (
          !/^(DependencyViolation|InUse|TaskConflict|OperationConflict|Incorrect)|Conflict|Forbbiden|InUse/.test(
            providerCode(error) ?? '',
          )
        )
          throw error
        return (await inUse()) ? 'used' : undefined
      }
    },
    { signal: ctx.signal, deadlineMs: HELD_MS, firstMs: 1000 },
  )
  if (outcome === 'gone') ctx.point(point)
  else if (outcome === undefined) ctx.say({ type: 'info', text: `${what} stays: something else uses it` })
  return outcome === 'gone'
}
