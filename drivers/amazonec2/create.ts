/** Making a machine at EC2: plan → key pair → security groups → launch. On record before and after each of them. */
import { randomBytes } from 'node:crypto'
import { providerCode } from '../cloud/failure.ts'
import { keepOwnKey } from '../cloud/own-key.ts'
import { wantedRules } from '../cloud/rules.ts'
import type { CreateCtx } from '../driver.ts'
import { connect, type Ec2 } from './api.ts'
import type { Ec2Config } from './flags.ts'
import { importKey, newKeyName } from './key-pair.ts'
import { launch } from './launch.ts'
import { type Plan, planFor } from './plan.ts'
import { type FoundGroups, findGroups, type Group, makeGroup, openGroup, tellClosed } from './security-group.ts'
import type { Settings } from './settings.ts'
import type { State } from './state.ts'
import { machineTags, renderTags } from './tags.ts'

/** A group may vanish under us: the last machine that used it was just removed, and it with it. */
const MOST_GROUP_TRIES = 3

export async function createInstance(config: Ec2Config, ctx: CreateCtx<State>): Promise<State> {
  const plan = await planFor(config, ctx)
  const ec2 = await connect(plan.settings.access, ctx)
  const state = firstState(plan, ec2, config, ctx)
  await ctx.checkpoint(state)
  await haveKey(ec2, plan, state, ctx)

  let groups: FoundGroups = plan.groups
  for (let left = MOST_GROUP_TRIES; ; left--) {
    try {
      await haveGroups(ec2, plan, groups, state, ctx)
      await launch(ec2, plan, state, ctx)
      return state
    } catch (error) {
      if (providerCode(error) !== 'InvalidGroup.NotFound' || left <= 1) throw error
      groups = await findGroups(ec2, plan.groupNames, plan.network.vpcId)
    }
  }
}

async function haveKey(ec2: Ec2, { settings, ownKey }: Plan, state: State, ctx: CreateCtx<State>): Promise<void> {
  if (ownKey) await keepOwnKey(ownKey, ctx.machineDir)
  if (state.ExistingKey) return
  await importKey(
    ec2,
    state.KeyName,
    ownKey?.publicLine ?? ctx.publicKey,
    machineTags(settings.tags, ctx.name, ctx.storeId),
  )
  ctx.point('ec2 key pair imported')
}

async function haveGroups(
  ec2: Ec2,
  plan: Plan,
  known: FoundGroups,
  state: State,
  ctx: CreateCtx<State>,
): Promise<void> {
  const { settings: s, network, ranges } = plan
  const groups: Group[] = [...known.found]
  for (const name of known.missing) {
    groups.push(await makeGroup(ec2, name, network.vpcId, ctx))
    state.SecurityGroupIds = groups.map(group => group.id)
    await ctx.checkpoint(state)
  }
  state.SecurityGroupIds = groups.map(group => group.id)
  await ctx.checkpoint(state)
  if (ranges === undefined) return
  const opening = { sshPort: s.ssh.port, enginePort: ctx.enginePort, ranges, openPorts: s.openPorts }
  const wanted = wantedRules(s.groupsReadonly ? { ...opening, openPorts: [] } : opening)
  const ours = s.groupsReadonly ? [] : groups.filter(group => group.store !== undefined)
  for (const group of ours) await openGroup(ec2, group, wanted, ctx)
  if (ours.length === 0) tellClosed(groups, wanted, ctx)
}

/** All that is known before anything is made; what the launch decides is filled in by it. */
function firstState(plan: Plan, ec2: Ec2, config: Ec2Config, ctx: CreateCtx<State>): State {
  const { settings: s, network, groupNames, candidates } = plan
  const [{ image, subnet, type }] = candidates
  return {
    IPAddress: '',
    MachineName: ctx.name,
    SSHUser: s.ssh.user ?? image.sshUser ?? 'ubuntu',
    SSHPort: s.ssh.port,
    Id: randomBytes(16).toString('hex'),
    Region: ec2.region,
    AMI: image.id,
    SSHKeyID: 0,
    ExistingKey: s.key.pair !== undefined,
    KeyName: s.key.pair ?? newKeyName(ctx.name, ctx.storeId),
    InstanceId: '',
    InstanceType: type.name,
    PrivateIPAddress: '',
    SecurityGroupId: '',
    SecurityGroupIds: plan.groups.found.map(group => group.id),
    SecurityGroupName: '',
    SecurityGroupNames: [...groupNames],
    SecurityGroupReadOnly: s.groupsReadonly,
    OpenPorts: [...(config.openPort ?? [])],
    Tags: renderTags(s.tags),
    ReservationId: '',
    DeviceName: s.root.device ?? image.rootDevice,
    RootSize: s.root.sizeGb ?? 0,
    VolumeType: s.root.type,
    IamInstanceProfile: s.iamProfile ?? '',
    VpcId: network.vpcId,
    SubnetId: subnet.id,
    Zone: subnet.zone.slice(-1),
    ...spotState(s),
    BlockDurationMinutes: 0,
    PrivateIPOnly: s.privateOnly,
    UsePrivateIP: s.usePrivate,
    UseEbsOptimizedInstance: s.ebsOptimised ?? false,
    Monitoring: s.monitoring ?? false,
    SSHPrivateKeyPath: s.key.path ?? '',
    ...accessState(s),
    UserDataFile: s.userDataFile ?? '',
    VolumeEncrypted: s.root.encrypted,
    VolumeKmsKeyId: s.root.kmsKey ?? '',
    MetadataTokenSetting: s.metadata.tokens ?? 'required',
    MetadataTokenResponseHopLimit: s.metadata.hopLimit ?? 1,
    Ipv6AddressCount: s.ipv6.count,
    Ipv6AddressOnly: s.ipv6.only,
    TerminationProtection: s.protect,
  }
}

function spotState({ spot }: Settings) {
  return {
    RequestSpotInstance: spot !== undefined,
    SpotPrice: spot?.maxPrice ?? '',
    ...(spot ? { SpotInterruption: spot.interruption } : {}),
  }
}

function accessState({ access }: Settings) {
  return {
    RetryCount: access.retries ?? 5,
    Endpoint: access.endpoint ?? '',
    DisableSSL: access.insecureTransport ?? false,
    ...(access.profile ? { Profile: access.profile } : {}),
  }
}
