/** The stand-in EC2 cloud: launches, what it refuses of them, and that what was asked for is there to be asked back. */
import { afterAll, beforeAll, expect } from '@jest/globals'
import { type Ec2Cloud, startEc2 } from '../kit/ec2/cloud.ts'
import { needsMoto } from '../kit/ec2/needs-moto.ts'
import { whyNoMoto } from '../kit/ec2/venv.ts'

let cloud: Ec2Cloud
beforeAll(async () => {
  if (whyNoMoto() === undefined) cloud = await startEc2({ delays: { pending: 50, stopping: 50, shuttingDown: 50 } })
}, 60_000)
afterAll(() => cloud?.[Symbol.asyncDispose]())

/** Variables most of these scripts want. */
const SETTING = `
subnets = sorted(ec2.describe_subnets()["Subnets"], key=lambda s: s["AvailabilityZone"])
subnet = subnets[0]["SubnetId"]
default = [g for g in ec2.describe_security_groups()["SecurityGroups"] if g["GroupName"] == "default"][0]["GroupId"]
root = "/dev/sda1"
def volume(**ebs): return dict(BlockDeviceMappings=[dict(DeviceName=root, Ebs=ebs)])
def nic(**more): return dict(NetworkInterfaces=[dict(DeviceIndex=0, SubnetId=subnet, **more)])
def spot(**options): return dict(InstanceMarketOptions=dict(MarketType="spot", SpotOptions=options))
def tags(type, *pairs): return dict(ResourceType=type, Tags=[dict(Key=k, Value=v) for k, v in pairs])
`

/** Codes of launches by their parameters, written in Python. */
const codes = (launches: readonly string[]) =>
  cloud.boto<string[]>(`${SETTING}show([code(lambda more=more: launch(**more)) for more in [${launches.join(', ')}]])`)

const REFUSED: readonly (readonly [string, string])[] = [
  ['dict(ImageId="ami-0123456789abcdef0")', 'InvalidAMIID.NotFound'],
  ['dict(ImageId="noble")', 'InvalidAMIID.Malformed'],
  ['dict(InstanceType="t4g.micro")', 'InvalidParameterValue'],
  ['dict(KeyName="nobody")', 'InvalidKeyPair.NotFound'],
  ['dict(SubnetId="subnet-0123456789abcdef0")', 'InvalidSubnetID.NotFound'],
  ['dict(SecurityGroupIds=["sg-0123456789abcdef0"])', 'InvalidGroup.NotFound'],
  ['dict(SecurityGroups=["nobody"])', 'InvalidGroup.NotFound'],
  ['dict(SecurityGroups=["default"], SubnetId=subnet)', 'InvalidParameterCombination'],
  ['dict(SecurityGroupIds=[default], **nic())', 'InvalidParameterCombination'],
  ['dict(SubnetId=subnet, **nic())', 'InvalidParameterCombination'],
  ['dict(Ipv6AddressCount=1, **nic())', 'InvalidParameterCombination'],
  ['dict(NetworkInterfaces=[dict(SubnetId=subnet)])', 'MissingParameter'],
  ['nic(Ipv6AddressCount=1)', 'InvalidParameterValue'],
  ['dict(Placement=dict(AvailabilityZone=region + "z"))', 'InvalidParameterValue'],
  ['dict(Placement=dict(AvailabilityZone=subnets[1]["AvailabilityZone"]), SubnetId=subnet)', 'InvalidParameterValue'],
  ['dict(UserData="x" * 16385)', 'InvalidParameterValue'],
  ['dict(IamInstanceProfile=dict(Name="nobody"))', 'InvalidParameterValue'],
  ['dict(CreditSpecification=dict(CpuCredits="unlimited"), InstanceType="m5.large")', 'InvalidParameterCombination'],
  ['dict(CreditSpecification=dict(CpuCredits="endless"))', 'InvalidParameterValue'],
  ['dict(MetadataOptions=dict(HttpPutResponseHopLimit=65))', 'InvalidParameterValue'],
  ['volume(VolumeSize=4)', 'InvalidBlockDeviceMapping'],
  ['volume(VolumeType="gp3", Iops=100)', 'InvalidParameterValue'],
  ['volume(VolumeType="gp3", Iops=100000)', 'InvalidParameterValue'],
  ['volume(VolumeType="gp3", Throughput=100)', 'InvalidParameterValue'],
  ['volume(VolumeType="gp3", Throughput=1000)', 'InvalidParameterValue'],
  ['volume(VolumeType="gp2", Iops=3000)', 'InvalidParameterCombination'],
  ['volume(VolumeType="gp2", Throughput=125)', 'InvalidParameterCombination'],
  ['volume(VolumeType="io2", VolumeSize=20)', 'MissingParameter'],
  ['volume(KmsKeyId="x")', 'InvalidParameterDependency'],
  ['dict(BlockDeviceMappings=[dict(DeviceName="/dev/sdf", Ebs=dict(VolumeType="gp3"))])', 'InvalidBlockDeviceMapping'],
  ['spot(MaxPrice="0.0001")', 'SpotMaxPriceTooLow'],
  ['spot(MaxPrice="cheap")', 'InvalidParameterValue'],
  ['spot(InstanceInterruptionBehavior="stop")', 'InvalidParameterCombination'],
  ['dict(InstanceInitiatedShutdownBehavior="stop", **spot())', 'InvalidParameterCombination'],
  ['dict(DisableApiTermination=True, **spot())', 'InvalidParameterCombination'],
  ['dict(TagSpecifications=[tags("security-group", ("a", "b"))])', 'InvalidParameterValue'],
  ['dict(TagSpecifications=[tags("spot-instances-request", ("a", "b"))])', 'InvalidParameterCombination'],
  ['dict(TagSpecifications=[tags("instance", ("aws:a", "b"))])', 'InvalidParameterValue'],
  ['dict(TagSpecifications=[tags("instance", ("a", "x" * 300))])', 'InvalidParameterValue'],
  ['dict(LaunchTemplate=dict(LaunchTemplateName="nobody"))', 'InvalidLaunchTemplateName.NotFoundException'],
]

