/** Making a machine at Alibaba Cloud: plan → key pair → network → group → launch → address. On record around each of them. */
import { randomBytes } from 'node:crypto'
import { providerCode } from '../cloud/failure.ts'
import { keepOwnKey } from '../cloud/own-key.ts'
import { wantedRules } from '../cloud/rules.ts'
import type { CreateCtx } from '../driver.ts'
import { connect, type Ecs } from './api.ts'
import { diskSerial } from './data-disk.ts'
import { giveEip } from './eip.ts'
import type { EcsConfig } from './flags.ts'
import { importKey, keyNameFor } from './key-pair.ts'
import { launch } from './launch.ts'
import { makeVpc } from './make-network.ts'
import type { Network } from './network.ts'
import { type Plan, planFor } from './plan.ts'
import { addRoute } from './route.ts'
import { makeGroup, openGroup, tellClosed } from './security-group.ts'
import type { Settings } from './settings.ts'
import { registerBackend } from './slb.ts'
import type { State } from './state.ts'

/** What machines share may vanish under us: the last one that used it was just removed, and it with it. */
const MOST_TRIES = 3
const VANISHED = /^(InvalidSecurityGroupId|InvalidV[Ss]witchId|InvalidVSwitch|InvalidVpcI[Dd]|InvalidVpc)\.NotFound$/

export async function createInstance(config: EcsConfig, ctx: CreateCtx<State>): Promise<State> {
  let plan = await planFor(config, ctx)
  const ecs = await connect(plan.settings.access, ctx)
  const state = firstState(plan, ecs, ctx)
  await ctx.checkpoint(state)
  await haveKey(ecs, plan, state, ctx)
  for (let left = MOST_TRIES; ; left--) {
    try {
      const network = await haveNetwork(ecs, plan, state, ctx)
      await haveGroup(ecs, plan, state, ctx)
      await launch(ecs, plan, network, state, ctx)
      break
    } catch (error) {
      if (!VANISHED.test(providerCode(error) ?? '') || left <= 1) throw error
      Object.assign(state, { VpcId: '', VSwitchId: '', SecurityGroupId: '' } satisfies Partial<State>)
      plan = await planFor(config, ctx, { anew: true })
    }
  }
  if (state.DiskSize > 0) state.DiskSerial = await diskSerial(ecs, state.InstanceId, ctx)
  if (state.RouteCIDR) await addRoute(ecs, state, ctx)
  if (state.Eip) await giveEip(ecs, plan.settings, state, ctx)
  if (state.SLBID) await registerBackend(ecs, state, ctx)
  // Interrupted at its very end, after the last request that would have noticed.
  ctx.signal.throwIfAborted()
  return state
}

async function haveKey(ecs: Ecs, { settings, ownKey }: Plan, state: State, ctx: CreateCtx<State>): Promise<void> {
  if (ownKey) await keepOwnKey(ownKey, ctx.machineDir)
  if (!state.KeyName) return
  await importKey(ecs, settings, { name: state.KeyName, line: ownKey?.publicLine ?? ctx.publicKey }, ctx)
}

/** The network as found, or with the VPC that was made for it. */
async function haveNetwork(ecs: Ecs, plan: Plan, state: State, ctx: CreateCtx<State>): Promise<Network> {
  if (plan.network.vpcId !== undefined) {
    state.VpcId = plan.network.vpcId
    return plan.network
  }
  await makeVpc(ecs, plan.settings, state, ctx)
  return { ...plan.network, vpcId: state.VpcId }
}

async function haveGroup(ecs: Ecs, plan: Plan, state: State, ctx: CreateCtx<State>): Promise<void> {
  const { settings: s, ranges } = plan
  const group = plan.group ?? (await makeGroup(ecs, s, state, ctx))
  const fresh = plan.group === undefined && state.SecurityGroupId === group.id
  Object.assign(state, { SecurityGroupId: group.id, SecurityGroupName: group.name } satisfies Partial<State>)
  await ctx.checkpoint(state)
  const wanted = wantedRules({ sshPort: s.ssh.port, enginePort: ctx.enginePort, ranges, openPorts: s.openPorts })
  if (group.store === undefined) await tellClosed(ecs, group, wanted, ctx)
  else await openGroup(ecs, group, wanted, fresh, ctx)
}

/** All that is known before anything is made; what the launch decides is filled in by it. */
function firstState(plan: Plan, ecs: Ecs, ctx: CreateCtx<State>): State {
  const { settings: s, network, group, candidates, slbAddress } = plan
  const [{ image, type, place }] = candidates
  return {
    IPAddress: '',
    MachineName: ctx.name,
    SSHUser: s.ssh.user,
    SSHPort: s.ssh.port,
    Id: randomBytes(16).toString('hex'),
    Region: ecs.region,
    ImageID: image.id,
    SSHKeyPair: s.key.pair ?? '',
    SSHPrivateKeyPath: s.key.path ?? '',
    KeyName: s.key.pair === undefined ? keyNameFor(ctx.name, ctx.storeId) : '',
    InstanceId: '',
    InstanceType: type.name,
    PrivateIPAddress: '',
    SecurityGroupId: group?.id ?? '',
    SecurityGroupName: group?.name ?? s.group,
    ReservationId: '',
    VpcId: network.vpcId ?? '',
    VSwitchId: place.vSwitchId ?? '',
    Zone: place.zone,
    PrivateIPOnly: s.privateOnly,
    InternetMaxBandwidthOut: s.bandwidth,
    InternetChargeType: s.chargeType,
    RouteCIDR: s.routeCidr ?? '',
    SLBID: s.slbId ?? '',
    SLBIPAddress: slbAddress,
    Tags: { ...s.tags },
    ...diskState(s),
    Description: s.description ?? '',
    IoOptimized: s.ioOptimized !== 'none',
    APIEndpoint: s.access.endpoint ?? '',
    ResourceGroupId: s.resourceGroup ?? '',
    RetryCount: s.access.retries ?? 8,
    Eip: s.eip,
    StopCharging: s.stopCharging,
    ...(s.access.profile ? { Profile: s.access.profile } : {}),
    ...(s.spot ? { SpotInterruption: s.spot.interruption } : {}),
  }
}

function diskState({ dataDisk, systemDisk }: Settings) {
  return {
    DiskSize: dataDisk.sizeGb,
    DiskFS: dataDisk.fs,
    DiskCategory: dataDisk.category ?? '',
    SystemDiskCategory: systemDisk.category ?? '',
    SystemDiskSize: systemDisk.sizeGb,
  }
}
