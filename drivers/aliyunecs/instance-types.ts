/** What there is to know of instance types before one is asked for, and where they are to be had. */
import { MachineError, UsageError } from '../../src/errors.ts'
import type { Ecs } from './api.ts'
import type { Cpu } from './image-families.ts'
import { isGone } from './problems.ts'
import type { Settings } from './settings.ts'

export interface InstanceType {
  readonly name: string
  readonly cpu: Cpu
}

/** The API takes no more at once. */
const MOST = 10

/** The types of these names, in this order. Throws naming those there are none of, unless any will do. One call. */
export async function describeTypes(
  ecs: Ecs,
  { types, anyType }: Pick<Settings, 'types' | 'anyType'>,
): Promise<InstanceType[]> {
  const odd = types.find(name => !/^ecs\.[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+$/.test(name))
  if (odd !== undefined)
    throw new UsageError(`"${odd}" is no instance type`, ['types are called as ecs.u1-c1m2.large or ecs.g7.xlarge'])
  if (types.length > MOST) throw new UsageError(`--aliyunecs-instance-type takes ${MOST} types at most`)
  const found = new Map<string, string>()
  for (let token: string | undefined; ; ) {
    const page = await describe(ecs, types, token)
    for (const { InstanceTypeId = '', CpuArchitecture = '' } of page.InstanceTypes?.InstanceType ?? [])
      found.set(InstanceTypeId, CpuArchitecture)
    token = page.NextToken || undefined
    if (token === undefined) break
  }
  const known = types.filter(name => found.has(name))
  const missing = types.filter(name => !found.has(name))
  if (known.length === 0 || (missing.length > 0 && !anyType))
    throw new MachineError('ECS_NOT_FOUND', `there is no instance type ${missing.join(', ')}`, {
      hints: ['check --aliyunecs-instance-type: `aliyun ecs DescribeInstanceTypes` lists those there are'],
    })
  return known.map(name => ({ name, cpu: /arm/i.test(found.get(name) ?? '') ? 'arm64' : 'x86_64' }))
}

async function describe(ecs: Ecs, types: readonly string[], token: string | undefined) {
  const input = { InstanceTypes: types, ...(token ? { NextToken: token } : {}) }
  return await ecs.call('DescribeInstanceTypes', input).catch(error => {
    if (isGone(error)) return { InstanceTypes: { InstanceType: [] }, NextToken: undefined }
    throw error
  })
}

/** Zones that have this type now, as they come; none where it is sold out. */
export async function zonesWith(
  ecs: Ecs,
  type: InstanceType,
  { ioOptimized, spot }: Pick<Settings, 'ioOptimized' | 'spot'>,
): Promise<string[]> {
  const { AvailableZones } = await ecs.call('DescribeAvailableResource', {
    DestinationResource: 'InstanceType',
    InstanceType: type.name,
    ...(ioOptimized ? { IoOptimized: ioOptimized } : {}),
    ...(spot ? { SpotStrategy: spot.maxPrice ? 'SpotWithPriceLimit' : 'SpotAsPriceGo' } : {}),
  })
  return (AvailableZones?.AvailableZone ?? [])
    .filter(zone => zone.Status === 'Available' && zone.StatusCategory !== 'WithoutStock')
    .flatMap(zone => zone.ZoneId ?? [])
}
