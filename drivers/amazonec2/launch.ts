/**
 * Launching: one way after the other until EC2 has room. Each launch has a token that is on record before EC2 is asked, so
 * that a lost answer is asked for again instead of a second instance, by us now or by `remove` later.
 */
import { randomUUID } from 'node:crypto'
import type { Instance } from '@aws-sdk/client-ec2'
import { MachineError } from '../../src/errors.ts'
import { firstWithRoom, type Refusals } from '../cloud/in-order.ts'
import type { CreateCtx } from '../driver.ts'
import type { Ec2 } from './api.ts'
import { addressOf, ipv6Of } from './inspect.ts'
import { launchInput, rootDevice, rootSizeGb } from './launch-input.ts'
import { isRefusal, isShortage, terminatedProblem, worthTrying } from './outcomes.ts'
import type { Candidate, Plan } from './plan.ts'
import { endRequest } from './spot-request.ts'
import type { State } from './state.ts'
import { RUNNING_MS, stateOf, untilKnown, waitForInstance } from './waits.ts'

/** A public address comes with the state running, or a moment later. */
const ADDRESS_MS = 20_000

const REFUSALS: Refusals<Candidate> = {
  isShortage,
  worthTrying,
  // Its own hint names zones that were tried meanwhile.
  hintsAfterAll: first =>
    first.code === 'EC2_CAPACITY'
      ? ['name further types (--amazonec2-instance-type a,b) or zones, or try again in a few minutes']
      : first.suggestions,
}

/** Launches the machine and waits until it runs; `state` has all there is to know then, and is on record at each step. */
export async function launch(ec2: Ec2, plan: Plan, state: State, ctx: CreateCtx<State>): Promise<void> {
  const tryOne = async (candidate: Candidate) => {
    try {
      await ask(ec2, plan, candidate, state, ctx)
      await waitUntilUp(ec2, state, ctx)
    } catch (error) {
      // One that was granted, and whose instance was taken back before it ran, would launch one more some time.
      if (isShortage(error) && state.SpotRequestId) await endRequest(ec2, state.SpotRequestId, ctx)
      throw error
    }
  }
  await firstWithRoom(plan.candidates, tryOne, REFUSALS, ctx)
}

async function ask(ec2: Ec2, plan: Plan, candidate: Candidate, state: State, ctx: CreateCtx<State>): Promise<void> {
  const token = randomUUID()
  Object.assign(state, describeCandidate(plan, candidate), {
    InstanceId: '',
    ...(state.SpotRequestId ? { SpotRequestId: '' } : {}),
    ClientToken: token,
    LaunchAsked: new Date().toISOString(),
  } satisfies Partial<State>)
  await ctx.checkpoint(state)
  ctx.point('ec2 launch decided')
  const input = launchInput(plan.settings, {
    token,
    candidate,
    groupIds: state.SecurityGroupIds ?? [],
    keyName: state.KeyName,
    userData: plan.userData,
    template: plan.template,
    name: ctx.name,
    storeId: ctx.storeId,
  })
  // A lost answer is asked for again by `call`, with this token; a key pair just imported may not be known everywhere.
  const run = () => ec2.call('RunInstances', input)
  const launched = await untilKnown(['InvalidKeyPair.NotFound'], ctx.signal, run).catch(async error => {
    if (isRefusal(error)) await forget(state, ctx)
    throw error
  })
  ctx.point('ec2 instance launched')
  const instance = launched.Instances?.[0]
  if (!instance?.InstanceId)
    throw new MachineError('EC2_ODD_ANSWER', 'EC2 took the launch and named no instance', {
      hints: ['machine rm finds what it made by the launch’s token'],
    })
  Object.assign(state, {
    InstanceId: instance.InstanceId,
    PrivateIPAddress: instance.PrivateIpAddress ?? '',
    ...(instance.SpotInstanceRequestId ? { SpotRequestId: instance.SpotInstanceRequestId } : {}),
  } satisfies Partial<State>)
  await ctx.checkpoint(state)
}

/**
 * `remove` need not wait for what may have come of it. It looks once all the same, for the token stays: what was refused
 * may be a repetition, of a launch whose answer was lost.
 */
async function forget(state: State, ctx: CreateCtx<State>): Promise<void> {
  state.LaunchAsked = ''
  await ctx.checkpoint(state)
}

function describeCandidate({ settings, network, template }: Plan, candidate: Candidate): Partial<State> {
  const { image, subnet, type } = candidate
  return {
    AMI: image.id,
    InstanceType: type.name,
    SubnetId: subnet.id,
    VpcId: network.vpcId,
    Zone: subnet.zone.slice(-1),
    DeviceName: rootDevice(settings, candidate),
    RootSize: rootSizeGb(settings, candidate, template),
    SSHUser: settings.ssh.user ?? image.sshUser ?? 'ubuntu',
  }
}

async function waitUntilUp(ec2: Ec2, state: State, ctx: CreateCtx<State>): Promise<void> {
  let runningSince: number | undefined
  const isUp = (instance: Instance) => {
    if (stateOf(instance) !== 'running') return false
    runningSince ??= performance.now()
    return addressOf(state, instance) !== undefined || performance.now() - runningSince > ADDRESS_MS
  }
  const deadline = { signal: ctx.signal, deadlineMs: RUNNING_MS, fresh: true }
  const instance = await waitForInstance(ec2, state.InstanceId, isUp, deadline)
  if (instance === undefined)
    throw new MachineError('EC2_NOT_RUNNING', `instance ${state.InstanceId} does not run after ${RUNNING_MS / 1000} s`)
  if (stateOf(instance) === 'terminated') throw terminatedProblem(state.InstanceId, instance, ec2.region)
  const address = addressOf(state, instance)
  if (address === undefined) throw noAddress(state)
  Object.assign(state, {
    IPAddress: address,
    PrivateIPAddress: instance.PrivateIpAddress ?? '',
    ...(ipv6Of(instance) ? { IPv6Address: ipv6Of(instance) ?? '' } : {}),
  } satisfies Partial<State>)
  await ctx.checkpoint(state)
}

function noAddress(state: State): MachineError {
  const kind = state.Ipv6AddressOnly ? 'IPv6' : 'public IPv4'
  return new MachineError('EC2_NO_ADDRESS', `instance ${state.InstanceId} runs and has no ${kind} address`, {
    hints: [
      `does its subnet ${state.SubnetId} give one, and does its VPC have an internet gateway?`,
      '--amazonec2-private-address-only makes a machine that is reached by its private address',
    ],
  })
}
