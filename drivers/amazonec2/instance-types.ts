/** What there is to know of instance types before one is asked for. */
import type { InstanceTypeInfo } from '@aws-sdk/client-ec2'
import { MachineError, UsageError } from '../../src/errors.ts'
import type { Ec2 } from './api.ts'
import type { Cpu } from './image-families.ts'

export interface InstanceType {
  readonly name: string
  /** The first one is the image's to have. */
  readonly cpus: readonly Cpu[]
  readonly ebsOptimised: 'default' | 'supported' | 'unsupported'
  /** Takes a credit specification (t2, t3, t4g …). */
  readonly burstable: boolean
  readonly ipv6: boolean
  readonly nitro: boolean
  readonly spot: boolean
}

/** The types of these names, in this order, each once. Throws naming those the region does not have. One call. */
export async function describeTypes(ec2: Ec2, names: readonly string[]): Promise<InstanceType[]> {
  const asked = [...new Set(names)]
  const odd = asked.find(name => !/^[a-z0-9][a-z0-9-]*\.[a-z0-9-]+$/.test(name))
  if (odd !== undefined)
    throw new UsageError(`"${odd}" is no instance type`, ['types are called as t3.micro or m7g.large'])
  // A filter, for InstanceTypes would fail as a whole over one name, and not say which.
  const found = new Map<string, InstanceTypeInfo>()
  let token: string | undefined
  do {
    const page = await ec2.call('DescribeInstanceTypes', {
      Filters: [{ Name: 'instance-type', Values: asked }],
      ...(token ? { NextToken: token } : {}),
    })
    for (const type of page.InstanceTypes ?? []) found.set(type.InstanceType ?? '', type)
    token = page.NextToken || undefined
  } while (token)
  const missing = asked.filter(name => !found.has(name))
  if (missing.length > 0)
    throw new MachineError('EC2_NOT_FOUND', `there is no instance type ${missing.join(', ')} in region ${ec2.region}`, {
      hints: ['check --amazonec2-instance-type: aws ec2 describe-instance-type-offerings lists those of the region'],
    })
  return asked.map(name => read(name, found.get(name) as InstanceTypeInfo))
}

function read(name: string, info: InstanceTypeInfo): InstanceType {
  const cpus = (info.ProcessorInfo?.SupportedArchitectures ?? []).filter(
    (word): word is Cpu => word === 'x86_64' || word === 'arm64',
  )
  if (cpus.length === 0)
    throw new UsageError(`instance type ${name} runs no Linux of ours`, ['take another --amazonec2-instance-type'])
  return {
    name,
    cpus,
    ebsOptimised: info.EbsInfo?.EbsOptimizedSupport ?? 'unsupported',
    burstable: info.BurstablePerformanceSupported ?? false,
    ipv6: info.NetworkInfo?.Ipv6Supported ?? false,
    nitro: info.Hypervisor === 'nitro' || info.BareMetal === true,
    spot: info.SupportedUsageClasses?.includes('spot') ?? true,
  }
}
