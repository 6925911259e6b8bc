/** Instances: what is told of them, and what may be done to them. */
import { Problem, refuseUnless } from '../../cloud/problem.ts'
import { noStock } from '../faults.ts'
import { attributeView, described, instanceOf, instanceView } from '../instance-view.ts'
import { createInstance, runInstances } from '../launch.ts'
import { byNumber, fits, hasTags, matches, paged, wanted, within } from '../lists.ts'
import { familyOf } from '../offers.ts'
import type { Ask, Effect, Handlers, Instance, World } from '../world.ts'
import { groupOf } from './groups.ts'
import { routesOf } from './routes.ts'

function find({ parameters: p, region }: Ask, world: World): Instance[] {
  return described(region, world).filter(
    i =>
      within(p.InstanceIds, i.id) &&
      fits(p.InstanceName, i.name) &&
      within(p.PrivateIpAddresses, i.privateAddress) &&
      within(p.PublicIpAddresses, i.publicAddress) &&
      within(p.EipAddresses, i.eip?.address) &&
      matches(p, {
        Status: i.life.state,
        VpcId: i.vpcId,
        VSwitchId: i.vswitchId,
        ZoneId: i.zone,
        ImageId: i.image.id,
        InstanceType: i.type.id,
        InstanceTypeFamily: familyOf(i.type.id),
        InstanceNetworkType: 'vpc',
        InstanceChargeType: 'PostPaid',
        KeyPairName: i.keyPair,
        SecurityGroupId: i.groupIds,
        LockReason: i.lock,
        ResourceGroupId: i.resourceGroupId,
      }) &&
      hasTags(i, p.Tag),
  )
}

/** The instances of an action on one or on several. */
function targets({ parameters: p, region }: Ask, world: World): Instance[] {
  const ids = p.InstanceId
  return Array.isArray(ids) ? ids.map(id => instanceOf(id, world, region)) : [instanceOf(ids, world)]
}

/** Does it to all or to none, and answers as the action for several does. */
function each(ask: Ask, world: World, check: (i: Instance) => void, act: (i: Instance) => void): Effect {
  const all = targets(ask, world)
  for (const instance of all) check(instance)
  return () => {
    const before = all.map(({ life }) => life.state)
    for (const instance of all) act(instance)
    if (!Array.isArray(ask.parameters.InstanceId)) return {}
    const responses = all.map(({ id, life }, n) => ({
      InstanceId: id,
      PreviousStatus: before[n] ?? '',
      CurrentStatus: life.state,
      Code: '200',
      Message: 'success',
    }))
    return { InstanceResponses: { InstanceResponse: responses } }
  }
}

function checkLock({ lock }: Instance): void {
  if (lock !== undefined) throw new Problem('InstanceLockedForSecurity', 'The instance is locked due to security.', 403)
}

function start(ask: Ask, world: World): Effect {
  return each(
    ask,
    world,
    instance => {
      checkLock(instance)
      instance.life.mayStart()
      const { zone, type, stoppedMode } = instance
      ask.aims = { zone, type: type.id, spot: (instance.asked.SpotStrategy ?? 'NoSpot') !== 'NoSpot' }
      // Whoever stopped paying gave the place back.
      if (stoppedMode === 'StopCharging' && !world.stock.has(zone, type.id)) throw noStock()
    },
    ({ life }) => life.start(),
  )
}

function stop(ask: Ask, world: World): Effect {
  const { StoppedMode: mode, ForceStop: force } = ask.parameters
  return each(
    ask,
    world,
    ({ life }) => life.mayStop(),
    instance => {
      instance.stoppedMode = String(mode ?? world.quotas.stoppedMode)
      instance.life.stop(force === true)
    },
  )
}

function reboot(ask: Ask, world: World): Effect {
  const force = ask.parameters.ForceStop === true || ask.parameters.ForceReboot === true
  return each(
    ask,
    world,
    instance => {
      checkLock(instance)
      instance.life.mayStop()
    },
    ({ life }) => life.reboot(force),
  )
}

function remove(ask: Ask, world: World): Effect {
  const { Force: force, ForceStop: hard } = ask.parameters
  const check = (instance: Instance) => {
    refuseUnless(
      !instance.isProtected,
      'InvalidOperation.DeletionProtection',
      'The operation is not allowed due to deletion protection.',
      403,
    )
    instance.life.mayDelete(force === true)
    const vpc = world.vpcs.get(instance.vpcId)
    const routed = vpc ? routesOf(vpc, world).some(r => r.nextHopId === instance.id && r.endsAt === undefined) : false
    refuseUnless(!routed, 'DependencyViolation.RouteEntry', 'Specified instance is used by route entry.')
  }
  const effect = each(ask, world, check, ({ life }) => life.release(hard !== false))
  return async () => {
    await effect()
    return {}
  }
}

