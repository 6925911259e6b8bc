/** The old driver's flags, each with its variable, as people's scripts have them. */
import { expect, test } from '@jest/globals'
import { aliyunecs } from '../../../../drivers/aliyunecs/index.ts'
import { flagName, flagNames } from '../../../../src/driver-config.ts'
import { configOf } from './config.ts'

const OLD = {
  'access-key-id': 'ECS_ACCESS_KEY_ID',
  'access-key-secret': 'ECS_ACCESS_KEY_SECRET',
  'image-id': 'ECS_IMAGE_ID',
  region: 'ECS_REGION',
  'vpc-id': 'ECS_VPC_ID',
  'vswitch-id': 'ECS_VSWITCH_ID',
  zone: 'ECS_ZONE',
  'security-group': 'ECS_SECURITY_GROUP',
  'instance-type': 'ECS_INSTANCE_TYPE',
  'private-ip': 'ECS_VPC_PRIVATE_IP',
  description: 'ECS_DESCRIPTION',
  'ssh-password': 'ECS_SSH_PASSWORD',
  'ssh-keypair': 'ECS_SSH_KEYPAIR',
  'ssh-keypath': 'ECS_SSH_KEYPATH',
  'private-address-only': 'ECS_PRIVATE_ADDR_ONLY',
  'internet-max-bandwidth': 'ECS_INTERNET_MAX_BANDWIDTH',
  'internet-charge-type': 'ECS_INTERNET_CHARGE_TYPE',
  'route-cidr': 'ECS_ROUTE_CIDR',
  'slb-id': 'ECS_SLB_ID',
  tag: 'ECS_TAGS',
  'disk-size': 'ECS_DISK_SIZE',
  'disk-fs': 'ECS_DISK_FS',
  'system-disk-size': 'ECS_SYSTEM_DISK_SIZE',
  'system-disk-category': 'ECS_SYSTEM_DISK_CATEGORY',
  'disk-category': 'ECS_DISK_CATEGORY',
  'upgrade-kernel': 'ECS_UPGRADE_KERNEL',
  'io-optimized': 'ECS_IO_OPTIMIZED',
  'api-endpoint': 'ECS_API_ENDPOINT',
  'resource-group-id': 'ECS_RESOURCE_GROUP_ID',
}

const specs = Object.entries(aliyunecs.flags).map(([key, spec]) => ({
  key,
  spec,
  name: flagName(aliyunecs, key, spec),
}))

test('all 29 are there, with their variables', () => {
  expect(Object.keys(OLD)).toHaveLength(29)
  const ours = Object.fromEntries(specs.map(({ name, spec }) => [name, spec.env]))
  for (const [name, env] of Object.entries(OLD)) expect(ours).toHaveProperty([`aliyunecs-${name}`], env)
})

test('no name and no variable stands for two flags', () => {
  const names = specs.flatMap(({ key, spec }) => flagNames(aliyunecs, key, spec))
  expect(new Set(names).size).toBe(names.length)
  const variables = specs.flatMap(({ spec }) => [spec.env, ...('envAliases' in spec ? spec.envAliases : [])])
  expect(new Set(variables).size).toBe(variables.length)
  expect(variables).not.toContain(undefined)
})

test('the names of other tools are taken, after our own', () => {
  expect(configOf({}, { ALIBABA_CLOUD_REGION_ID: 'cn-beijing' }).region).toBe('cn-beijing')
  expect(configOf({}, { ALIYUN_REGION: 'cn-beijing', ECS_REGION: 'cn-qingdao' }).region).toBe('cn-qingdao')
  expect(configOf({}, { ECS_ENDPOINT: 'ecs.example' }).apiEndpoint).toBe('ecs.example')
})

test('what is secret is no part of the settings', () => {
  const config = configOf(
    { 'access-key-id': 'a', 'access-key-secret': 'b', 'security-token': 'c', 'ssh-password': 'd' },
    { ECS_ACCESS_KEY_ID: 'e' },
  )
  expect(Object.keys(config)).not.toEqual(expect.arrayContaining([expect.stringMatching(/access|token$|password/i)]))
  expect(JSON.stringify(config)).not.toMatch(/"[a-e]"/)
})
