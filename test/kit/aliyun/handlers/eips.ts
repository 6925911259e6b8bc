/** Elastic IP addresses. Each change of theirs takes its time. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Data } from '../../cloud/data.ts'
import { refuseUnless } from '../../cloud/problem.ts'
import { checkAccount } from '../account.ts'
import { instanceOf } from '../instance-view.ts'
import { askedFor, byNumber, readTags, vpcTags, within } from '../lists.ts'
import { found, invalid } from '../problem.ts'
import { DEFAULT_GROUP } from '../vpc-view.ts'
import { type Ask, type Eip, type Handlers, later, newId, seconds, type World } from '../world.ts'

function eipOf(id: unknown, region: string, { eips }: World): Eip {
  const eip = eips.get(String(id))
  return found(
    eip?.region === region ? eip : undefined,
    'InvalidAllocationId.NotFound',
    'Specified allocation ID is not found.',
  )
}

function mustBe(eip: Eip, state: Eip['state']): void {
  refuseUnless(eip.state === state, 'IncorrectEipStatus', 'Current elastic IP status does not support this operation.')
}

function view(eip: Eip): Data {
  return {
    AllocationId: eip.id,
    IpAddress: eip.address,
    Status: eip.state,
    InstanceId: eip.instanceId,
    InstanceType: eip.instanceId === '' ? '' : 'EcsInstance',
    RegionId: eip.region,
    AllocationTime: seconds(eip.madeAt),
    ChargeType: 'PostPaid',
    InternetChargeType: 'PayByBandwidth',
    Bandwidth: '5',
    ISP: 'BGP',
    Name: '',
    Description: '',
    ExpiredTime: '',
    Netmode: 'public',
    ResourceGroupId: eip.resourceGroupId,
    OperationLocks: { LockReason: [] },
    Tags: vpcTags(eip),
    ...eip.about,
  }
}

function checkBandwidth(p: Data): void {
  const most = p.InternetChargeType === 'PayByTraffic' ? 200 : 500
  if (Number(p.Bandwidth ?? 5) > most) throw invalid('Bandwidth', `at most ${most} with this InternetChargeType`)
}

/** From one state to the next, with what really happens at the end. */
function change(eip: Eip, [going, then]: [Eip['state'], Eip['state']], deed: () => Promise<void>, world: World): void {
  eip.state = going
  later(world, async () => {
    await Promise.all([sleep(world.delays.eip), deed()])
    eip.state = then
    if (then === 'Available') eip.instanceId = ''
  })
}

function associate({ parameters: p, region }: Ask, world: World) {
  const eip = eipOf(p.AllocationId, region, world)
  if ((p.InstanceType ?? 'EcsInstance') !== 'EcsInstance')
    throw invalid('InstanceType', 'the kit binds addresses to ECS instances alone')
  const instance = instanceOf(p.InstanceId, world, region)
  refuseUnless(
    /^(Running|Stopped)$/.test(instance.life.state),
    'IncorrectInstanceStatus',
    'The current status of instance does not support this operation.',
  )
  refuseUnless(
    instance.publicAddress === undefined,
    'InvalidStatus.InstanceHasBandWidth',
    'The instance has a public IP address of its own.',
  )
  refuseUnless(
    instance.eip === undefined,
    'InvalidAssociation.Duplicated',
    'The specified instance already has an elastic IP.',
  )
  mustBe(eip, 'Available')
  return () => {
    instance.eip = eip
    eip.instanceId = instance.id
    change(eip, ['Associating', 'InUse'], async () => instance.host?.setPublic(eip.address), world)
    return {}
  }
}

function unassociate({ parameters: p, region }: Ask, world: World) {
  const eip = eipOf(p.AllocationId, region, world)
  mustBe(eip, 'InUse')
  refuseUnless(
    p.InstanceId === undefined || p.InstanceId === eip.instanceId,
    'InvalidParameter.Mismatch',
    'The elastic IP is not associated with this instance.',
  )
  const instance = world.instances.get(eip.instanceId)
  return () => {
    if (instance) instance.eip = undefined
    change(eip, ['Unassociating', 'Available'], async () => instance?.host?.setPublic(undefined), world)
    return {}
  }
}

export const eips: Handlers = {
  AllocateEipAddress({ parameters: p, region }, world) {
    checkAccount(world)
    checkBandwidth(p)
    refuseUnless(p.InstanceChargeType !== 'PrePaid', 'InvalidPayMethod', 'The payment method is invalid.')
    const count = [...world.eips.values()].filter(eip => eip.region === region).length
    refuseUnless(count < world.quotas.eips, 'QuotaExceeded.Eip', 'Elastic IP address quota exceeded.')
    const tags = readTags(p.Tag)
    return () => {
      const eip: Eip = {
        id: newId('eip'),
        region,
        madeAt: Date.now(),
        tags,
        resourceGroupId: String(p.ResourceGroupId ?? DEFAULT_GROUP),
        address: world.addresses.takeAddress(),
        about: Object.fromEntries(
          ['Bandwidth', 'InternetChargeType', 'ISP', 'Name', 'Description']
            .filter(name => p[name] !== undefined)
            .map(name => [name, String(p[name])] as const),
        ),
        state: 'Available',
        instanceId: '',
      }
      world.eips.set(eip.id, eip)
      return { AllocationId: eip.id, EipAddress: eip.address, ResourceGroupId: eip.resourceGroupId }
    }
  },
  AssociateEipAddress: associate,
  UnassociateEipAddress: unassociate,
  ReleaseEipAddress({ parameters: p, region }, world) {
    const eip = eipOf(p.AllocationId, region, world)
    mustBe(eip, 'Available')
    return () => {
      world.eips.delete(eip.id)
      world.addresses.giveBack(eip.address)
      return {}
    }
  },
  DescribeEipAddresses(ask, world) {
    const { parameters: p } = ask
    const all = askedFor(world.eips, ask, eip => ({
      EipAddress: eip.address,
      Status: eip.state,
      AssociatedInstanceId: eip.instanceId,
      EipName: eip.about.Name ?? '',
      ResourceGroupId: eip.resourceGroupId,
    })).filter(eip => within(p.AllocationId, eip.id))
    const { page, about } = byNumber(all, p)
    return () => ({ ...about, EipAddresses: { EipAddress: page.map(view) } })
  },
}

/** When its instance goes, an address of the account's stays, and is free again. */
export function freeEip(eip: Eip): void {
  eip.state = 'Available'
  eip.instanceId = ''
}
