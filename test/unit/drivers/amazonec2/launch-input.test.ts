/** RunInstances as a whole, for settings as they are typed. */
import { expect, test } from '@jest/globals'
import { type Launch, launchInput } from '../../../../drivers/amazonec2/launch-input.ts'
import type { Candidate } from '../../../../drivers/amazonec2/plan.ts'
import { readSettings } from '../../../../drivers/amazonec2/settings.ts'
import type { Template } from '../../../../drivers/amazonec2/template.ts'
import { configOf } from './config.ts'

const candidate: Candidate = {
  type: {
    name: 't3.micro',
    cpus: ['x86_64'],
    ebsOptimised: 'default',
    burstable: true,
    ipv6: true,
    nitro: true,
    spot: true,
  },
  image: {
    id: 'ami-1',
    name: 'ubuntu',
    cpu: 'x86_64',
    rootDevice: '/dev/sda1',
    rootSizeGb: 8,
    sshUser: 'ubuntu',
    imdsV2: true,
    bootMode: undefined,
  },
  subnet: { id: 'subnet-1', zone: 'us-east-1a', ipv6: undefined, ipv6Native: false, freeAddresses: 100 },
}
const template: Template = {
  id: 'lt-1',
  version: '3',
  imageId: 'ami-1',
  type: 't3.micro',
  subnetId: undefined,
  groupIds: undefined,
  plainGroups: false,
  hasDisks: true,
  hasMetadata: true,
  userData: undefined,
  tags: { instance: { team: 'theirs', cost: '42' } },
}

function input(typed: Record<string, unknown> = {}, launch: Partial<Launch> = {}) {
  return launchInput(readSettings(configOf(typed)), {
    token: 'token-1',
    candidate,
    groupIds: ['sg-1'],
    keyName: 'web-key',
    userData: undefined,
    template: undefined,
    name: 'web',
    storeId: 'deadbeef',
    ...launch,
  })
}

const marks = [
  { Key: 'Name', Value: 'web' },
  { Key: 'machine:name', Value: 'web' },
  { Key: 'machine:store', Value: 'deadbeef' },
]
const plain = {
  MinCount: 1,
  MaxCount: 1,
  ClientToken: 'token-1',
  ImageId: 'ami-1',
  InstanceType: 't3.micro',
  KeyName: 'web-key',
  NetworkInterfaces: [
    {
      DeviceIndex: 0,
      SubnetId: 'subnet-1',
      DeleteOnTermination: true,
      Groups: ['sg-1'],
      AssociatePublicIpAddress: true,
    },
  ],
  BlockDeviceMappings: [
    {
      DeviceName: '/dev/sda1',
      Ebs: { VolumeSize: 16, VolumeType: 'gp3', Encrypted: true, DeleteOnTermination: true },
    },
  ],
  MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1, HttpEndpoint: 'enabled' },
  TagSpecifications: [
    { ResourceType: 'instance', Tags: marks },
    { ResourceType: 'volume', Tags: marks },
    { ResourceType: 'network-interface', Tags: marks },
  ],
}

test('of nothing typed', () => expect(input()).toEqual(plain))

test('of everything typed', () =>
  expect(
    input(
      {
        'device-name': '/dev/xvda',
        'root-size': '40',
        'volume-type': 'gp3',
        'volume-iops': '4000',
        'volume-throughput': '300',
        'volume-kms-key': 'alias/disks',
        'block-device-mapping': ['/dev/sdf=100', 'DeviceName=/dev/sdg,VolumeSize=5,DeleteOnTermination=false'],
        'iam-instance-profile': 'puller',
        monitoring: true,
        'use-ebs-optimized-instance': true,
        'credit-specification': 'unlimited',
        'placement-group': 'near',
        tenancy: 'dedicated',
        'request-spot-instance': true,
        'spot-price': '0.02',
        'spot-interruption': 'hibernate',
        'metadata-token': 'optional',
        'metadata-token-response-hop-limit': '2',
        'http-endpoint': 'enabled',
        'http-protocol-ipv6': 'enabled',
        'private-address-only': true,
        'ipv6-address-count': '2',
        'enable-primary-ipv6': true,
        tags: 'team,infra',
      },
      { userData: 'I2Nsb3Vk' },
    ),
  ).toEqual({
    ...plain,
    UserData: 'I2Nsb3Vk',
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        SubnetId: 'subnet-1',
        DeleteOnTermination: true,
        Groups: ['sg-1'],
        AssociatePublicIpAddress: false,
        Ipv6AddressCount: 2,
        PrimaryIpv6: true,
      },
    ],
    BlockDeviceMappings: [
      {
        DeviceName: '/dev/xvda',
        Ebs: {
          VolumeSize: 40,
          VolumeType: 'gp3',
          Iops: 4000,
          Throughput: 300,
          Encrypted: true,
          KmsKeyId: 'alias/disks',
          DeleteOnTermination: true,
        },
      },
      {
        DeviceName: '/dev/sdf',
        Ebs: {
          VolumeSize: 100,
          VolumeType: 'gp3',
          Encrypted: true,
          KmsKeyId: 'alias/disks',
          DeleteOnTermination: true,
        },
      },
      {
        DeviceName: '/dev/sdg',
        Ebs: {
          VolumeSize: 5,
          VolumeType: 'gp3',
          Encrypted: true,
          KmsKeyId: 'alias/disks',
          DeleteOnTermination: false,
        },
      },
    ],
    IamInstanceProfile: { Name: 'puller' },
    Monitoring: { Enabled: true },
    EbsOptimized: true,
    CreditSpecification: { CpuCredits: 'unlimited' },
    Placement: { GroupName: 'near', Tenancy: 'dedicated' },
    InstanceMarketOptions: {
      MarketType: 'spot',
      SpotOptions: { MaxPrice: '0.02', SpotInstanceType: 'persistent', InstanceInterruptionBehavior: 'hibernate' },
    },
    MetadataOptions: {
      HttpTokens: 'optional',
      HttpPutResponseHopLimit: 2,
      HttpEndpoint: 'enabled',
      HttpProtocolIpv6: 'enabled',
    },
    TagSpecifications: ['instance', 'volume', 'network-interface', 'spot-instances-request'].map(ResourceType => ({
      ResourceType,
      Tags: [marks[0], { Key: 'team', Value: 'infra' }, marks[1], marks[2]],
    })),
  }))