needsMoto('a launch is refused for what EC2 refuses', async () => {
  const before = await cloud.left()
  const seen = await codes(REFUSED.map(([launch]) => launch))
  expect(REFUSED.map(([launch], i) => [launch, seen[i]])).toEqual(REFUSED)
  expect(await cloud.left()).toEqual(before)
})

needsMoto('a type that a zone or a region does not offer is Unsupported', async () => {
  const seen = await cloud.boto(
    `
zones = {z["Location"] for z in ec2.describe_instance_type_offerings(LocationType="availability-zone", Filters=[dict(Name="instance-type", Values=["t3.micro"])])["InstanceTypeOfferings"]}
everywhere = {s["AvailabilityZone"]: s["SubnetId"] for s in ec2.describe_subnets()["Subnets"]}
without = [z for z in sorted(everywhere) if z not in zones]
show([without, [code(lambda: launch(SubnetId=everywhere[z])) for z in without], message(lambda: launch(SubnetId=everywhere[without[0]])), launch()["Placement"]["AvailabilityZone"] in zones, code(lambda: launch(InstanceType="hpc6a.48xlarge"))])`,
    { region: 'us-east-1' },
  )
  expect(seen).toEqual([
    ['us-east-1e'],
    ['Unsupported'],
    expect.stringContaining('(t3.micro) is not supported in your requested Availability Zone (us-east-1e)'),
    true,
    'Unsupported',
  ])
})

needsMoto(
  'the same client token gives the same instance, also to ten at once; other parameters are refused',
  async () => {
    const [ids, other, replayed, fresh] = await cloud.boto<[string[], string, string, boolean]>(`${SETTING}
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(10) as pool:
    ids = list(pool.map(lambda _: launch(ClientToken="ten")["InstanceId"], range(10)))
until(lambda: state(ids[0]) == "running")
show([ids, code(lambda: launch(ClientToken="ten", InstanceType="t3.small")), launch(ClientToken="ten")["State"]["Name"], launch(ClientToken="eleven")["InstanceId"] not in ids])`)
    expect(new Set(ids).size).toBe(1)
    expect([other, replayed, fresh]).toEqual(['IdempotentParameterMismatch', 'running', true])
  },
)

