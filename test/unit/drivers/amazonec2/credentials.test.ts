/** Credentials from each of the places they may come from, and what is said when there are none. Services are on loopback. */
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Access, ApiCtx } from '../../../../drivers/amazonec2/access.ts'
import { type Source, sourceOf } from '../../../../drivers/amazonec2/credentials.ts'
import { MachineError } from '../../../../src/errors.ts'
import { makeTempDir, type TempDir } from '../../../kit/temp-dir.ts'
import { failing, type LoopbackApi, loopbackApi } from './loopback-api.ts'

let home: TempDir
let api: LoopbackApi
const before = { ...process.env }
beforeEach(async () => {
  home = makeTempDir()
  api = await loopbackApi()
  mkdirSync(join(home.path, '.aws', 'sso', 'cache'), { recursive: true })
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
  // Read by the AWS client itself: services on loopback, and no role of the computer the tests run on.
  Object.assign(process.env, {
    HOME: home.path,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_STS: api.url,
    AWS_ENDPOINT_URL_SSO: api.url,
  })
})
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
  Object.assign(process.env, before)
  await api[Symbol.asyncDispose]()
  home[Symbol.dispose]()
})

const profiles = (text: string) => writeFileSync(join(home.path, '.aws', 'config'), text)
const STATIC = 'aws_access_key_id = AKIAPROFILE\naws_secret_access_key = profilesecret\n'

async function source(access: Partial<Access>, env: ApiCtx['env'] = {}, more: Partial<ApiCtx> = {}): Promise<Source> {
  const sdk = await import('../../../../drivers/amazonec2/sdk.ts')
  const ctx = { env: { HOME: home.path, ...env }, signal: new AbortController().signal, say: () => {}, ...more }
  return sourceOf({ region: 'eu-central-1', ...access }, 'eu-central-1', ctx, sdk, {})
}
const keysOf = async (...args: Parameters<typeof source>) => {
  const from = await source(...args)
  return await from.keys({ signal: new AbortController().signal, ...args[2] })
}

async function refusal(...args: Parameters<typeof source>): Promise<{ message: string; hints: string[] }> {
  const error = await keysOf(...args).then(
    () => undefined,
    thrown => thrown,
  )
  expect(error).toBeInstanceOf(MachineError)
  expect(error.code).toBe('EC2_CREDENTIALS')
  return { message: error.message, hints: error.suggestions }
}

describe('the environment', () => {
  const env = { AWS_ACCESS_KEY_ID: 'ASIAENV', AWS_SECRET_ACCESS_KEY: 'envsecret', AWS_SESSION_TOKEN: 'envtoken' }
  test('has keys', async () => {
    expect(await keysOf({}, env)).toEqual({
      accessKeyId: 'ASIAENV',
      secretAccessKey: 'envsecret',
      sessionToken: 'envtoken',
    })
  })
  test('the token of other keys does not spoil those for good', async () => {
    expect(await keysOf({}, { ...env, AWS_ACCESS_KEY_ID: 'AKIAENV' })).not.toHaveProperty('sessionToken')
  })
  test('a half is refused', async () => {
    expect((await refusal({}, { AWS_ACCESS_KEY_ID: 'AKIAENV' })).hints).toEqual([
      'set AWS_SECRET_ACCESS_KEY too, or neither of the two',
    ])
    expect((await refusal({}, { AWS_SECRET_ACCESS_KEY: 's' })).message).toBe(
      'there is a secret access key without its access key id',
    )
  })
  test('goes before AWS_PROFILE, a profile that was named before it, and keys of a record before all', async () => {
    profiles(`[profile work]\n${STATIC}`)
    expect((await keysOf({}, { ...env, AWS_PROFILE: 'work' })).accessKeyId).toBe('ASIAENV')
    expect((await keysOf({ profile: 'work' }, env)).accessKeyId).toBe('AKIAPROFILE')
    const keys = { accessKeyId: 'AKIARECORD', secretAccessKey: 'recordsecret' }
    expect(await keysOf({ profile: 'work', keys }, env)).toEqual(keys)
  })
  test("that of the caller counts, and not the process's", async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIAPROCESS', AWS_SECRET_ACCESS_KEY: 'processsecret' })
    expect((await refusal({})).message).toMatch(/requires AWS credentials/)
  })
  test('a web identity', async () => {
    writeFileSync(join(home.path, 'token'), 'ey.web.identity')
    api.answer(assumed('AssumeRoleWithWebIdentity'))
    const env = {
      AWS_WEB_IDENTITY_TOKEN_FILE: join(home.path, 'token'),
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/ci',
    }
    expect((await keysOf({}, env)).accessKeyId).toBe('ASIAROLE')
    expect(api.asked[0]?.params.get('WebIdentityToken')).toBe('ey.web.identity')
  })
})

