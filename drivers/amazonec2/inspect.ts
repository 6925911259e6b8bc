/** EC2's view of a machine: its state, and the address it is reached at. */
import type { Instance as Ec2Instance } from '@aws-sdk/client-ec2'
import { batched, placeOf } from '../cloud/batch.ts'
import type { Ctx, Instance, Status } from '../driver.ts'
import { connect } from './api.ts'
import { accessOf, type State } from './state.ts'
import { describeWhere, stateOf } from './waits.ts'

/** Terminated is gone: nothing brings it back, and EC2 forgets it within the hour. Docker Machine called it an error. */
const STATUS: Readonly<Record<string, Status>> = {
  pending: 'Starting',
  running: 'Running',
  stopping: 'Stopping',
  'shutting-down': 'Stopping',
  stopped: 'Stopped',
  terminated: 'Not Found',
}
/** EC2 takes no more values in one filter. */
const MOST_IDS = 200

const lookUp = batched<Ec2Instance>(MOST_IDS)

export async function inspectInstance(state: State, ctx: Ctx): Promise<Instance> {
  const seen = await currentInstance(state, ctx)
  const address = seen && addressOf(state, seen)
  return {
    status: statusOf(seen),
    ...(address ? { address } : {}),
    ssh: { user: state.SSHUser, port: state.SSHPort || 22 },
  }
}

/** In Docker Machine's words. */
export function statusOf(instance: Ec2Instance | undefined): Status {
  return instance ? (STATUS[stateOf(instance)] ?? '') : 'Not Found'
}

/** The instance as EC2 knows it now: by its id, or before that is known by the token of its launch. */
async function currentInstance(state: State, ctx: Ctx): Promise<Ec2Instance | undefined> {
  const [filter, key] = state.InstanceId ? ['instance-id', state.InstanceId] : ['client-token', state.ClientToken]
  if (!key) return undefined
  const access = accessOf(state)
  return await lookUp(`${filter} ${placeOf(access, ctx.env)}`, key, ctx.signal, async (keys, signal) => {
    const ec2 = await connect(access, { ...ctx, signal })
    const found = await describeWhere(ec2, [{ Name: filter as string, Values: [...keys] }])
    return new Map(found.map(each => [(state.InstanceId ? each.InstanceId : each.ClientToken) ?? '', each]))
  })
}

/** Where the machine is reached; undefined while it has no such address. */
export function addressOf(
  state: Pick<State, 'Ipv6AddressOnly' | 'PrivateIPOnly' | 'UsePrivateIP'>,
  instance: Ec2Instance,
): string | undefined {
  if (state.Ipv6AddressOnly) return ipv6Of(instance)
  if (state.PrivateIPOnly || state.UsePrivateIP) return instance.PrivateIpAddress || undefined
  return instance.PublicIpAddress || undefined
}

export function ipv6Of(instance: Ec2Instance): string | undefined {
  return instance.Ipv6Address || instance.NetworkInterfaces?.[0]?.Ipv6Addresses?.[0]?.Ipv6Address || undefined
}
