/** Records of docker-machine and its forks: reached, told apart from ours, and kept as they were. */
import { expect, test } from '@jest/globals'
import { addressOf, statusOf } from '../../../../drivers/amazonec2/inspect.ts'
import { accessOf, cannotStop, groupIdsOf, groupNamesOf, type State } from '../../../../drivers/amazonec2/state.ts'
import { owns } from '../../../../drivers/amazonec2/sweep.ts'

/** As docker-machine 0.16.2 wrote it. */
const old: State = {
  IPAddress: '198.51.100.9',
  MachineName: 'aws1',
  SSHUser: 'ubuntu',
  SSHPort: 22,
  Id: '129701e19b78338218ba3d3890ca2bf5',
  AccessKey: 'AKIAOLD',
  SecretKey: 'old-secret',
  SessionToken: '',
  Region: 'us-east-1',
  AMI: 'ami-927185ef',
  SSHKeyID: 0,
  ExistingKey: false,
  KeyName: 'aws1',
  InstanceId: 'i-0abc',
  InstanceType: 't2.micro',
  PrivateIPAddress: '10.0.0.5',
  SecurityGroupId: '',
  SecurityGroupIds: ['sg-1'],
  SecurityGroupName: '',
  SecurityGroupNames: ['docker-machine'],
  SecurityGroupReadOnly: false,
  OpenPorts: ['80', '53/udp'],
  Tags: 'k1,v1,k2,v2',
  ReservationId: '',
  DeviceName: '/dev/sda1',
  RootSize: 16,
  VolumeType: 'gp2',
  IamInstanceProfile: '',
  VpcId: 'vpc-1',
  SubnetId: 'subnet-1',
  Zone: 'a',
  RequestSpotInstance: false,
  SpotPrice: '0.50',
  BlockDurationMinutes: 0,
  PrivateIPOnly: false,
  UsePrivateIP: false,
  UseEbsOptimizedInstance: false,
  Monitoring: false,
  SSHPrivateKeyPath: '',
  RetryCount: 5,
  Endpoint: '',
  DisableSSL: false,
  UserDataFile: '',
}

test('keys in an old record are used; without both there are none', () => {
  expect(accessOf(old)).toEqual({
    region: 'us-east-1',
    endpoint: undefined,
    insecureTransport: false,
    profile: undefined,
    retries: 5,
    keys: { accessKeyId: 'AKIAOLD', secretAccessKey: 'old-secret' },
  })
  expect(accessOf({ ...old, SessionToken: 't' }).keys).toHaveProperty('sessionToken', 't')
  expect(accessOf({ ...old, SecretKey: '' }).keys).toBeUndefined()
  const { AccessKey: _, SecretKey: __, ...ours } = old
  const reached = accessOf({
    ...ours,
    Endpoint: 'http://localhost:1',
    DisableSSL: true,
    Profile: 'work',
    RetryCount: -1,
  })
  expect(reached).toEqual({
    region: 'us-east-1',
    endpoint: 'http://localhost:1',
    insecureTransport: true,
    profile: 'work',
    retries: -1,
    keys: undefined,
  })
})

test('groups of records before there were several, and of Go’s null', () => {
  expect(groupIdsOf(old)).toEqual(['sg-1'])
  expect(groupIdsOf({ ...old, SecurityGroupId: 'sg-0', SecurityGroupIds: null })).toEqual(['sg-0'])
  expect(groupNamesOf({ ...old, SecurityGroupName: 'g', SecurityGroupNames: null })).toEqual(['g'])
})

test('spot instances of docker-machine, and ours unless it was asked otherwise, cannot be stopped', () => {
  expect(cannotStop(old)).toBe(false)
  expect(cannotStop({ ...old, RequestSpotInstance: true })).toBe(true)
  expect(cannotStop({ ...old, RequestSpotInstance: true, SpotInterruption: 'terminate' })).toBe(true)
  expect(cannotStop({ ...old, RequestSpotInstance: true, SpotInterruption: 'stop' })).toBe(false)
})

test('the address a machine is reached at', () => {
  const seen = { PublicIpAddress: '198.51.100.9', PrivateIpAddress: '10.0.0.5', Ipv6Address: '2001:db8::1' }
  expect(addressOf(old, seen)).toBe('198.51.100.9')
  expect(addressOf({ ...old, UsePrivateIP: true }, seen)).toBe('10.0.0.5')
  expect(addressOf({ ...old, PrivateIPOnly: true }, seen)).toBe('10.0.0.5')
  expect(addressOf({ ...old, Ipv6AddressOnly: true }, seen)).toBe('2001:db8::1')
  const { Ipv6Address: _, ...nic } = seen
  const deep = { ...nic, NetworkInterfaces: [{ Ipv6Addresses: [{ Ipv6Address: '2001:db8::2' }] }] }
  expect(addressOf({ ...old, Ipv6AddressOnly: true }, deep)).toBe('2001:db8::2')
  expect(addressOf(old, { PrivateIpAddress: '10.0.0.5' })).toBeUndefined()
})

test.each([
  ['pending', 'Starting'],
  ['running', 'Running'],
  ['stopping', 'Stopping'],
  ['shutting-down', 'Stopping'],
  ['stopped', 'Stopped'],
  ['terminated', 'Not Found'],
  ['never-heard-of', ''],
])('%s is %s', (Name, status) => expect(statusOf({ State: { Name: Name as 'running' } })).toBe(status))

test('an instance EC2 does not know is not found', () => expect(statusOf(undefined)).toBe('Not Found'))

test('what a record owns', () => {
  const at = { place: 'us-east-1', machine: 'aws1' }
  expect(owns(old, { ...at, kind: 'instance', id: 'i-0abc' })).toBe(true)
  expect(owns(old, { ...at, kind: 'instance', id: 'i-other' })).toBe(false)
  expect(owns({ ...old, MachineName: 'renamed' }, { ...at, kind: 'instance', id: 'i-0abc' })).toBe(true)
  expect(owns(old, { ...at, kind: 'key pair', id: 'aws1' })).toBe(true)
  expect(owns(old, { ...at, kind: 'key pair', id: 'aws1-older' })).toBe(false)
  expect(owns(old, { ...at, kind: 'spot request', id: 'sir-1', instance: 'i-0abc' })).toBe(true)
  expect(owns({ ...old, SpotRequestId: 'sir-1' }, { ...at, kind: 'spot request', id: 'sir-1' })).toBe(true)
  expect(owns(old, { ...at, kind: 'spot request', id: 'sir-2', instance: 'i-2' })).toBe(false)
  expect(owns(old, { ...at, kind: 'volume', id: 'vol-1' })).toBe(true)
  expect(owns(old, { place: 'x', kind: 'security group', id: 'sg-1', name: 'docker-machine' })).toBe(true)
  expect(owns(old, { place: 'x', kind: 'security group', id: 'sg-9', name: 'other' })).toBe(false)
})

test('while it is created, a machine owns all that was made for it', () => {
  const creating = { ...old, InstanceId: '', ClientToken: 't' }
  expect(owns(creating, { place: 'x', machine: 'aws1', kind: 'instance', id: 'i-new' })).toBe(true)
  expect(owns(creating, { place: 'x', machine: 'aws1', kind: 'key pair', id: 'any' })).toBe(true)
  expect(owns(creating, { place: 'x', machine: 'aws2', kind: 'instance', id: 'i-new' })).toBe(false)
})
