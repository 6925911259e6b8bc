/** The stand-in EC2 cloud: who may ask, and what it does not understand. boto3 is the client; it knows nothing of us. */
import { afterAll, beforeAll, expect } from '@jest/globals'
import { type Ec2Cloud, startEc2 } from '../kit/ec2/cloud.ts'
import { needsMoto } from '../kit/ec2/needs-moto.ts'
import { whyNoMoto } from '../kit/ec2/venv.ts'

let cloud: Ec2Cloud
beforeAll(async () => {
  if (whyNoMoto() === undefined) cloud = await startEc2()
}, 60_000)
afterAll(() => cloud?.[Symbol.asyncDispose]())

/** The code of DescribeVpcs' answer, asked with other keys. */
const vpcs = (env: Record<string, string>, service = 'ec2') =>
  cloud.boto<string>(
    service === 'ec2'
      ? 'show(code(lambda: ec2.describe_vpcs()))'
      : 'show(code(lambda: client("sts").get_caller_identity()))',
    { counted: true, env },
  )

needsMoto('a request not signed by a known key is refused', async () => {
  expect(await vpcs({})).toBe('OK')
  expect(await vpcs({ AWS_SECRET_ACCESS_KEY: 'wrong' })).toBe('SignatureDoesNotMatch')
  expect(await vpcs({ AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' })).toBe('AuthFailure')
  expect(await vpcs({ AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' }, 'sts')).toBe('InvalidClientTokenId')
  expect(await vpcs({ AWS_SESSION_TOKEN: 'of somebody' })).toBe('AuthFailure')
  const unsigned = await fetch(cloud.url, { method: 'POST', body: 'Action=DescribeVpcs&Version=2016-11-15' })
  expect(await unsigned.text()).toContain('<Code>MissingAuthenticationToken</Code>')
})

needsMoto('a request changed on its way is refused', async () => {
  const [status, code] = await cloud.boto<[number, string]>(
    `
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
request = AWSRequest("POST", url, data="Action=DescribeVpcs&Version=2016-11-15", headers={"content-type": "application/x-www-form-urlencoded"})
SigV4Auth(boto3.Session().get_credentials(), "ec2", region).add_auth(request)
changed = request.prepare()
changed.body = b"Action=DescribeTags&Version=2016-11-15"
answer = URLLib3Session().send(changed)
show([answer.status_code, answer.text.split("<Code>")[1].split("<")[0]])`,
    { counted: true },
  )
  expect([status, code]).toEqual([403, 'SignatureDoesNotMatch'])
})

needsMoto('temporary keys count with their token, until they expire', async () => {
  const env = (key: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) => ({
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    AWS_SESSION_TOKEN: key.sessionToken ?? '',
  })
  const key = cloud.keys.temporary()
  expect(await vpcs(env(key))).toBe('OK')
  expect(await vpcs(env({ ...key, sessionToken: '' }))).toBe('AuthFailure')
  const old = cloud.keys.temporary({ ttlS: 0 })
  expect(await vpcs(env(old))).toBe('RequestExpired')
  expect(await vpcs(env(old), 'sts')).toBe('ExpiredToken')
})

needsMoto('a role is assumed, with a code where it wants one', async () => {
  const seen = await cloud.boto(
    `
sts = client("sts")
def assume(role, **more):
    return sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/" + role, RoleSessionName="s", **more)["Credentials"]
c = assume("builder")
other = boto3.client("ec2", endpoint_url=url, region_name=region, aws_access_key_id=c["AccessKeyId"], aws_secret_access_key=c["SecretAccessKey"], aws_session_token=c["SessionToken"])
show([code(lambda: other.describe_vpcs()), code(lambda: assume("with-mfa")), code(lambda: assume("with-mfa", SerialNumber="arn:x", TokenCode="000000")), code(lambda: assume("with-mfa", SerialNumber="arn:x", TokenCode="123456"))])`,
    { counted: true },
  )
  expect(seen).toEqual(['OK', 'AccessDenied', 'AccessDenied', 'OK'])
})

needsMoto('a clock more than five minutes off is refused', async () => {
  for (const [aheadMs, code] of [
    [280_000, 'OK'],
    [320_000, 'RequestExpired'],
    [-320_000, 'RequestExpired'],
  ] as const) {
    cloud.clock.aheadMs = aheadMs
    expect(await vpcs({})).toBe(code)
  }
  cloud.clock.aheadMs = 0
})

needsMoto('what is denied is denied to DryRuns too', async () => {
  cloud.deny('CreateSecurityGroup')
  const script =
    'show([code(lambda: ec2.create_security_group(GroupName="x", Description="x", DryRun=d)) for d in (True, False)] + [message(lambda: ec2.create_security_group(GroupName="x", Description="x"))])'
  const [dry, real, text] = await cloud.boto<string[]>(script, { counted: true })
  expect([dry, real]).toEqual(['UnauthorizedOperation', 'UnauthorizedOperation'])
  expect(text).toContain('ec2:CreateSecurityGroup')
  cloud.allow('CreateSecurityGroup')
  expect((await cloud.boto<string[]>(script, { counted: true }))[0]).toBe('DryRunOperation')
})

needsMoto('unknown actions, parameters, kinds and choices are refused', async () => {
  const seen = await cloud.boto(`
show([raw(*a, **k)[:2] for a, k in [
  (["DescribeNothing"], {}),
  (["DescribeVpcs"], {"Colour": "red"}),
  (["DescribeVpcs"], {"VpcId": "vpc-1"}),
  (["DescribeVpcs"], {"VpcId.2": "vpc-1"}),
  (["DescribeVpcs"], {"Filter.1.Naam": "x"}),
  (["DescribeVpcs"], {"DryRun": "perhaps"}),
  (["DescribeVpcs"], {"MaxResults": "many"}),
  (["RunInstances"], {"InstanceType": "t3.minuscule"}),
  (["RunInstances"], {"MinCount": "1", "MaxCount": "1"}),
  (["RunInstances"], {"ImageId": "ami-12345678"}),
  (["StopInstances"], {}),
  (["RunInstances"], {"NetworkInterface.1.SecurityGroupIds.1": "sg-1"}),
]])`)
  expect(seen).toEqual([
    [400, 'InvalidAction'],
    [400, 'UnknownParameter'],
    [400, 'UnknownParameter'],
    [400, 'UnknownParameter'],
    [400, 'UnknownParameter'],
    [400, 'InvalidParameterValue'],
    [400, 'InvalidParameterValue'],
    [400, 'InvalidParameterValue'],
    [400, 'MissingParameter'],
    [400, 'MissingParameter'],
    [400, 'MissingParameter'],
    [400, 'UnknownParameter'],
  ])
})

needsMoto('errors come in EC2’s form, with a request id', async () => {
  const [, , text] = await cloud.boto<[number, string, string]>('show(raw("DescribeVpcs", Colour="a&b"))')
  expect(text).toMatch(
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Response><Errors><Error><Code>UnknownParameter<\/Code><Message>The parameter Colour is not recognized<\/Message><\/Error><\/Errors><RequestID>[0-9a-f-]{36}<\/RequestID><\/Response>$/,
  )
})

needsMoto('a DryRun is answered by all that take one, and does nothing', async () => {
  const before = await cloud.left()
  const codes = await cloud.boto<Record<string, string>>(`
group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEtiVYQ4W5wyqDLKjtNUz2vkLKJc6wgu3vLtMy9oFRtm x"
calls = {
  "run_instances": dict(ImageId=image()["ImageId"], InstanceType="t3.micro", MinCount=1, MaxCount=1),
  "create_security_group": dict(GroupName="dry", Description="dry"),
  "authorize_security_group_ingress": dict(GroupId=group, IpPermissions=[dict(IpProtocol="tcp", FromPort=1, ToPort=2, IpRanges=[dict(CidrIp="192.0.2.0/24")])]),
  "import_key_pair": dict(KeyName="dry", PublicKeyMaterial=key.encode()),
  "delete_key_pair": dict(KeyName="dry"),
  "create_tags": dict(Resources=[group], Tags=[dict(Key="dry", Value="dry")]),
  "allocate_address": {},
  "create_key_pair": dict(KeyName="dry"),
  "create_volume": dict(AvailabilityZone=region + "a", Size=1),
  "create_launch_template": dict(LaunchTemplateName="dry", LaunchTemplateData=dict(InstanceType="t3.micro")),
  "create_placement_group": dict(GroupName="dry", Strategy="spread"),
  "describe_instances": {}, "describe_images": {}, "describe_vpcs": {}, "describe_subnets": {}, "describe_instance_types": {},
  "describe_spot_instance_requests": {}, "describe_security_groups": {}, "describe_key_pairs": {}, "describe_account_attributes": {},
}
show({name: code(lambda: getattr(ec2, name)(DryRun=True, **parameters)) for name, parameters in calls.items()})`)
  expect(new Set(Object.values(codes))).toEqual(new Set(['DryRunOperation']))
  expect(Object.keys(codes)).toHaveLength(20)
  expect(await cloud.left()).toEqual(before)
})

needsMoto('calls are recorded with their parameters, and never with keys or signatures', async () => {
  await cloud.boto('ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])', { counted: true })
  const call = cloud.calls.at(-1)
  expect(call).toMatchObject({ action: 'DescribeVpcs', region: 'eu-central-1', code: 'OK', status: 200, dryRun: false })
  expect(call?.parameters).toEqual({ Filters: [{ Name: 'is-default', Values: ['true'] }] })
  expect(call?.userAgent).toContain('Boto3')
  const all = JSON.stringify(cloud.calls)
  const { accessKeyId, secretAccessKey } = cloud.keys.canary
  for (const secret of [accessKeyId, secretAccessKey, 'Signature=', 'Credential=']) expect(all).not.toContain(secret)
})

needsMoto('the check service tells the caller’s address, or what the test says', async () => {
  const ask = async () => {
    const answer = await fetch(cloud.env.MACHINE_AMAZONEC2_CHECK_URL ?? '')
    return [answer.status, await answer.text()]
  }
  expect(await ask()).toEqual([200, '127.0.0.1\n'])
  cloud.check.answer = '198.51.100.7'
  expect(await ask()).toEqual([200, '198.51.100.7\n'])
  cloud.check.answer = { status: 503, text: 'busy' }
  expect(await ask()).toEqual([503, 'busy'])
  cloud.check.answer = 'caller'
})

needsMoto(
  'images: in the partition’s own accounts, deprecated ones only when asked for, look-alikes among them',
  async () => {
    const ids = (script: string, region?: string) =>
      cloud.boto<string[]>(script, region === undefined ? {} : { region })
    const seen = await ids(`
def names(owner, **more):
    return sorted(set(i["OwnerId"] for i in ec2.describe_images(Filters=[{"Name": "name", "Values": [NOBLE]}], **more)["Images"]))
show([names(None), len(ec2.describe_images(Owners=["099720109477"], Filters=[{"Name": "name", "Values": [NOBLE]}])["Images"]),
  len(ec2.describe_images(Owners=["099720109477"], IncludeDeprecated=True, Filters=[{"Name": "name", "Values": [NOBLE]}])["Images"]),
  image()["RootDeviceName"], image("debian-13-arm64-*", "136693071363")["RootDeviceName"], image("al2023-ami-2023.*-kernel-6.1-x86_64", "amazon")["ImdsSupport"],
  code(lambda: ec2.describe_images(ImageIds=["ami-0123456789abcdef0"])), code(lambda: ec2.describe_images(ImageIds=["noble"])),
  code(lambda: ec2.describe_images(Filters=[{"Name": "colour", "Values": ["red"]}]))])`)
    expect(seen).toEqual([
      ['099720109477', '210987654321'],
      3,
      4,
      '/dev/sda1',
      '/dev/xvda',
      'v2.0',
      'InvalidAMIID.NotFound',
      'InvalidAMIID.Malformed',
      'InvalidParameterValue',
    ])
    const owners = 'show(sorted(set(i["OwnerId"] for i in ec2.describe_images(Owners=["amazon"])["Images"])))'
    expect(await ids(owners, 'cn-north-1')).toEqual(['141808717104', '837727238323'])
    expect(await ids(owners, 'us-gov-west-1')).toEqual(['045324592363', '513442679011'])
  },
)
