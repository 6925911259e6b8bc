/** What EC2 refuses of a launch by its parameters alone. */
import type { Tag } from '@aws-sdk/client-ec2'
import { refuseUnless } from '../cloud/problem.ts'
import type { CloudImage } from './images.ts'
import { checkVolume } from './volume-rules.ts'
import type { Launch } from './world.ts'

const TAGGABLE = ['instance', 'volume', 'network-interface', 'spot-instances-request', 'elastic-gpu']
const USER_DATA_BYTES = 16_384

/** Before anything is looked up. */
export function checkParameters(asked: Launch): void {
  for (const name of ['MinCount', 'MaxCount'] as const)
    refuseUnless(asked[name] !== undefined, 'MissingParameter', `The request must contain the parameter ${name}`)
  refuseUnless(
    asked.MinCount === 1 && asked.MaxCount === 1,
    'KitNotImplemented',
    'the stand-in cloud launches one instance a call',
  )
  refuseUnless(asked.ImageId, 'MissingParameter', 'The request must contain the parameter ImageId')
  checkNetwork(asked)
  checkSpot(asked)
  checkTags(asked)
  checkUserData(asked.UserData)
  const hops = asked.MetadataOptions?.HttpPutResponseHopLimit ?? 1
  refuseUnless(
    hops >= 1 && hops <= 64,
    'InvalidParameterValue',
    `Value (${hops}) for parameter HttpPutResponseHopLimit is invalid. Valid values are between 1 and 64.`,
  )
  refuseUnless(
    asked.MetadataOptions?.HttpEndpoint !== 'disabled' || asked.MetadataOptions.HttpTokens === undefined,
    'InvalidParameterCombination',
    'The parameter HttpTokens cannot be used when HttpEndpoint is disabled',
  )
}

function checkNetwork(asked: Launch): void {
  const interfaces = asked.NetworkInterfaces ?? []
  if (interfaces.length === 0) return
  const both: [keyof Launch, string][] = [
    ['SubnetId', 'subnet ID'],
    ['SecurityGroupIds', 'security groups'],
    ['SecurityGroups', 'security groups'],
    ['PrivateIpAddress', 'private address'],
    ['Ipv6AddressCount', 'IPv6 address count'],
    ['Ipv6Addresses', 'IPv6 addresses'],
  ]
  for (const [name, words] of both)
    refuseUnless(
      asked[name] === undefined,
      'InvalidParameterCombination',
      `Network interfaces and an instance-level ${words} may not be specified on the same request`,
    )
  const indexes = interfaces.map(each => each.DeviceIndex)
  refuseUnless(
    indexes.every(i => i !== undefined),
    'MissingParameter',
    'The request must contain the parameter NetworkInterface.1.DeviceIndex',
  )
  refuseUnless(
    indexes.includes(0) && new Set(indexes).size === indexes.length,
    'InvalidParameterCombination',
    'Each network interface requires a unique device index, and one of them must be 0.',
  )
  for (const each of interfaces) {
    refuseUnless(
      !each.NetworkInterfaceId ||
        (each.SubnetId === undefined && each.Groups === undefined && each.AssociatePublicIpAddress === undefined),
      'InvalidParameterCombination',
      'A network interface may not specify both a network interface ID and a subnet, groups or a public address',
    )
    refuseUnless(
      !(each.AssociatePublicIpAddress !== undefined && interfaces.length > 1),
      'InvalidParameterCombination',
      'The associatePublicIPAddress parameter cannot be specified when launching with multiple network interfaces.',
    )
    refuseUnless(
      !(each.Ipv6AddressCount !== undefined && each.Ipv6Addresses !== undefined),
      'InvalidParameterCombination',
      'You cannot specify both Ipv6AddressCount and Ipv6Addresses',
    )
  }
}

