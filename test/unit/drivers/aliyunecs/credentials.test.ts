/** Where keys come from, and in which order; STS and the metadata service are loopback ones. */

import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { Access } from '../../../../drivers/aliyunecs/access.ts'
import { connect } from '../../../../drivers/aliyunecs/api.ts'
import { keysIn, sourceOf } from '../../../../drivers/aliyunecs/credentials.ts'
import { makeTempDir } from '../../../kit/temp-dir.ts'
import { loopbackApi } from '../amazonec2/loopback-api.ts'

function homeWith(profiles: object[], current = 'work') {
  const home = makeTempDir()
  mkdirSync(join(home.path, '.aliyun'))
  writeFileSync(join(home.path, '.aliyun/config.json'), JSON.stringify({ current, profiles }))
  return home
}

const noRole = async () => {
  throw new Error('nobody takes a role here')
}
const keysFor = async (access: Access, env: Record<string, string>) => {
  const source = await sourceOf(access, { env: { ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true', ...env } }, noRole)
  return [source.name, await source.keys()]
}

const AK = { name: 'work', mode: 'AK', access_key_id: 'W', access_key_secret: 'w', region_id: 'cn-beijing' }

test.each([
  ['ECS_ACCESS_KEY_ID', 'ECS_ACCESS_KEY_SECRET', 'ECS_SECURITY_TOKEN'],
  ['ALIBABA_CLOUD_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'ALIBABA_CLOUD_SECURITY_TOKEN'],
  ['ALIYUN_ACCESS_KEY_ID', 'ALIYUN_ACCESS_KEY_SECRET', 'ALIYUN_SECURITY_TOKEN'],
  ['ALICLOUD_ACCESS_KEY', 'ALICLOUD_SECRET_KEY', 'ALICLOUD_SECURITY_TOKEN'],
])('%s', (id, secret, token) => {
  expect(keysIn({ [id]: 'a', [secret]: 'b' })).toEqual({ accessKeyId: 'a', accessKeySecret: 'b' })
  expect(keysIn({ [id]: 'a', [secret]: 'b', [token]: 'c' })).toMatchObject({ securityToken: 'c' })
  expect(() => keysIn({ [id]: 'a' })).toThrow(`requires ${secret} beside ${id}`)
})

test('a token goes with the keys of its own tool alone', () => {
  const env = { ECS_ACCESS_KEY_ID: 'a', ECS_ACCESS_KEY_SECRET: 'b', ALIBABA_CLOUD_SECURITY_TOKEN: 'c' }
  expect(keysIn(env)).toEqual({ accessKeyId: 'a', accessKeySecret: 'b' })
})

test('the record, a named profile, the environment, the current profile', async () => {
  using home = homeWith([AK, { ...AK, name: 'other', access_key_id: 'O', access_key_secret: 'o' }])
  const env = { HOME: home.path, ECS_ACCESS_KEY_ID: 'E', ECS_ACCESS_KEY_SECRET: 'e' }
  const record = { accessKeyId: 'R', accessKeySecret: 'r' }
  expect(await keysFor({ keys: record, profile: 'other' }, env)).toEqual(['the record', record])
  expect(await keysFor({ profile: 'other' }, env)).toEqual([
    'profile other',
    { accessKeyId: 'O', accessKeySecret: 'o' },
  ])
  expect(await keysFor({}, env)).toEqual(['environment', { accessKeyId: 'E', accessKeySecret: 'e' }])
  expect(await keysFor({}, { HOME: home.path })).toEqual(['profile work', { accessKeyId: 'W', accessKeySecret: 'w' }])
  expect((await keysFor({}, { HOME: home.path, ALIBABA_CLOUD_PROFILE: 'other' }))[0]).toBe('profile other')
})

test('without any it says so, and names the flag', async () => {
  using home = makeTempDir()
  await expect(keysFor({}, { HOME: home.path })).rejects.toThrow(
    'aliyunecs driver requires the --aliyunecs-access-key-id option, or other credentials',
  )
})

test.each([
  [{ ...AK, mode: 'StsToken' }, 'profile work lacks its sts_token'],
  [{ ...AK, access_key_secret: '' }, 'profile work lacks its keys'],
  [{ ...AK, mode: 'CloudSSO' }, 'profile work is of mode CloudSSO, which this program does not know'],
])('a profile that cannot be used: %j', async (profile, text) => {
  using home = homeWith([profile])
  await expect(keysFor({ profile: 'work' }, { HOME: home.path })).rejects.toThrow(text)
})

test('a file that is no JSON is named, and not quoted', async () => {
  using home = homeWith([])
  writeFileSync(join(home.path, '.aliyun/config.json'), '{"profiles": [{"access_key_secret": "CANARY')
  const error = await keysFor({}, { HOME: home.path }).catch(thrown => thrown)
  expect(error.message).toBe('~/.aliyun/config.json is not valid JSON')
  expect(JSON.stringify([error, error.cause ?? ''])).not.toContain('CANARY')
})

test('a role is taken at STS with the keys of its profile, once, and its region counts', async () => {
  await using api = await loopbackApi()
  const Expiration = new Date(Date.now() + 3_600_000).toISOString()
  api.answer(
    {
      body: JSON.stringify({
        Credentials: { AccessKeyId: 'STS.1', AccessKeySecret: 's', SecurityToken: 't', Expiration },
      }),
    },
    { body: '{}' },
  )
  using home = homeWith([
    { ...AK, mode: 'RamRoleArn', ram_role_arn: 'acs:ram::1:role/r', ram_session_name: 'me', expired_seconds: 900 },
  ])
  const env = {
    HOME: home.path,
    ECS_ENDPOINT: api.url,
    MACHINE_ALIYUNECS_STS_ENDPOINT: api.url,
    MACHINE_ALIYUNECS_VPC_ENDPOINT: api.url,
  }
  const ecs = await connect({}, { env, signal: new AbortController().signal, say: () => {} })
  await ecs.call('DescribeVpcs', {})
  await ecs.call('DescribeVpcs', {})
  expect(ecs.region).toBe('cn-beijing')
  expect(api.asked.map(({ params: p }) => [p.get('Action'), p.get('AccessKeyId'), p.get('SecurityToken')])).toEqual([
    ['AssumeRole', 'W', null],
    ['DescribeVpcs', 'STS.1', 't'],
    ['DescribeVpcs', 'STS.1', 't'],
  ])
  expect(Object.fromEntries(api.asked[0]?.params ?? [])).toMatchObject({
    Version: '2015-04-01',
    RoleArn: 'acs:ram::1:role/r',
    RoleSessionName: 'me',
    DurationSeconds: '900',
  })
})

test('an instance gives the keys of its role, in the hardened mode', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const token = request.headers['x-aliyun-ecs-metadata-token']
    asked.push(`${request.method} ${request.url} ${token ?? ''}`.trim())
    if (request.method === 'PUT') return void response.end('TOKEN')
    if (request.url?.endsWith('/security-credentials/')) return void response.end('my-role\n')
    const Expiration = new Date(Date.now() + 3_600_000).toISOString()
    response.end(
      JSON.stringify({ Code: 'Success', AccessKeyId: 'STS.2', AccessKeySecret: 's', SecurityToken: 't', Expiration }),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  using home = makeTempDir()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const source = await sourceOf({}, { env: { HOME: home.path, MACHINE_ALIYUNECS_METADATA_URL: url } }, noRole)
  expect(await source.keys()).toMatchObject({ accessKeyId: 'STS.2', securityToken: 't' })
  await source.keys()
  const path = '/latest/meta-data/ram/security-credentials/'
  expect(asked).toEqual(['PUT /latest/api/token', `GET ${path} TOKEN`, `GET ${path}my-role TOKEN`])
  server.close()
})
