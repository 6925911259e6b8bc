/** Further volumes, as `--amazonec2-block-device-mapping` writes them. */
import type { BlockDeviceMapping, EbsBlockDevice } from '@aws-sdk/client-ec2'
import { UsageError } from '../../src/errors.ts'

const NUMBERS = ['VolumeSize', 'Iops', 'Throughput'] as const
const SWITCHES = ['Encrypted', 'DeleteOnTermination'] as const
const TEXTS = ['VolumeType', 'SnapshotId', 'KmsKeyId'] as const

const HOW = 'as in /dev/sdf=100:gp3, or DeviceName=/dev/sdf,VolumeSize=100,VolumeType=gp3,DeleteOnTermination=false'

/**
 * `/dev/sdf=100[:gp3]` (GB and type), or EC2's own words with commas between them, with or without `Ebs={…}` around
 * what is the volume's. Throws UsageError.
 */
export function parseMapping(text: string): BlockDeviceMapping {
  const [, device, size, type] = /^(\/dev\/[^=,]+|xvd\w+|sd\w+)=(\d+)(?::(\w+))?$/.exec(text) ?? []
  if (device !== undefined && size !== undefined)
    return {
      DeviceName: device,
      Ebs: { VolumeSize: Number(size), ...(type ? { VolumeType: type as EbsBlockDevice['VolumeType'] } : {}) },
    }
  return fromWords(text)
}

function fromWords(text: string): BlockDeviceMapping {
  const refuse = (why: string) =>
    new UsageError(`--amazonec2-block-device-mapping "${text}" cannot be read: ${why}`, [HOW])
  const words = text.replace(/Ebs=\{([^}]*)\}/, '$1').split(',')
  const mapping: BlockDeviceMapping = {}
  const ebs: Record<string, unknown> = {}
  for (const word of words) {
    const [, key = '', value = ''] = /^(\w+)=(.+)$/.exec(word.trim()) ?? []
    if (key === 'DeviceName' || key === 'VirtualName') mapping[key] = value
    else if (isOneOf(TEXTS, key)) ebs[key] = value
    else if (isOneOf(NUMBERS, key) && /^\d+$/.test(value)) ebs[key] = Number(value)
    else if (isOneOf(SWITCHES, key) && /^(true|false)$/.test(value)) ebs[key] = value === 'true'
    else throw refuse(key === '' ? `"${word}" is not KEY=VALUE` : `"${word}" is nothing EC2 knows`)
  }
  if (mapping.DeviceName === undefined) throw refuse('it names no device')
  if (mapping.VirtualName === undefined && ebs.VolumeSize === undefined && ebs.SnapshotId === undefined)
    throw refuse('it has neither VolumeSize nor SnapshotId')
  return Object.keys(ebs).length > 0 ? { ...mapping, Ebs: ebs as EbsBlockDevice } : mapping
}

function isOneOf<T extends string>(words: readonly T[], word: string): word is T {
  return (words as readonly string[]).includes(word)
}
