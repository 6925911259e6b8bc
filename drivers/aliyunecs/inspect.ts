/** ECS's view of a machine: its state, and the address it is reached at. */
import { batched, placeOf } from '../cloud/batch.ts'
import type { Ctx, Instance, Status } from '../driver.ts'
import { connect, type Ecs } from './api.ts'
import type { SeenInstance } from './ecs-actions.ts'
import { accessOf, type State } from './state.ts'
import { TAG_LAUNCH, tagList } from './tags.ts'
import { describeIds, describeWhere } from './waits.ts'

const STATUS: Readonly<Record<string, Status>> = {
  Pending: 'Starting',
  Starting: 'Starting',
  Running: 'Running',
  Stopping: 'Stopping',
  Stopped: 'Stopped',
}
/** ECS takes no more ids at once. */
const MOST_IDS = 100

const lookUp = batched<SeenInstance>(MOST_IDS)

export async function inspectInstance(state: State, ctx: Ctx): Promise<Instance> {
  const seen = await currentInstance(state, ctx)
  const status = seen ? (STATUS[seen.Status ?? ''] ?? '') : 'Not Found'
  const address = seen && addressOf(state, seen)
  return { status, ...(address ? { address } : {}), ssh: { user: state.SSHUser || 'root', port: state.SSHPort || 22 } }
}

/** The instance as ECS knows it now: by its id, or before that is known by the tag of its launch. */
async function currentInstance(state: State, ctx: Ctx): Promise<SeenInstance | undefined> {
  const access = accessOf(state)
  const { InstanceId } = state
  if (!InstanceId) return state.ClientToken ? await ofLaunch(await connect(access, ctx), state.ClientToken) : undefined
  return await lookUp(placeOf(access, ctx.env), InstanceId, ctx.signal, async (ids, signal) => {
    const ecs = await connect(access, { ...ctx, signal })
    const found = await describeIds(ecs, ids)
    return new Map(found.map(each => [each.InstanceId ?? '', each]))
  })
}

/** The instance that a launch with this token made; several cannot be. */
export async function ofLaunch(ecs: Ecs, token: string): Promise<SeenInstance | undefined> {
  return (await describeWhere(ecs, { Tag: tagList({ [TAG_LAUNCH]: token }) }))[0]
}

/** Where the machine is reached; undefined while it has no such address. */
export function addressOf(state: Pick<State, 'PrivateIPOnly'>, seen: SeenInstance): string | undefined {
  if (state.PrivateIPOnly) return privateOf(seen)
  return seen.EipAddress?.IpAddress || seen.PublicIpAddress?.IpAddress?.[0] || undefined
}

/** Of the classic network, which is retired, too. */
export function privateOf({ VpcAttributes, InnerIpAddress }: SeenInstance): string | undefined {
  return VpcAttributes?.PrivateIpAddress?.IpAddress?.[0] || InnerIpAddress?.IpAddress?.[0] || undefined
}
