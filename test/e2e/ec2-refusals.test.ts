/**
 * What a create says when it cannot be, all of it: bad input, what is not there, and what EC2 answers. Nothing is made by
 * what fails before the create; what fails later is on record, and rm takes it away.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { generateKeyPair } from '../../src/ssh/keys.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { type Ec2Cloud, startEc2, whyNoMoto } from '../kit/ec2/cloud.ts'
import { expectRefused, flagWords, readRefusals, saidBefore } from './refusals.ts'

jest.setTimeout(300_000)
const why = whyNoMoto()
const suite = why ? describe.skip : describe

const CASES = readRefusals('ec2-refusals.txt')

const PREPARE = `
vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/28", AvailabilityZone=region + "a")["Subnet"]["SubnetId"]
for _ in range(11): ec2.create_network_interface(SubnetId=subnet) # /28 has 16 addresses, 5 of which are EC2's
group = ec2.create_security_group(GroupName="elsewhere", Description="elsewhere", VpcId=vpc)["GroupId"]
empty = ec2.create_vpc(CidrBlock="10.10.0.0/16")["Vpc"]["VpcId"]
empty2 = ec2.create_vpc(CidrBlock="10.11.0.0/16")["Vpc"]["VpcId"]
empty2subnet = ec2.create_subnet(VpcId=empty2, CidrBlock="10.11.1.0/24", AvailabilityZone=region + "a")["Subnet"]["SubnetId"]
ec2.import_key_pair(KeyName="other", PublicKeyMaterial=os.environ["OTHER"].encode())
ec2.create_launch_template(LaunchTemplateName="base", LaunchTemplateData=dict(InstanceType="t3.micro"))
x86 = ec2.describe_images(Owners=["136693071363"], Filters=[dict(Name="name", Values=["debian-13-amd64-*"])])["Images"][0]["ImageId"]
north = client("ec2", "eu-north-1")
for s in north.describe_subnets()["Subnets"]: north.delete_subnet(SubnetId=s["SubnetId"])
for g in north.describe_internet_gateways()["InternetGateways"]:
    for a in g["Attachments"]: north.detach_internet_gateway(InternetGatewayId=g["InternetGatewayId"], VpcId=a["VpcId"])
north.delete_vpc(VpcId=north.describe_vpcs()["Vpcs"][0]["VpcId"])
show(dict(vpc=vpc, subnet=subnet, group=group, empty=empty, empty2=empty2, empty2subnet=empty2subnet, x86=x86))
`
const CONFIG = ({ accessKeyId, secretAccessKey }: { accessKeyId: string; secretAccessKey: string }) => `[profile sso]
sso_session = work
sso_account_id = 123456789012
sso_role_name = dev
[sso-session work]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-central-1
[profile mfa]
role_arn = arn:aws:iam::123456789012:role/with-mfa
mfa_serial = arn:aws:iam::123456789012:mfa/me
source_profile = keys
[profile keys]
aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secretAccessKey}
`

suite(why ? `refusals of amazonec2 [${why}]` : 'refusals of amazonec2', () => {
  let cloud: Ec2Cloud
  let home: Home
  let ids: Record<string, string>
  beforeAll(async () => {
    cloud = await startEc2({ delays: { pending: 50, shuttingDown: 50 } })
    home = await startHome(cloud.env)
    const [key, other] = await Promise.all([generateKeyPair('ed25519', 'key'), generateKeyPair('ed25519', 'other')])
    ids = await cloud.boto(PREPARE, { env: { OTHER: other.publicLine } })
    await cloud.markFresh()
    const file = (name: string, text: string) => writeFileSync(join(home.path, name), text, { mode: 0o600 })
    file('key', key.privatePem)
    file('public.pem', key.publicLine)
    file('big', `#!/bin/sh\n${Array.from({ length: 3000 }, (_, i) => Math.sin(i)).join('\n')}`)
    mkdirSync(join(home.path, '.aws'))
    file('.aws/config', CONFIG(cloud.keys.canary))
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await cloud?.[Symbol.asyncDispose]()
  })
  afterEach(() => {
    cloud.faults.clear()
  })

  /** A text of the table in this cloud. */
  const here = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name) => ids[name] ?? whole)
  const create = (flags: string, env: Record<string, string | undefined> = {}) =>
    home.cliWith({ env, cwd: home.path }, 'create', '-d', 'amazonec2', ...flagWords('amazonec2', here(flags)), 'web')
  const nothingMade = async () => {
    expect(await home.ok('ls', '-q')).toBe('')
    expect(await cloud.left()).toEqual([])
  }

  test('what cannot be, and what is not there', async () => {
    expect(CASES.length).toBeGreaterThan(50)
    await expectRefused(CASES, create, { here })
    await nothingMade()
  })

  test('words of a list, and numbers, are refused before the driver is asked', async () => {
    expect(await create('--image windows')).toMatchObject({
      code: 2,
      stderr:
        '--amazonec2-image cannot be "windows"\n  → use one of: ubuntu-24.04, ubuntu-26.04, ubuntu-22.04, debian-13, debian-12, amazon-linux-2023\n',
    })
    expect(await create('--root-size big')).toMatchObject({
      code: 2,
      stderr: '--amazonec2-root-size wants a whole number, not "big"\n',
    })
    const noEndpoint = { AWS_ENDPOINT: undefined }
    expect(await create('--region eu-central-1a', noEndpoint)).toEqual(
      saidBefore(2, '"eu-central-1a" is no AWS region', [
        '  → it is a zone: give --amazonec2-region eu-central-1 and --amazonec2-zone a',
      ]),
    )
    expect(await create('--insecure-transport', noEndpoint)).toEqual(
      saidBefore(2, 'using --amazonec2-insecure-transport also requires --amazonec2-endpoint', []),
    )
  })

  test('a permission that is missing is named, without making anything', async () => {
    for (const action of ['RunInstances', 'ImportKeyPair', 'CreateSecurityGroup', 'DescribeImages']) {
      cloud.deny(action)
      const ran = await create('')
      cloud.allow(action)
      expect(ran).toEqual(
        saidBefore(3, `these credentials are not allowed to call ec2:${action}`, [
          `  → allow ec2:${action} to them (environment): docs/amazonec2.md has the least policy`,
        ]),
      )
    }
    await nothingMade()
  })

  const NONE = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }
  test('credentials that are wrong, half, expired or none', async () => {
    const expired = cloud.keys.temporary({ ttlS: -1 })
    const seen = await Promise.all([
      create('', { AWS_SECRET_ACCESS_KEY: 'wrong' }),
      create('', { AWS_ACCESS_KEY_ID: 'AKIAWRONGWRONGWRONGW' }),
      create('', { AWS_SECRET_ACCESS_KEY: undefined }),
      create('', NONE),
      create('', {
        AWS_ACCESS_KEY_ID: expired.accessKeyId,
        AWS_SECRET_ACCESS_KEY: expired.secretAccessKey,
        AWS_SESSION_TOKEN: expired.sessionToken,
      }),
    ])
    expect(seen).toEqual([
      saidBefore(3, 'the secret access key does not belong to the access key id (environment)', [
        '  → copy both of them again: one character too few or too many is enough',
      ]),
      saidBefore(3, 'AWS does not know these credentials (environment) in region eu-central-1', [
        '  → aws sts get-caller-identity tells whose they are; temporary ones need AWS_SESSION_TOKEN as well',
        '  → region eu-central-1 may have to be enabled for the account first; keys of China and of GovCloud work there alone',
      ]),
      saidBefore(3, 'there is an access key id without its secret access key', [
        '  → set AWS_SECRET_ACCESS_KEY too, or neither of the two',
      ]),
      saidBefore(
        3,
        'amazonec2 driver requires AWS credentials, and there are none in the environment, in a profile or from an instance role',
        [
          '  → set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
          '  → or name a profile with --amazonec2-profile or AWS_PROFILE (`aws configure` makes one)',
          '  → or run on an EC2 instance that has a role',
        ],
      ),
      saidBefore(3, 'the temporary credentials (environment) have expired', [
        '  → renew them, and set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN anew',
      ]),
    ])
  })

  test('an account that is not in order', async () => {
    const answers: [code: string, message: string, text: string, hint: string][] = [
      [
        'PendingVerification',
        'Your request for accessing resources in this region is being validated, and you will not be able to launch additional resources in this region until the validation is complete.',
        'AWS is still verifying the account for region eu-central-1',
        'this takes minutes, seldom up to four hours: try again then, or use another region',
      ],
      [
        'OptInRequired',
        'In order to use this AWS Marketplace product you need to accept terms and subscribe. To do so please visit https://aws.amazon.com/marketplace/pp?sku=abc',
        'the image is sold in the AWS Marketplace, and the account has not subscribed to it',
        'accept its terms at https://aws.amazon.com/marketplace/pp?sku=abc, or leave --amazonec2-ami out',
      ],
      [
        'OptInRequired',
        'You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe.',
        'the account has not enabled EC2 in region eu-central-1',
        'finish its sign-up, or enable the region: aws account enable-region --region-name eu-central-1',
      ],
      [
        'Blocked',
        'This account is currently blocked and not recognized as a valid account.',
        'AWS has blocked the account',
        'write to aws-verification@amazon.com, or open a case in the AWS console',
      ],
    ]
    for (const [code, message, text, hint] of answers) {
      const { remove } = cloud.faults.add({ action: 'RunInstances', dryRun: true, gives: { code, message } })
      expect(await create('')).toEqual(saidBefore(3, text, [`  → ${hint}`]))
      remove()
    }
    await nothingMade()
  })
})