test('nothing beside disabled metadata, which EC2 would refuse', () =>
  expect(input({ 'http-endpoint': 'disabled', 'http-tokens': 'required' }).MetadataOptions).toEqual({
    HttpEndpoint: 'disabled',
  }))

test('a launch template decides what was not typed', () =>
  expect(input({}, { template })).toEqual({
    ...Object.fromEntries(
      Object.entries(plain).filter(([key]) => key !== 'BlockDeviceMappings' && key !== 'MetadataOptions'),
    ),
    LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '3' },
    TagSpecifications: [
      {
        ResourceType: 'instance',
        Tags: [{ Key: 'team', Value: 'theirs' }, { Key: 'cost', Value: '42' }, ...marks],
      },
      { ResourceType: 'volume', Tags: marks },
      { ResourceType: 'network-interface', Tags: marks },
    ],
  }))

test('what was typed goes before it; where it says nothing, ours stands', () => {
  const typed = input({ 'root-size': '40', 'http-tokens': 'optional', tags: 'team,ours' }, { template })
  expect(typed.BlockDeviceMappings?.[0]?.Ebs?.VolumeSize).toBe(40)
  expect(typed.MetadataOptions).toEqual({ HttpTokens: 'optional' })
  expect(typed.TagSpecifications?.[0]?.Tags).toContainEqual({ Key: 'team', Value: 'ours' })
  const bare = input({}, { template: { ...template, hasDisks: false, hasMetadata: false, tags: {} } })
  expect(bare).toEqual({ ...plain, LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '3' } })
})

test('groups beside interfaces in a template have ours beside them', () => {
  const launched = input({}, { template: { ...template, plainGroups: true } })
  expect(launched).toMatchObject({ SubnetId: 'subnet-1', SecurityGroupIds: ['sg-1'] })
  expect(launched).not.toHaveProperty('NetworkInterfaces')
})

test('variants', () => {
  const nic = (typed: Record<string, unknown>, launch: Partial<Launch> = {}) =>
    input(typed, launch).NetworkInterfaces?.[0]
  expect(nic({ 'use-private-address': true })?.AssociatePublicIpAddress).toBe(true)
  expect(nic({ 'ipv6-address-only': true })).toMatchObject({ AssociatePublicIpAddress: false, Ipv6AddressCount: 1 })
  const native = { ...candidate, subnet: { ...candidate.subnet, ipv6Native: true } }
  expect(nic({ 'ipv6-address-only': true }, { candidate: native })).not.toHaveProperty('AssociatePublicIpAddress')
  expect(input({ 'iam-instance-profile': 'arn:aws:iam::1:instance-profile/x' }).IamInstanceProfile).toEqual({
    Arn: 'arn:aws:iam::1:instance-profile/x',
  })
  expect(input({ 'volume-encrypted': false }).BlockDeviceMappings?.[0]?.Ebs).not.toHaveProperty('Encrypted')
  expect(input({ 'termination-protection': true }).DisableApiTermination).toBe(true)
  const large = { ...candidate, image: { ...candidate.image, rootSizeGb: 30 } }
  expect(input({}, { candidate: large }).BlockDeviceMappings?.[0]?.Ebs?.VolumeSize).toBe(30)
  const spot = input({ 'request-spot-instance': true }).InstanceMarketOptions?.SpotOptions
  expect(spot).toEqual({ SpotInstanceType: 'one-time', InstanceInterruptionBehavior: 'terminate' })
})

test('a DryRun names neither token nor key', () => {
  const {
    token: _,
    keyName: __,
    ...dry
  } = {
    token: '',
    keyName: '',
    candidate,
    groupIds: [],
    userData: undefined,
    template: undefined,
    name: 'web',
    storeId: 'deadbeef',
  }
  const asked = launchInput(readSettings(configOf()), dry)
  expect(asked).not.toHaveProperty('ClientToken')
  expect(asked).not.toHaveProperty('KeyName')
  expect(asked.NetworkInterfaces?.[0]).not.toHaveProperty('Groups')
})
