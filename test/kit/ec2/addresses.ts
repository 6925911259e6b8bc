/** Elastic IPs: addresses by which hosts are really reached, where there are hosts. */
import type { Data } from '../cloud/data.ts'
import { refuseUnless } from '../cloud/problem.ts'
import { givePublic } from './instance-deeds.ts'
import { type Ask, type Handlers, type Instance, instanceOf, type World } from './world.ts'

interface Address {
  readonly PublicIp: string
  readonly AllocationId: string
  readonly AssociationId?: string
  readonly InstanceId?: string
}

async function find(ask: Ask, world: World): Promise<Address | undefined> {
  const { AllocationId: allocation, PublicIp: ip, AssociationId: association } = ask.parameters
  const { Addresses: all = [] } = await world.moto.call<{ Addresses?: Address[] }>(ask.region, 'DescribeAddresses')
  const found = all.find(
    a =>
      a.AllocationId === allocation ||
      a.PublicIp === ip ||
      (association !== undefined && a.AssociationId === association),
  )
  refuseUnless(
    found || allocation === undefined,
    'InvalidAllocationID.NotFound',
    `The allocation ID '${allocation}' does not exist`,
  )
  refuseUnless(
    found || association === undefined,
    'InvalidAssociationID.NotFound',
    `The association ID '${association}' does not exist`,
  )
  refuseUnless(found || ip === undefined, 'InvalidAddress.NotFound', `Address '${ip}' not found.`)
  return found
}

async function letGo(instance: Instance, world: World): Promise<void> {
  delete instance.elastic
  if (instance.life.state === 'running' || instance.life.state === 'pending') await givePublic(instance, world)
  else {
    delete instance.publicAddress
    await instance.host?.setPublic(undefined)
  }
}

export const addressHandlers: Handlers = {
  AllocateAddress: (ask, world) => async () => {
    const address = world.addresses.takeAddress()
    return world.moto.call(ask.region, ask.action, { ...ask.parameters, Domain: 'vpc', Address: address })
  },
  AssociateAddress: async (ask, world) => {
    const address = await find(ask, world)
    const instance = instanceOf(String(ask.parameters.InstanceId), ask.region, world)
    refuseUnless(address, 'MissingParameter', 'Either public IP or allocation id must be specified')
    refuseUnless(
      /^(running|stopped|stopping)$/.test(instance.life.state),
      'IncorrectInstanceState',
      `The pending-instance-creation instance to which '${instance.interfaceId}' is attached is not in a valid state for this operation`,
    )
    refuseUnless(
      address.AssociationId === undefined || ask.parameters.AllowReassociation !== false,
      'Resource.AlreadyAssociated',
      `resource ${address.AllocationId} is already associated with associate-id ${address.AssociationId}`,
    )
    return async () => {
      const before = [...world.instances.values()].find(each => each.elastic === address.PublicIp)
      const answer = await world.moto.call(ask.region, ask.action, {
        AllocationId: address.AllocationId,
        InstanceId: instance.id,
        AllowReassociation: true,
      })
      if (before && before !== instance) await letGo(before, world)
      if (instance.publicAddress !== undefined && instance.elastic === undefined)
        world.addresses.giveBack(instance.publicAddress)
      instance.elastic = address.PublicIp
      await givePublic(instance, world)
      return answer
    }
  },
  DisassociateAddress: async (ask, world) => {
    const address = await find(ask, world)
    return async () => {
      const answer = await world.moto.call<Data>(ask.region, ask.action, { PublicIp: address?.PublicIp })
      const instance = [...world.instances.values()].find(each => each.elastic === address?.PublicIp)
      if (instance) await letGo(instance, world)
      return answer
    }
  },
  ReleaseAddress: async (ask, world) => {
    const address = await find(ask, world)
    refuseUnless(address, 'MissingParameter', 'Either public IP or allocation id must be specified')
    refuseUnless(
      ![...world.instances.values()].some(each => each.elastic === address.PublicIp),
      'InvalidIPAddress.InUse',
      `Address ${address.PublicIp} is in use.`,
    )
    return async () => {
      const answer = await world.moto.call<Data>(ask.region, ask.action, { AllocationId: address.AllocationId })
      world.addresses.giveBack(address.PublicIp)
      return answer
    }
  },
}
