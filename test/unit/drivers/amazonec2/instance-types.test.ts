import { expect, test } from '@jest/globals'
import { describeTypes } from '../../../../drivers/amazonec2/instance-types.ts'
import { cannedEc2 } from './canned-ec2.ts'

const T3 = {
  InstanceType: 't3.micro',
  ProcessorInfo: { SupportedArchitectures: ['x86_64'] },
  EbsInfo: { EbsOptimizedSupport: 'default' },
  BurstablePerformanceSupported: true,
  NetworkInfo: { Ipv6Supported: true },
  Hypervisor: 'nitro',
  SupportedUsageClasses: ['on-demand', 'spot'],
}
const T1 = {
  InstanceType: 't1.micro',
  ProcessorInfo: { SupportedArchitectures: ['i386', 'x86_64'] },
  EbsInfo: { EbsOptimizedSupport: 'unsupported' },
  NetworkInfo: { Ipv6Supported: false },
  Hypervisor: 'xen',
  SupportedUsageClasses: ['on-demand'],
}
const METAL = { InstanceType: 'm7g.metal', ProcessorInfo: { SupportedArchitectures: ['arm64'] }, BareMetal: true }

test('several are read with one call, in the order they were named, each once', async () => {
  const ec2 = cannedEc2({ DescribeInstanceTypes: { InstanceTypes: [T3, METAL, T1] } })
  const types = await describeTypes(ec2, ['t1.micro', 't3.micro', 't1.micro', 'm7g.metal'])
  expect(types).toEqual([
    {
      name: 't1.micro',
      cpus: ['x86_64'],
      ebsOptimised: 'unsupported',
      burstable: false,
      ipv6: false,
      nitro: false,
      spot: false,
    },
    {
      name: 't3.micro',
      cpus: ['x86_64'],
      ebsOptimised: 'default',
      burstable: true,
      ipv6: true,
      nitro: true,
      spot: true,
    },
    {
      name: 'm7g.metal',
      cpus: ['arm64'],
      ebsOptimised: 'unsupported',
      burstable: false,
      ipv6: false,
      nitro: true,
      spot: true,
    },
  ])
  expect(ec2.asked).toHaveLength(1)
})

test('what the region does not have is named', async () => {
  const ec2 = cannedEc2({ DescribeInstanceTypes: { InstanceTypes: [T3] } })
  await expect(describeTypes(ec2, ['t3.micro', 't9.nano', 'z1.big'])).rejects.toThrow(
    'there is no instance type t9.nano, z1.big in region us-east-1',
  )
})

test('what is no name of a type is not asked for', async () => {
  await expect(describeTypes(cannedEc2({}), ['small'])).rejects.toThrow('"small" is no instance type')
})

test('a type that runs no Linux', async () => {
  const mac = { InstanceType: 'mac2.metal', ProcessorInfo: { SupportedArchitectures: ['arm64_mac'] } }
  const ec2 = cannedEc2({ DescribeInstanceTypes: { InstanceTypes: [mac] } })
  await expect(describeTypes(ec2, ['mac2.metal'])).rejects.toThrow('instance type mac2.metal runs no Linux of ours')
})
