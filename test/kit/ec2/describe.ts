/** Filters and pages of the Describe… actions, over the answer itself: what moto completes for us it cannot filter by. */
import { type Data, isData, type Value } from '../cloud/data.ts'
import { Problem } from '../cloud/problem.ts'
import type { Ask } from './world.ts'

interface Filter {
  readonly Name: string
  readonly Values?: readonly string[]
}

/** Names that do not lead to the member of the same name. */
const PATHS: Readonly<Record<string, string>> = {
  'instance-state-name': 'State.Name',
  'instance-state-code': 'State.Code',
  'availability-zone': 'Placement.AvailabilityZone',
  tenancy: 'Placement.Tenancy',
  'ip-address': 'PublicIpAddress',
  'dns-name': 'PublicDnsName',
  'instance.group-id': 'SecurityGroups.GroupId',
  'instance.group-name': 'SecurityGroups.GroupName',
  'block-device-mapping.volume-id': 'BlockDeviceMappings.Ebs.VolumeId',
  'block-device-mapping.device-name': 'BlockDeviceMappings.DeviceName',
  'block-device-mapping.volume-type': 'BlockDeviceMappings.Ebs.VolumeType',
  'network-interface.network-interface-id': 'NetworkInterfaces.NetworkInterfaceId',
  'metadata-options.http-tokens': 'MetadataOptions.HttpTokens',
  'monitoring-state': 'Monitoring.State',
  'is-public': 'Public',
  'owner-alias': 'ImageOwnerAlias',
  'tag-key': 'Tags.Key',
  'status-code': 'Status.Code',
  'launch.image-id': 'LaunchSpecification.ImageId',
  'launch.key-name': 'LaunchSpecification.KeyName',
}
const KNOWN = new Set(
  'instance-id instance-type image-id key-name client-token subnet-id vpc-id private-ip-address private-dns-name public-ip instance-lifecycle spot-instance-request-id architecture virtualization-type root-device-type root-device-name hypervisor platform launch-time owner-id image-type name state description creation-date ena-support imds-support type spot-price platform-details kernel-id'.split(
    ' ',
  ),
)

function valuesAt(item: Value | undefined, path: readonly string[]): string[] {
  if (item === undefined) return []
  if (Array.isArray(item)) return item.flatMap(each => valuesAt(each, path))
  const [first, ...rest] = path
  if (first === undefined) return [String(item)]
  return isData(item) ? valuesAt(item[first], rest) : []
}

function valuesOf(item: Data, name: string): string[] {
  const tags = (item.Tags ?? []) as { Key: string; Value: string }[]
  if (name.startsWith('tag:')) return tags.filter(tag => tag.Key === name.slice(4)).map(tag => tag.Value)
  const path =
    PATHS[name] ?? (KNOWN.has(name) ? name.replace(/(^|-)([a-z])/g, (_, __, c) => c.toUpperCase()) : undefined)
  if (path === undefined) throw new Problem('InvalidParameterValue', `The filter '${name}' is invalid`)
  return valuesAt(item, path.split('.'))
}

function pattern(text: string): RegExp {
  const escaped = text
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${escaped}$`, 's')
}

/** Whether an item passes the request's filters. */
export function matchesFilters(ask: Ask): (item: Data) => boolean {
  const filters = (ask.parameters.Filters ?? []) as unknown as Filter[]
  for (const { Name, Values } of filters)
    if (!Values || Values.length === 0)
      throw new Problem('InvalidParameterValue', `The filter '${Name}' must have at least one value`)
  const tests = filters.map(({ Name, Values = [] }) => ({ name: Name, patterns: Values.map(pattern) }))
  for (const { name } of tests) valuesOf({}, name)
  return item =>
    tests.every(({ name, patterns }) => valuesOf(item, name).some(value => patterns.some(p => p.test(value))))
}

/** A page of them, as MaxResults and NextToken say. */
export function describeList(name: string, all: readonly Data[], ask: Ask): Data {
  const most = ask.parameters.MaxResults as number | undefined
  const token = ask.parameters.NextToken as string | undefined
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString())
  if (Number.isNaN(start)) throw new Problem('InvalidParameterValue', `Unable to parse pagination token`)
  const end = most === undefined ? all.length : start + most
  return {
    [name]: all.slice(start, end),
    ...(end < all.length ? { NextToken: Buffer.from(String(end)).toString('base64url') } : {}),
  }
}
