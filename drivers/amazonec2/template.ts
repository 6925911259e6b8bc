/** A launch template, as far as our own settings depend on it. */
import type { ResponseLaunchTemplateData } from '@aws-sdk/client-ec2'
import { MachineError } from '../../src/errors.ts'
import { providerCode } from '../cloud/failure.ts'
import type { Ec2 } from './api.ts'
import { type Tags, tagsOf } from './tags.ts'

export interface Template {
  readonly id: string
  /** A number: `$Default` may be another version by the time a launch is asked for again. */
  readonly version: string
  readonly imageId: string | undefined
  readonly type: string | undefined
  readonly subnetId: string | undefined
  readonly groupIds: readonly string[] | undefined
  /** Its groups stand beside its interfaces: then ours must as well. */
  readonly plainGroups: boolean
  readonly hasDisks: boolean
  readonly hasMetadata: boolean
  /** Base64. */
  readonly userData: string | undefined
  /** By resource type. */
  readonly tags: Readonly<Record<string, Tags>>
}

/** Reads the version that a launch would take. One call. */
export async function readTemplate(ec2: Ec2, ask: { name: string; version: string }): Promise<Template> {
  const looking = ec2.call('DescribeLaunchTemplateVersions', {
    ...(/^lt-[0-9a-f]+$/.test(ask.name) ? { LaunchTemplateId: ask.name } : { LaunchTemplateName: ask.name }),
    Versions: [ask.version],
    ResolveAlias: true,
  })
  const { LaunchTemplateVersions: [found] = [] } = await looking.catch(error => {
    // EC2's own words do not name it.
    if (/^InvalidLaunchTemplate/.test(providerCode(error) ?? '')) throw missing(ask, ec2.region, error)
    throw error
  })
  if (!found?.LaunchTemplateId) throw missing(ask, ec2.region)
  return toTemplate(found.LaunchTemplateId, String(found.VersionNumber ?? ask.version), found.LaunchTemplateData ?? {})
}

function missing(ask: { name: string; version: string }, region: string, cause?: unknown): MachineError {
  const version = /^\$/.test(ask.version) ? '' : `version ${ask.version} of `
  return new MachineError('EC2_NO_TEMPLATE', `${version}launch template ${ask.name} is not there in region ${region}`, {
    hints: ['check --amazonec2-launch-template NAME[:VERSION] and --amazonec2-region'],
    cause,
  })
}

function toTemplate(id: string, version: string, data: ResponseLaunchTemplateData): Template {
  const nic = data.NetworkInterfaces?.find(each => (each.DeviceIndex ?? 0) === 0)
  const plain = data.SecurityGroupIds ?? []
  const groups = plain.length > 0 ? plain : (nic?.Groups ?? [])
  return {
    id,
    version,
    imageId: data.ImageId || undefined,
    type: data.InstanceType || undefined,
    subnetId: nic?.SubnetId || undefined,
    groupIds: groups.length > 0 ? groups : undefined,
    plainGroups: plain.length > 0,
    hasDisks: (data.BlockDeviceMappings ?? []).length > 0,
    hasMetadata: data.MetadataOptions !== undefined,
    userData: data.UserData || undefined,
    tags: Object.fromEntries((data.TagSpecifications ?? []).map(spec => [spec.ResourceType ?? '', tagsOf(spec)])),
  }
}
