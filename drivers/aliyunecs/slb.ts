/** `--aliyunecs-slb-id`: the machine as a backend server of a classic load balancer, as the old driver had it. */
import { MachineError } from '../../src/errors.ts'
import { providerCode } from '../cloud/failure.ts'
import type { CreateCtx, Ctx } from '../driver.ts'
import type { Ecs } from './api.ts'
import { isGone } from './problems.ts'
import { isOld, type State } from './state.ts'
import { untilKnown } from './waits.ts'

const BUSY =
  /^(BackendServer\.configuring|SystemBusy|OperationBusy|ServiceIsConfiguring|OperationFailed\.TokenIsProcessing)/i
const REGISTERED_MS = 120_000
const WEIGHT = 100

/** The load balancer's address; '' where none was named. Throws where it is not there. */
export async function findLoadBalancer(ecs: Ecs, LoadBalancerId: string | undefined): Promise<string> {
  if (LoadBalancerId === undefined) return ''
  const { Address } = await ecs.call('DescribeLoadBalancerAttribute', { LoadBalancerId })
  if (Address) return Address
  throw new MachineError('ECS_NOT_FOUND', `Invalid --aliyunecs-slb-id: ${LoadBalancerId} has no address`)
}

export async function registerBackend(ecs: Ecs, state: State, ctx: CreateCtx<State>): Promise<void> {
  state.SlbAsked = true
  await ctx.checkpoint(state)
  const BackendServers = JSON.stringify([{ ServerId: state.InstanceId, Weight: WEIGHT }])
  const input = { LoadBalancerId: state.SLBID, BackendServers }
  await untilKnown(BUSY, ctx.signal, () => ecs.call('AddBackendServers', input), REGISTERED_MS).catch(error => {
    // The answer to our own first request was lost, and it was repeated.
    if (!/ServerIdExist|AlreadyExist|Duplicate/.test(providerCode(error) ?? '')) throw error
  })
  ctx.point('ecs backend registered')
}

/** The old driver recorded nothing but the load balancer's id, and never took a backend out. */
export async function removeBackend(ecs: Ecs, state: State, instanceId: string, ctx: Ctx): Promise<void> {
  if (!state.SLBID || !(state.SlbAsked || isOld(state))) return
  const BackendServers = JSON.stringify([{ ServerId: instanceId, Weight: WEIGHT }])
  const input = { LoadBalancerId: state.SLBID, BackendServers }
  await untilKnown(BUSY, ctx.signal, () => ecs.call('RemoveBackendServers', input), REGISTERED_MS).catch(error => {
    if (!isGone(error)) throw error
  })
  ctx.point('ecs backend taken out')
}
