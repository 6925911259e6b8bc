/** The surface: every flag and variable of Docker Machine 0.16.2 and of its forks, with one meaning. */
import { expect, test } from '@jest/globals'
import { amazonec2 } from '../../../../drivers/amazonec2/index.ts'
import type { FlagSpec } from '../../../../drivers/driver.ts'
import { flagNames, readConfig } from '../../../../src/driver-config.ts'

/** `env` is '' where there was none. */
type Row = [name: string, type: FlagSpec['type'], env: string]

/** Docker Machine's. */
const DOCKER_MACHINE: Row[] = [
  ['access-key', 'string', 'AWS_ACCESS_KEY_ID'],
  ['secret-key', 'string', 'AWS_SECRET_ACCESS_KEY'],
  ['session-token', 'string', 'AWS_SESSION_TOKEN'],
  ['ami', 'string', 'AWS_AMI'],
  ['region', 'string', 'AWS_DEFAULT_REGION'],
  ['vpc-id', 'string', 'AWS_VPC_ID'],
  ['zone', 'string', 'AWS_ZONE'],
  ['subnet-id', 'string', 'AWS_SUBNET_ID'],
  ['security-group-readonly', 'bool', 'AWS_SECURITY_GROUP_READONLY'],
  ['security-group', 'list', 'AWS_SECURITY_GROUP'],
  ['open-port', 'list', ''],
  ['tags', 'string', 'AWS_TAGS'],
  ['instance-type', 'string', 'AWS_INSTANCE_TYPE'],
  ['device-name', 'string', 'AWS_DEVICE_NAME'],
  ['root-size', 'int', 'AWS_ROOT_SIZE'],
  ['volume-type', 'string', 'AWS_VOLUME_TYPE'],
  ['iam-instance-profile', 'string', 'AWS_INSTANCE_PROFILE'],
  ['ssh-port', 'int', 'AWS_SSH_PORT'],
  ['ssh-user', 'string', 'AWS_SSH_USER'],
  ['request-spot-instance', 'bool', ''],
  ['spot-price', 'string', ''],
  ['block-duration-minutes', 'int', ''],
  ['private-address-only', 'bool', ''],
  ['use-private-address', 'bool', ''],
  ['monitoring', 'bool', ''],
  ['use-ebs-optimized-instance', 'bool', ''],
  ['ssh-keypath', 'string', 'AWS_SSH_KEYPATH'],
  ['keypair-name', 'string', 'AWS_KEYPAIR_NAME'],
  ['retries', 'int', ''],
  ['endpoint', 'string', 'AWS_ENDPOINT'],
  ['insecure-transport', 'bool', 'AWS_INSECURE_TRANSPORT'],
  ['userdata', 'string', 'AWS_USERDATA'],
]
const FORKS: Row[] = [
  ['metadata-token', 'string', ''],
  ['metadata-token-response-hop-limit', 'int', ''],
  ['volume-encrypted', 'bool', ''],
  ['volume-kms-key', 'string', 'AWS_VOLUME_KMS_KEY'],
  ['http-tokens', 'string', 'AWS_HTTP_TOKENS'],
  ['http-endpoint', 'string', 'AWS_HTTP_ENDPOINT'],
  ['http-protocol-ipv6', 'string', 'AWS_HTTP_PROTOCOL_IPV6'],
  ['encrypt-ebs-volume', 'bool', 'AWS_ENCRYPT_EBS_VOLUME'],
  ['kms-key', 'string', 'AWS_KMS_KEY'],
  ['ipv6-address-count', 'int', 'AWS_IPV6_ADDRESS_COUNT'],
  ['ipv6-address-only', 'bool', 'AWS_IPV6_ADDRESS_ONLY'],
  ['enable-primary-ipv6', 'bool', 'AWS_ENABLE_PRIMARY_IPV6'],
]

const specs = Object.entries(amazonec2.flags as Record<string, FlagSpec>)

test.each([...DOCKER_MACHINE, ...FORKS])('--amazonec2-%s (%s, %s)', (name, type, env) => {
  const found = specs.filter(([key, spec]) => flagNames(amazonec2, key, spec).includes(`amazonec2-${name}`))
  expect(found).toHaveLength(1)
  const [, spec] = found[0] as [string, FlagSpec]
  expect(spec.type).toBe(type)
  if (env) expect([spec.env, ...(spec.envAliases ?? [])]).toContain(env)
})

test('there are 32 of docker-machine', () => expect(DOCKER_MACHINE).toHaveLength(32))

test('every flag has a variable of its own, but the one whose values hold commas', () => {
  const variables = specs.flatMap(([, spec]) => [spec.env, ...(spec.envAliases ?? [])]).filter(Boolean)
  expect(new Set(variables).size).toBe(variables.length)
  expect(specs.filter(([, spec]) => !spec.env).map(([key]) => key)).toEqual(['blockDeviceMapping'])
})

test('keys are no settings', () => {
  const typed = {
    'amazonec2-access-key': 'CANARY',
    'amazonec2-secret-key': 'CANARY',
    'amazonec2-session-token': 'CANARY',
  }
  const env = { AWS_ACCESS_KEY_ID: 'CANARY', AWS_SECRET_ACCESS_KEY: 'CANARY', AWS_SESSION_TOKEN: 'CANARY' }
  expect(JSON.stringify(readConfig(amazonec2, typed, env, []))).not.toContain('CANARY')
})

test('a launch template must be able to tell what was typed: only encryption has a default', () => {
  expect(specs.filter(([, spec]) => spec.default !== undefined).map(([key]) => key)).toEqual(['volumeEncrypted'])
})
