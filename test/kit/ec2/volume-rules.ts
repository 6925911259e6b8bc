/** What EBS refuses of a volume. Limits of each type: IOPS, throughput (MiB/s), size (GiB). */
import type { BlockDeviceMapping } from '@aws-sdk/client-ec2'
import { refuseUnless } from '../cloud/problem.ts'
import type { CloudImage } from './images.ts'

const IOPS: Readonly<Record<string, readonly [number, number, number]>> = {
  gp3: [3000, 80_000, 500],
  io1: [100, 64_000, 50],
  io2: [100, 256_000, 1000],
}
const SIZE: Readonly<Record<string, readonly [number, number]>> = {
  gp2: [1, 16_384],
  gp3: [1, 65_536],
  io1: [4, 16_384],
  io2: [4, 65_536],
  st1: [125, 16_384],
  sc1: [125, 16_384],
  standard: [1, 1024],
}
const THROUGHPUT = [125, 2000] as const

export function checkVolume(
  { DeviceName: device, Ebs: ebs, NoDevice: none }: BlockDeviceMapping,
  image: CloudImage,
): void {
  refuseUnless(device, 'MissingParameter', 'The request must contain the parameter deviceName')
  if (none !== undefined || ebs === undefined) return
  const isRoot = device === image.RootDeviceName
  const type = ebs.VolumeType ?? (isRoot ? 'gp3' : 'gp2')
  const size = ebs.VolumeSize ?? (isRoot ? image.sizeGb : undefined)
  refuseUnless(
    size !== undefined || ebs.SnapshotId,
    'InvalidBlockDeviceMapping',
    `snapshotId or volumeSize must be specified for ${device}`,
  )
  const [least, most] = SIZE[type] ?? [1, 65_536]
  refuseUnless(
    size === undefined || (size >= least && size <= most),
    'InvalidParameterValue',
    `Volume of ${size}GiB is invalid; it must be between ${least} and ${most} GiB for volume type ${type}`,
  )
  refuseUnless(
    !isRoot || size === undefined || size >= image.sizeGb,
    'InvalidBlockDeviceMapping',
    `Volume of size ${size}GB is smaller than snapshot '${image.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId}', expect size >= ${image.sizeGb}GB`,
  )
  checkIops(type, size ?? least, ebs.Iops)
  if (ebs.Throughput !== undefined) checkThroughput(type, ebs.Iops ?? 3000, ebs.Throughput)
  refuseUnless(
    ebs.KmsKeyId === undefined || ebs.Encrypted === true,
    'InvalidParameterDependency',
    'The parameter KmsKeyId requires the parameter Encrypted to be set.',
  )
}

function checkIops(type: string, size: number, iops: number | undefined): void {
  const limits = IOPS[type]
  if (iops === undefined) {
    refuseUnless(
      type !== 'io1' && type !== 'io2',
      'MissingParameter',
      `The parameter iops must be specified for ${type} volumes.`,
    )
    return
  }
  refuseUnless(limits, 'InvalidParameterCombination', `The parameter iops is not supported for ${type} volumes.`)
  const [least, most, perGb] = limits
  refuseUnless(iops >= least, 'InvalidParameterValue', `Volume iops of ${iops} is too low; minimum is ${least}.`)
  refuseUnless(iops <= most, 'InvalidParameterValue', `Volume iops of ${iops} is too high; maximum is ${most}.`)
  refuseUnless(
    iops <= Math.max(least, perGb * size),
    'InvalidParameterValue',
    `Iops to volume size ratio of ${(iops / size).toFixed(6)} is too high; maximum is ${perGb} IOPS per GiB`,
  )
}

function checkThroughput(type: string, iops: number, throughput: number): void {
  refuseUnless(
    type === 'gp3',
    'InvalidParameterCombination',
    `The parameter throughput is not supported for ${type} volumes.`,
  )
  const [least, most] = THROUGHPUT
  refuseUnless(
    throughput >= least,
    'InvalidParameterValue',
    `Volume throughput of ${throughput} MiB/s is too low; minimum is ${least} MiB/s.`,
  )
  refuseUnless(
    throughput <= most,
    'InvalidParameterValue',
    `Volume throughput of ${throughput} MiB/s is too high; maximum is ${most} MiB/s.`,
  )
  refuseUnless(
    throughput / iops <= 0.25,
    'InvalidParameterValue',
    `Throughput (MiB/s) to iops ratio of ${(throughput / iops).toFixed(6)} is too high; maximum is 0.250000 MiB/s per iops`,
  )
}
