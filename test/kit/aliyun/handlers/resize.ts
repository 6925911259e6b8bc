/** ModifyInstanceSpec: another type for an instance that is stopped. Codes and texts are those of its documentation. */
import { Problem, refuseUnless } from '../../cloud/problem.ts'
import { checkAccount } from '../account.ts'
import { noStock } from '../faults.ts'
import { instanceOf } from '../instance-view.ts'
import { typeOf } from '../launch-rules.ts'
import type { InstanceType } from '../offers.ts'
import { missing } from '../problem.ts'
import type { Ask, Effect, Handlers, Instance, World } from '../world.ts'

/** What old instances alone have, or is not this kit's business. */
const OTHERS = ['AllowMigrateAcrossZone', 'Async', 'Disk', 'ModifyMode', 'SystemDisk', 'Temporary']
const BANDWIDTH = ['InternetMaxBandwidthIn', 'InternetMaxBandwidthOut']

function modifySpec(ask: Ask, world: World): Effect {
  const { parameters: p } = ask
  const instance = instanceOf(p.InstanceId, world)
  const other = OTHERS.find(name => p[name] !== undefined)
  if (other !== undefined) throw new Problem('KitNotImplemented', `the kit knows nothing of ${other}`, 501)
  const bandwidth = BANDWIDTH.some(name => p[name] !== undefined)
  refuseUnless(
    !(bandwidth && p.InstanceType !== undefined),
    'InvalidParameter.Mismatch',
    'Too many parameters in one request.',
  )
  if (bandwidth) throw new Problem('KitNotImplemented', 'the kit changes no bandwidth', 501)
  if (!p.InstanceType) throw missing('InstanceType')
  checkAccount(world)
  checkInstance(instance)
  const type = typeOf(p)
  checkFit(instance, type, world)
  ask.aims = { zone: instance.zone, type: type.id, spot: false }
  if (!world.stock.has(instance.zone, type.id)) throw noStock()
  return () => {
    instance.type = type
    return {}
  }
}

function checkInstance({ life, lock, asked }: Instance): void {
  refuseUnless(
    life.state === 'Stopped',
    'InvalidInstanceStatus.NotStopped',
    'The specified Instance status is not stopped.',
  )
  refuseUnless(
    lock === undefined,
    'InstanceLockedForSecurity',
    'The specified operation is denied as your instance is locked for security reasons.',
    403,
  )
  refuseUnless(
    (asked.SpotStrategy ?? 'NoSpot') === 'NoSpot',
    'ChargeTypeViolation',
    'The operation is not permitted due to charge type of the instance.',
    403,
  )
}

function checkFit(instance: Instance, type: InstanceType, world: World): void {
  refuseUnless(
    type.arch === instance.image.arch,
    'ImageNotSupportInstanceType',
    'The specified image do not support the InstanceType instance.',
    403,
  )
  const disks = [...world.disks.values()].filter(disk => disk.instanceId === instance.id)
  refuseUnless(
    type.id !== instance.type.id && disks.every(disk => type.disks.includes(String(disk.about.Category))),
    'DependencyViolation.InstanceType',
    'The current InstanceType cannot be changed to the specified InstanceType.',
  )
  const used = [...world.instances.values()]
    .filter(i => i.region === instance.region && i.life.goneAt === undefined)
    .reduce((sum, i) => sum + i.type.cpus, 0)
  refuseUnless(
    used - instance.type.cpus + type.cpus <= world.quotas.vcpus,
    'QuotaExceed.ElasticQuota',
    'The number of vCPUs exceeds the quota of this region.',
    403,
  )
}

export const resize: Handlers = { ModifyInstanceSpec: modifySpec }
