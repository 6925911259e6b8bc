/** A launch's request and its launch template in one, as EC2 merges them: what the request says counts. */
import type { TagSpecification } from '@aws-sdk/client-ec2'
import type { Ask, Launch, World } from './world.ts'

interface Version {
  readonly LaunchTemplateId: string
  readonly LaunchTemplateName: string
  readonly VersionNumber: number
  readonly LaunchTemplateData: Launch & { readonly TagSpecifications?: TagSpecification[] }
}

/** The whole request; throws EC2's (moto's) words for a template that is not there. */
export async function mergeTemplate(ask: Ask, world: World): Promise<Launch> {
  const asked = ask.parameters as Launch
  const wanted = asked.LaunchTemplate
  if (wanted === undefined) return asked
  const found = await world.moto.call<{ LaunchTemplateVersions: Version[] }>(
    ask.region,
    'DescribeLaunchTemplateVersions',
    {
      ...(wanted.LaunchTemplateId ? { LaunchTemplateId: wanted.LaunchTemplateId } : {}),
      ...(wanted.LaunchTemplateName ? { LaunchTemplateName: wanted.LaunchTemplateName } : {}),
      Versions: [wanted.Version ?? '$Default'],
    },
  )
  const version = found.LaunchTemplateVersions[0]
  if (version === undefined) return asked
  const given = version.LaunchTemplateData
  const merged = {
    ...given,
    ...asked,
    BlockDeviceMappings: mergeBy('DeviceName', given.BlockDeviceMappings, asked.BlockDeviceMappings),
    NetworkInterfaces: mergeBy('DeviceIndex', given.NetworkInterfaces, asked.NetworkInterfaces),
    TagSpecifications: mergeTags(version, given.TagSpecifications, asked.TagSpecifications),
  }
  return Object.fromEntries(Object.entries(merged).filter(([, v]) => v !== undefined)) as Launch
}

function mergeBy<T extends object>(key: keyof T, given: T[] = [], asked: T[] = []): T[] | undefined {
  const all = new Map<unknown, T>()
  for (const each of [...given, ...asked]) all.set(each[key], { ...all.get(each[key]), ...each })
  return all.size > 0 ? [...all.values()] : undefined
}

function mergeTags(
  version: Version,
  given: TagSpecification[] = [],
  asked: TagSpecification[] = [],
): TagSpecification[] {
  const own = [
    { Key: 'aws:ec2launchtemplate:id', Value: version.LaunchTemplateId },
    { Key: 'aws:ec2launchtemplate:version', Value: String(version.VersionNumber) },
  ]
  const types = new Set([...given, ...asked].map(spec => spec.ResourceType).concat('instance'))
  return [...types].map(type => {
    const of = (specs: TagSpecification[]) => specs.filter(s => s.ResourceType === type).flatMap(s => s.Tags ?? [])
    const tags = new Map([...of(given), ...of(asked), ...(type === 'instance' ? own : [])].map(tag => [tag.Key, tag]))
    return { ResourceType: type, Tags: [...tags.values()] } as TagSpecification
  })
}