export const instances: Handlers = {
  RunInstances: runInstances,
  CreateInstance: createInstance,
  DescribeInstances(ask, world) {
    const { page, about } = paged(find(ask, world), ask.parameters, world)
    return () => ({ NextToken: '', ...about, Instances: { Instance: page.map(instanceView) } })
  },
  DescribeInstanceStatus({ parameters: p, region }, world) {
    const ids = wanted(p.InstanceId)
    const all = described(region, world).filter(
      i => (ids === undefined || ids.includes(i.id)) && matches(p, { ZoneId: i.zone }),
    )
    const { page, about } = byNumber(all, p)
    const view = ({ id, life }: Instance) => ({ InstanceId: id, Status: life.state })
    return () => ({ ...about, InstanceStatuses: { InstanceStatus: page.map(view) } })
  },
  DescribeInstanceAttribute({ parameters: p }, world) {
    const instance = instanceOf(p.InstanceId, world)
    return () => attributeView(instance)
  },
  DescribeUserData({ parameters: p, region }, world) {
    const instance = instanceOf(p.InstanceId, world, region)
    return () => ({ InstanceId: instance.id, RegionId: region, UserData: instance.userData ?? '' })
  },
  StartInstance: start,
  StartInstances: start,
  StopInstance: stop,
  StopInstances: stop,
  RebootInstance: reboot,
  RebootInstances: reboot,
  DeleteInstance: remove,
  DeleteInstances: remove,
  ModifyInstanceAttribute({ parameters: p, region }, world) {
    const instance = instanceOf(p.InstanceId, world)
    const groups = (p.SecurityGroupIds as string[] | undefined)?.map(id => groupOf(id, region, world).id)
    return () => {
      if (p.InstanceName !== undefined) instance.name = String(p.InstanceName)
      if (p.Description !== undefined) instance.description = String(p.Description)
      if (p.HostName !== undefined) instance.hostName = String(p.HostName)
      if (p.Password !== undefined) instance.password = String(p.Password)
      if (p.UserData !== undefined) instance.userData = String(p.UserData)
      if (p.DeletionProtection !== undefined) instance.isProtected = p.DeletionProtection === true
      if (groups) instance.groupIds = groups
      return {}
    }
  },
  ModifyInstanceMetadataOptions({ parameters: p, region }, world) {
    const instance = instanceOf(p.InstanceId, world, region)
    return () => {
      instance.httpEndpoint = String(p.HttpEndpoint)
      if (p.HttpTokens !== undefined) instance.httpTokens = String(p.HttpTokens)
      return {}
    }
  },
  AllocatePublicIpAddress({ parameters: p }, world) {
    const instance = instanceOf(p.InstanceId, world)
    refuseUnless(
      /^(Running|Stopped)$/.test(instance.life.state),
      'IncorrectInstanceStatus',
      'The current status of the resource does not support this operation.',
      403,
    )
    refuseUnless(!instance.eip, 'EipAddress.Exist', 'The specified instance already has an elastic IP.', 403)
    refuseUnless(
      Number(instance.asked.InternetMaxBandwidthOut ?? 0) > 0,
      'InvalidInstance.NoPublicBandwidth',
      'The public bandwidth of the instance is 0.',
      403,
    )
    refuseUnless(instance.publicAddress === undefined, 'AllocatedAlready', 'The public IP address is allocated.', 403)
    return async () => {
      instance.publicAddress = world.addresses.takeAddress()
      await instance.host?.setPublic(instance.publicAddress)
      return { IpAddress: instance.publicAddress }
    }
  },
  JoinSecurityGroup({ parameters: p, region }, world) {
    const instance = instanceOf(p.InstanceId, world)
    const group = groupOf(p.SecurityGroupId, region, world)
    refuseUnless(!instance.groupIds.includes(group.id), 'InvalidInstanceId.AlreadyExists', 'It is in the group.', 403)
    return () => {
      instance.groupIds.push(group.id)
      return {}
    }
  },
  LeaveSecurityGroup({ parameters: p }, world) {
    const instance = instanceOf(p.InstanceId, world)
    refuseUnless(instance.groupIds.length > 1, 'InstanceLastSecurityGroup', 'It is in no other group.', 403)
    return () => {
      instance.groupIds = instance.groupIds.filter(id => id !== p.SecurityGroupId)
      return {}
    }
  },
}
