/** What RunInstances and CreateInstance refuse, beyond the form of each parameter: combinations, and what does not fit. */
import type { Data } from '../cloud/data.ts'
import { Problem, refuseUnless } from '../cloud/problem.ts'
import { type CloudImage, type InstanceType, TYPES } from './offers.ts'
import { invalid, missing } from './problem.ts'

export function typeOf(p: Data): InstanceType {
  if (p.InstanceType === undefined) throw missing('InstanceType')
  const type = TYPES.find(each => each.id === p.InstanceType)
  if (!type)
    throw new Problem(
      'InvalidInstanceType.ValueNotSupported',
      'The specified InstanceType does not exist or beyond the permitted range.',
    )
  return type
}

/** What is wrong whatever is there to be had. */
export function checkParameters(p: Data): void {
  for (const name of ['LaunchTemplateId', 'LaunchTemplateName', 'NetworkInterface', 'HostNames'])
    if (p[name] !== undefined) throw new Problem('KitNotImplemented', `the kit knows nothing of ${name}`)
  if (p.InstanceChargeType === 'PrePaid')
    throw new Problem('InvalidPayMethod', 'The specified billing method is not valid.', 403)
  if (p.PasswordInherit === true && p.Password !== undefined)
    throw new Problem('InvalidPasswordParam.Mismatch', 'The input password should be null when passwdInherit is true.')
  if (typeof p.MinAmount === 'number' && p.MinAmount > Number(p.Amount ?? 1))
    throw invalid('MinAmount', 'more than Amount', 'InvalidParameter.MinAmount')
  if (p.SpotStrategy === 'SpotWithPriceLimit' && !p.SpotPriceLimit) throw missing('SpotPriceLimit')
  if (p.DeletionProtection === true && (p.SpotStrategy ?? 'NoSpot') !== 'NoSpot')
    throw new Problem(
      'InvalidChargeType.ValueNotSupported',
      'Deletion protection is only valid for postPaid instance, not for prePaid or spot instance.',
      403,
    )
  if (typeof p.UserData === 'string' && Buffer.from(p.UserData, 'base64').length > 32 * 1024)
    throw new Problem('InvalidUserData.SizeExceeded', 'The size of the specified UserData exceeds 32 KB.')
  if (typeof p.AutoReleaseTime === 'string') checkReleaseTime(p.AutoReleaseTime)
  if (typeof p.ResourceGroupId === 'string' && !/^rg-[0-9a-z]{4,40}$/.test(p.ResourceGroupId))
    throw new Problem('InvalidResourceGroup.NotFound', 'The ResourceGroup provided does not exist in our records.', 404)
}

function checkReleaseTime(text: string): void {
  const ahead = Date.parse(text) - Date.now()
  if (!(ahead >= 30 * 60_000 - 60_000))
    throw invalid('AutoReleaseTime', 'at least 30 minutes from now', 'InvalidAutoReleaseTime.LessThanMinTime')
}

export function checkFit(p: Data, type: InstanceType, image: CloudImage): void {
  refuseUnless(
    !(image.windows && p.KeyPairName !== undefined),
    'DependencyViolation.WindowsInstance',
    'The instance creating is window, cannot use ssh key pair to login.',
    403,
  )
  refuseUnless(
    type.arch === image.arch,
    'InvalidInstanceType.NotSupported',
    'The specified instanceType is not supported by the image architecture.',
  )
  const system = (p.SystemDisk ?? {}) as Data
  const category = String(system.Category ?? type.disks[0])
  checkCategory(category, type)
  checkLevel('SystemDisk', category, system)
  const sizeGb = Number(system.Size ?? Math.max(40, image.sizeGb))
  if (sizeGb < 20)
    throw new Problem(
      'InvalidSystemDiskSize.LessThanMinSize',
      'The specified parameter SystemDisk.Size is less than the min size.',
      404,
    )
  if (sizeGb < image.sizeGb)
    throw new Problem(
      'InvalidSystemDiskSize.LessThanImageSize',
      'The specified parameter SystemDisk.Size is less than the image size.',
      404,
    )
  if (p.IoOptimized === 'none' && (category !== 'cloud' || type.id !== 'ecs.n4.small'))
    throw new Problem(
      'DependencyViolation.IoOptimized',
      'The specified instancetype must be IoOptimized instance.',
      404,
    )
  for (const [i, disk] of ((p.DataDisk ?? []) as Data[]).entries()) checkDisk(`DataDisk.${i + 1}`, disk, type)
}

function checkCategory(category: string, type: InstanceType): void {
  refuseUnless(
    type.disks.includes(category),
    'InvalidInstanceType.NotSupportDiskCategory',
    'The instanceType of the specified instance does not support this disk category.',
    403,
  )
}

/** Sizes a data disk of a category may have, in GiB. */
const SIZES: Readonly<Record<string, readonly [number, number]>> = {
  cloud: [5, 2000],
  cloud_efficiency: [20, 32_768],
  cloud_ssd: [20, 32_768],
  cloud_essd: [20, 65_536],
  cloud_auto: [5, 65_536],
  cloud_essd_entry: [10, 32_768],
}

function checkDisk(name: string, disk: Data, type: InstanceType): void {
  const category = dataCategory(disk, type)
  checkCategory(category, type)
  if (disk.Size === undefined && disk.SnapshotId === undefined) throw missing(`${name}.Size`)
  const [least, most] = SIZES[category] ?? [20, 32_768]
  if (Number(disk.Size) < least || Number(disk.Size) > most)
    throw invalid(`${name}.Size`, `from ${least} to ${most} with ${category}`, 'InvalidDataDiskSize.ValueNotSupported')
  checkLevel(name, category, disk)
  if (typeof disk.Device === 'string' && !/^\/dev\/xvd[b-z]$/.test(disk.Device))
    throw invalid(`${name}.Device`, '/dev/xvdb to /dev/xvdz', 'InvalidDataDevice.Malformed')
}

/** ESSDs have levels, each from a size on. */
const LEVELS: Readonly<Record<string, number>> = { PL0: 1, PL1: 20, PL2: 461, PL3: 1261 }

function checkLevel(name: string, category: string, { PerformanceLevel: level, Size: size }: Data): void {
  if (level === undefined) return
  if (category !== 'cloud_essd')
    throw invalid(`${name}.PerformanceLevel`, 'for cloud_essd alone', 'InvalidPerformanceLevel.Malformed')
  if (size !== undefined && Number(size) < (LEVELS[String(level)] ?? 0))
    throw new Problem(
      'OperationDenied.PerformanceLevelNotMatch',
      `The specified ${name}.PerformanceLevel and ${name}.Size do not match.`,
      403,
    )
}

/** What a data disk is where nothing is said of it. */
export const dataCategory = (disk: Data, type: InstanceType) =>
  String(disk.Category ?? (type.disks.includes('cloud_efficiency') ? 'cloud_efficiency' : type.disks[0]))