describe('profiles', () => {
  test('with keys, by name, by AWS_PROFILE, and the one called default', async () => {
    profiles(`[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = s\n[profile work]\n${STATIC}`)
    expect((await keysOf({ profile: 'work' })).accessKeyId).toBe('AKIAPROFILE')
    expect((await keysOf({}, { AWS_PROFILE: 'work' })).accessKeyId).toBe('AKIAPROFILE')
    expect((await keysOf({})).accessKeyId).toBe('AKIADEFAULT')
  })
  test('in other files', async () => {
    const file = join(home.path, 'elsewhere')
    writeFileSync(file, `[work]\n${STATIC}`)
    expect((await keysOf({ profile: 'work' }, { AWS_SHARED_CREDENTIALS_FILE: file })).accessKeyId).toBe('AKIAPROFILE')
  })
  test('with a program that tells the keys', async () => {
    const program = join(home.path, 'program')
    writeFileSync(
      program,
      '#!/bin/sh\necho \'{"Version":1,"AccessKeyId":"ASIAPROGRAM","SecretAccessKey":"s","SessionToken":"t"}\'\n',
    )
    chmodSync(program, 0o755)
    profiles(`[profile work]\ncredential_process = ${program}\n`)
    expect((await keysOf({ profile: 'work' })).accessKeyId).toBe('ASIAPROGRAM')
  })
  test('that is not there is not made up for by a role of the computer', async () => {
    expect(await refusal({ profile: 'wrok' })).toEqual({
      message: 'profile wrok is not there, or holds no credentials',
      hints: expect.arrayContaining(['aws configure list-profiles tells those there are']),
    })
  })
})

describe('single sign-on', () => {
  const START = 'https://example.awsapps.com/start'
  const PROFILE = `[profile work]\nsso_start_url = ${START}\nsso_region = eu-central-1\nsso_account_id = 123456789012\nsso_role_name = dev\n`
  const session = (minutes: number) => {
    const file = `${createHash('sha1').update(START).digest('hex')}.json`
    const expiresAt = new Date(Date.now() + minutes * 60_000).toISOString()
    writeFileSync(join(home.path, '.aws', 'sso', 'cache', file), JSON.stringify({ accessToken: 'ssotoken', expiresAt }))
  }
  test('gives keys while the session lasts', async () => {
    profiles(PROFILE)
    session(60)
    const roleCredentials = {
      accessKeyId: 'ASIASSO',
      secretAccessKey: 's',
      sessionToken: 't',
      expiration: Date.now() + 3_600_000,
    }
    api.answer({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ roleCredentials }) })
    expect((await keysOf({ profile: 'work' })).accessKeyId).toBe('ASIASSO')
    expect(api.asked[0]?.headers['x-amz-sso_bearer_token']).toBe('ssotoken')
  })
  test.each([
    ['has run out', () => session(-60)],
    ['never began', () => {}],
  ])('that %s names the command', async (_, make) => {
    profiles(PROFILE)
    make()
    expect(await refusal({}, { AWS_PROFILE: 'work' })).toEqual({
      message: 'the SSO session of profile work has expired, or never began',
      hints: ['aws sso login --profile work'],
    })
  })
})