function checkSpot(asked: Launch): void {
  const market = asked.InstanceMarketOptions
  if (market === undefined) return
  const spot = market.SpotOptions
  refuseUnless(
    market.MarketType === 'spot' || spot === undefined,
    'InvalidParameterCombination',
    'The parameter SpotOptions can only be used with the market type spot.',
  )
  if (market.MarketType !== 'spot') return
  const once = (spot?.SpotInstanceType ?? 'one-time') === 'one-time'
  const behaviour = spot?.InstanceInterruptionBehavior ?? 'terminate'
  refuseUnless(
    !once || behaviour === 'terminate',
    'InvalidParameterCombination',
    `The interruption behavior '${behaviour}' cannot be used with a one-time Spot Instance request.`,
  )
  refuseUnless(
    !once || spot?.ValidUntil === undefined,
    'InvalidParameterCombination',
    'The parameter validUntil cannot be used with a one-time Spot Instance request through RunInstances.',
  )
  refuseUnless(
    spot?.BlockDurationMinutes === undefined,
    'Unsupported',
    'Spot blocks (BlockDurationMinutes) are no longer supported.',
  )
  refuseUnless(
    spot?.MaxPrice === undefined || /^\d+(\.\d+)?$/.test(spot.MaxPrice),
    'InvalidParameterValue',
    `Invalid value '${spot?.MaxPrice}' for MaxPrice`,
  )
  refuseUnless(
    asked.InstanceInitiatedShutdownBehavior !== 'stop' || !once,
    'InvalidParameterCombination',
    "The shutdown behavior 'stop' is not supported for one-time Spot Instances.",
  )
  refuseUnless(
    asked.DisableApiTermination !== true,
    'InvalidParameterCombination',
    'The parameter DisableApiTermination is not supported for Spot Instances.',
  )
}

function checkTags(asked: Launch): void {
  const seen = new Set<string>()
  for (const { ResourceType: type = '', Tags: tags = [] } of asked.TagSpecifications ?? []) {
    refuseUnless(
      TAGGABLE.includes(type),
      'InvalidParameterValue',
      `'${type}' is not a valid taggable resource type for this operation.`,
    )
    refuseUnless(!seen.has(type), 'InvalidParameterValue', `Duplicate resource type '${type}' in the TagSpecifications`)
    seen.add(type)
    refuseUnless(tags.length > 0, 'InvalidParameterValue', 'Tag specification must have at least one tag')
    refuseUnless(tags.length <= 50, 'TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.')
    checkTagList(tags.filter(tag => !tag.Key?.startsWith('aws:ec2launchtemplate:')))
  }
  refuseUnless(
    !seen.has('spot-instances-request') || asked.InstanceMarketOptions?.MarketType === 'spot',
    'InvalidParameterCombination',
    "The resource type 'spot-instances-request' can only be tagged by a Spot request.",
  )
}

/** Keys and values as EC2 takes them. */
export function checkTagList(tags: readonly Tag[]): void {
  const keys = tags.map(tag => tag.Key ?? '')
  for (const key of keys) {
    refuseUnless(key !== '', 'InvalidParameterValue', 'Tag keys must not be empty')
    refuseUnless(
      !key.toLowerCase().startsWith('aws:'),
      'InvalidParameterValue',
      `Tag keys starting with 'aws:' are reserved for internal use`,
    )
    refuseUnless(key.length <= 127, 'InvalidParameterValue', 'Tag key exceeds the maximum length of 127 characters')
    refuseUnless(
      keys.filter(k => k === key).length === 1,
      'InvalidParameterValue',
      `Duplicate tag key '${key}' specified.`,
    )
  }
  for (const { Value: value = '' } of tags)
    refuseUnless(value.length <= 255, 'InvalidParameterValue', 'Tag value exceeds the maximum length of 255 characters')
}

function checkUserData(text: string | undefined): void {
  if (text === undefined) return
  const bytes = Buffer.from(text, 'base64')
  refuseUnless(
    bytes.toString('base64').replace(/=+$/, '') === text.replace(/\s/g, '').replace(/=+$/, ''),
    'InvalidUserData.Malformed',
    'Invalid BASE64 encoding of user data.',
  )
  refuseUnless(
    bytes.length <= USER_DATA_BYTES,
    'InvalidParameterValue',
    `User data is limited to ${USER_DATA_BYTES} bytes`,
  )
}

/** Once image and type are known. */
export function checkFit(
  asked: Launch,
  image: CloudImage,
  type: { name: string; architectures: readonly string[]; burstable: boolean },
): void {
  refuseUnless(
    type.architectures.includes(image.Architecture ?? ''),
    'InvalidParameterValue',
    `The architecture '${type.architectures.join(',')}' of the specified instance type does not match the architecture '${image.Architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.`,
  )
  refuseUnless(
    asked.CreditSpecification === undefined || type.burstable,
    'InvalidParameterCombination',
    `The CreditSpecification parameter is not supported for the instance type '${type.name}'.`,
  )
  const credits = asked.CreditSpecification?.CpuCredits
  refuseUnless(
    credits === undefined || credits === 'standard' || credits === 'unlimited',
    'InvalidParameterValue',
    `Invalid value '${credits}' for CpuCredits. Valid values are standard and unlimited.`,
  )
  for (const mapping of asked.BlockDeviceMappings ?? []) checkVolume(mapping, image)
}