needsMoto('what a launch asks for is there to be asked back', async () => {
  interface Seen {
    instance: Record<string, unknown>
    volume: unknown
    nic: { TagSet: unknown; Groups: unknown; Ipv6Addresses: unknown[] }
    protected: boolean
    behaviour: string
    credits: string
    data: string
    group: string
  }
  const seen = await cloud.boto<Seen>(`${SETTING}
vpc = subnets[0]["VpcId"]
ec2.associate_vpc_cidr_block(VpcId=vpc, AmazonProvidedIpv6CidrBlock=True)
block = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("/56", "/64")
ec2.associate_subnet_cidr_block(SubnetId=subnet, Ipv6CidrBlock=block)
group = ec2.create_security_group(GroupName="asked", Description="asked")["GroupId"]
pair = ("machine", "web")
i = launch(ClientToken="asked", EbsOptimized=True, DisableApiTermination=True, InstanceInitiatedShutdownBehavior="terminate", UserData="#cloud-config",
  MetadataOptions=dict(HttpTokens="required", HttpPutResponseHopLimit=1), CreditSpecification=dict(CpuCredits="standard"), Monitoring=dict(Enabled=True),
  TagSpecifications=[tags(t, pair) for t in ("instance", "volume", "network-interface")],
  **volume(VolumeSize=30, VolumeType="gp3", Iops=4000, Throughput=250, Encrypted=True), **nic(Groups=[group], Ipv6AddressCount=1, AssociatePublicIpAddress=False))["InstanceId"]
until(lambda: state(i) == "running")
seen = instance(i)
attribute = lambda name: ec2.describe_instance_attribute(InstanceId=i, Attribute=name)
show(dict(instance=seen, group=group, volume=ec2.describe_volumes(VolumeIds=[seen["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]])["Volumes"][0],
  nic=ec2.describe_network_interfaces(NetworkInterfaceIds=[seen["NetworkInterfaces"][0]["NetworkInterfaceId"]])["NetworkInterfaces"][0],
  protected=attribute("disableApiTermination")["DisableApiTermination"]["Value"], behaviour=attribute("instanceInitiatedShutdownBehavior")["InstanceInitiatedShutdownBehavior"]["Value"],
  data=attribute("userData")["UserData"]["Value"], credits=ec2.describe_instance_credit_specifications(InstanceIds=[i])["InstanceCreditSpecifications"][0]["CpuCredits"]))`)
  const tags = [{ Key: 'machine', Value: 'web' }]
  expect(seen.instance).toMatchObject({
    ClientToken: 'asked',
    EbsOptimized: true,
    InstanceType: 't3.micro',
    MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1, HttpEndpoint: 'enabled' },
    Monitoring: { State: 'enabled' },
    Tags: tags,
    SecurityGroups: [{ GroupId: seen.group, GroupName: 'asked' }],
  })
  expect(seen.instance.PublicIpAddress).toBeUndefined()
  expect(seen.instance.Ipv6Address).toEqual(expect.stringContaining(':'))
  expect(seen.volume).toMatchObject({
    Size: 30,
    VolumeType: 'gp3',
    Iops: 4000,
    Throughput: 250,
    Encrypted: true,
    Tags: tags,
  })
  expect(seen.nic).toMatchObject({ TagSet: tags, Groups: [{ GroupId: seen.group }] })
  expect(seen.nic.Ipv6Addresses).toHaveLength(1)
  expect([seen.protected, seen.behaviour, seen.credits]).toEqual([true, 'terminate', 'standard'])
  expect(Buffer.from(seen.data, 'base64').toString()).toBe('#cloud-config')
})

needsMoto('a launch template gives what the request does not say', async () => {
  const seen = await cloud.boto(`${SETTING}
ec2.create_launch_template(LaunchTemplateName="base", LaunchTemplateData=dict(ImageId=image()["ImageId"], InstanceType="t3.small", Monitoring=dict(Enabled=True),
  BlockDeviceMappings=[dict(DeviceName=root, Ebs=dict(VolumeSize=50, VolumeType="gp3"))], TagSpecifications=[tags("instance", ("team", "a"), ("machine", "x"))],
  MetadataOptions=dict(HttpTokens="required")))
i = launch(LaunchTemplate=dict(LaunchTemplateName="base"), InstanceType="t3.micro", TagSpecifications=[tags("instance", ("machine", "web"))])["InstanceId"]
seen = instance(i)
v = ec2.describe_volumes(VolumeIds=[seen["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]])["Volumes"][0]
show([seen["InstanceType"], seen["Monitoring"]["State"], seen["MetadataOptions"]["HttpTokens"], v["Size"], sorted(t["Key"] + "=" + t["Value"] for t in seen["Tags"] if not t["Key"].endswith("id"))])`)
  expect(seen).toEqual([
    't3.micro',
    'enabled',
    'required',
    50,
    ['aws:ec2launchtemplate:version=1', 'machine=web', 'team=a'],
  ])
})

needsMoto('launches work in China and GovCloud too', async () => {
  for (const [region, owner] of [
    ['cn-north-1', '837727238323'],
    ['us-gov-west-1', '513442679011'],
  ] as const)
    expect(
      await cloud.boto(
        `
types = ec2.describe_instance_type_offerings(LocationType="availability-zone", Filters=[dict(Name="instance-type", Values=["t3.micro"])])["InstanceTypeOfferings"]
i = launch(ImageId=image(owner="${owner}")["ImageId"])["InstanceId"]
until(lambda: state(i) == "running")
show([instance(i)["InstanceType"], instance(i)["Placement"]["AvailabilityZone"] in [t["Location"] for t in types]])`,
        { region },
      ),
    ).toEqual(['t3.micro', true])
})

needsMoto('an account’s vCPUs and an account without a default VPC', async () => {
  await using small = await startEc2({ quotas: { vcpus: 4 }, defaultVpc: false })
  const seen = await small.boto(`
none = [code(lambda: launch()), code(lambda: ec2.create_security_group(GroupName="x", Description="x")), [a["AttributeValues"][0]["AttributeValue"] for a in ec2.describe_account_attributes(AttributeNames=["default-vpc"])["AccountAttributes"]]]
vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"]
show(none + [[code(lambda: launch(SubnetId=subnet)) for _ in range(3)]])`)
  expect(seen).toEqual(['VPCIdNotSpecified', 'VPCIdNotSpecified', ['none'], ['OK', 'OK', 'VcpuLimitExceeded']])
})