describe('a role', () => {
  const ROLE = 'arn:aws:iam::123456789012:role/deploy'
  const MFA = 'arn:aws:iam::123456789012:mfa/me'
  const role = (more = '') =>
    profiles(`[profile base]\n${STATIC}[profile work]\nrole_arn = ${ROLE}\nsource_profile = base\n${more}`)
  test('is assumed', async () => {
    role()
    api.answer(assumed('AssumeRole'))
    expect((await keysOf({ profile: 'work' })).accessKeyId).toBe('ASIAROLE')
    expect(Object.fromEntries(api.asked[0]?.params ?? [])).toMatchObject({ Action: 'AssumeRole', RoleArn: ROLE })
  })
  test('that wants a second factor asks once for all that wait, and again when it expires', async () => {
    role(`mfa_serial = ${MFA}\n`)
    const questions: string[] = []
    const ask = async ({ text }: { text: string }) => {
      questions.push(text)
      return '123456'
    }
    api.answer(assumed('AssumeRole', 60), assumed('AssumeRole', 1))
    const work = await source({ profile: 'work' }, {}, { ask })
    const [one, two] = await Promise.all([work.keys(), work.keys()])
    expect(one).toBe(two)
    expect(questions).toEqual([`MFA code of ${MFA}`])
    expect(Object.fromEntries(api.asked[0]?.params ?? [])).toMatchObject({ SerialNumber: MFA, TokenCode: '123456' })

    const short = await source({ profile: 'work' }, {}, { ask })
    await short.keys()
    await short.keys()
    expect(questions).toHaveLength(3)
  })
  test('cannot ask where there is nobody', async () => {
    role(`mfa_serial = ${MFA}\n`)
    expect((await refusal({ profile: 'work' })).message).toBe(
      'the profile wants an MFA code, and there is no terminal to ask for it',
    )
    expect((await refusal({ profile: 'work' }, {}, { ask: async () => undefined })).message).toBe(
      'no MFA code was given',
    )
  })
  test.each([
    [
      'AccessDenied',
      'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
      'AWS does not take this MFA code',
    ],
    [
      'AccessDenied',
      `User: arn:aws:iam::123456789012:user/me is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
      `the role ${ROLE} of profile work may not be assumed with its source credentials`,
    ],
    [
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
      'AWS does not know the credentials that profile work takes its role with, or they have expired',
    ],
  ])('refused with %s: %s', async (code, message, text) => {
    role()
    const { body = '' } = failing(code, message)
    api.answer({ status: 403, body: body.replace(/<(\/?)Response>/g, '<$1ErrorResponse>').replace(/<\/?Errors>/g, '') })
    expect((await refusal({ profile: 'work' })).message).toBe(text)
  })
})

test('the role of the instance', async () => {
  delete process.env.AWS_EC2_METADATA_DISABLED
  process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = api.url
  const expiration = new Date(Date.now() + 3_600_000).toISOString()
  const keys = {
    Code: 'Success',
    AccessKeyId: 'ASIAINSTANCE',
    SecretAccessKey: 's',
    Token: 't',
    Expiration: expiration,
  }
  api.answer({ body: 'imds-token' }, { body: 'my-role' }, { body: JSON.stringify(keys) })
  expect((await keysOf({})).accessKeyId).toBe('ASIAINSTANCE')
  expect(api.asked.map(a => a.path)).toEqual([
    '/latest/api/token',
    '/latest/meta-data/iam/security-credentials/',
    '/latest/meta-data/iam/security-credentials/my-role',
  ])
})

test('none anywhere: one sentence, and the ways', async () => {
  expect(await refusal({})).toEqual({
    message:
      'amazonec2 driver requires AWS credentials, and there are none in the environment, in a profile or from an instance role',
    hints: [
      'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
      'or name a profile with --amazonec2-profile or AWS_PROFILE (`aws configure` makes one)',
      'or run on an EC2 instance that has a role',
    ],
  })
})

test('Ctrl-C ends the wait for a person, and the next who wants the keys asks anew', async () => {
  profiles(
    `[profile base]\n${STATIC}[profile work]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\nmfa_serial = m\n`,
  )
  const slow = () => new Promise<undefined>(resolve => setTimeout(() => resolve(undefined), 150))
  const stop = new AbortController()
  const work = await source({ profile: 'work' })
  const keys = work.keys({ signal: stop.signal, ask: slow })
  setTimeout(() => stop.abort(new Error('interrupted (SIGINT)')), 50)
  await expect(keys).rejects.toThrow('interrupted (SIGINT)')

  await new Promise(resolve => setTimeout(resolve, 200))
  api.answer(assumed('AssumeRole'))
  const { signal } = new AbortController()
  expect((await work.keys({ signal, ask: async () => '654321' })).accessKeyId).toBe('ASIAROLE')
})

function assumed(action: string, minutes = 60) {
  const expiration = new Date(Date.now() + minutes * 60_000).toISOString()
  const keys = `<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiration}</Expiration>`
  return {
    body: `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><Credentials>${keys}</Credentials></${action}Result></${action}Response>`,
  }
}
