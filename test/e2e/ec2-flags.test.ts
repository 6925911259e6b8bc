/**
 * Every flag of amazonec2, and every variable, as the parameter it is at EC2: asked back by boto3, which knows nothing of the
 * driver. Each row is made twice, once with flags and once with variables, and must come to the same. No hosts are booted.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { amazonec2 } from '../../drivers/amazonec2/index.ts'
import type { FlagSpec } from '../../drivers/driver.ts'
import { flagName } from '../../src/driver-config.ts'
import { generateKeyPair } from '../../src/ssh/keys.ts'
import type { Home } from '../kit/cli.ts'
import { type Ec2Cloud, startEc2, whyNoMoto } from '../kit/ec2/cloud.ts'
import { type Launched, startCloudHome } from './cloud-launches.ts'
import type { Row, Way, World } from './ec2-flag-row.ts'
import { INSTANCE_ROWS } from './ec2-flag-rows.ts'
import { OTHER_ROWS } from './ec2-flag-rows-around.ts'
import { launched, lookAt, type Seen } from './ec2-launches.ts'

jest.setTimeout(240_000)
const why = whyNoMoto()
const suite = why ? describe.skip : describe
const specs = amazonec2.flags as Record<string, FlagSpec>
const ROWS = [...INSTANCE_ROWS, ...OTHER_ROWS]
/** Names of flags and variables that were used. */
const covered = new Set<string>()
const AT_ONCE = 4

const PREPARE = `
default = [v for v in ec2.describe_vpcs()["Vpcs"] if v["IsDefault"]][0]["VpcId"]
def group(name, vpc):
    id = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=id, IpPermissions=[dict(IpProtocol="tcp", FromPort=8080, ToPort=8080, IpRanges=[dict(CidrIp="10.1.0.0/16")])])
    return id
group("theirs", default)
ec2.import_key_pair(KeyName="theirs", PublicKeyMaterial=os.environ["PUBLIC"].encode())
client("iam").create_instance_profile(InstanceProfileName="builder")
vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
six = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("00::/56", "0%d::/64")
zone = region + "a"
plain = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
dual = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.2.0/24", Ipv6CidrBlock=six % 2, AvailabilityZone=zone)["Subnet"]["SubnetId"]
only = ec2.create_subnet(VpcId=vpc, Ipv6Native=True, Ipv6CidrBlock=six % 3, AvailabilityZone=zone)["Subnet"]["SubnetId"]
ami = sorted(ec2.describe_images(Owners=["136693071363"], Filters=[dict(Name="name", Values=["debian-13-amd64-*"])])["Images"], key=lambda i: i["CreationDate"])[0]["ImageId"]
ec2.create_launch_template(LaunchTemplateName="base", LaunchTemplateData=dict(ImageId=ami, InstanceType="t3.medium", Monitoring=dict(Enabled=True), UserData="I2Nsb3VkLWNvbmZpZwpydW5jbWQ6IFtdCg==",
  BlockDeviceMappings=[dict(DeviceName="/dev/xvda", Ebs=dict(VolumeSize=50, VolumeType="gp2"))], MetadataOptions=dict(HttpTokens="required", HttpPutResponseHopLimit=3),
  TagSpecifications=[dict(ResourceType="instance", Tags=[dict(Key="team", Value="of-the-template")])]))
show(dict(vpc=vpc, plain=plain, dual=dual, only=only, ami=ami, group=group("inner", vpc)))
`

suite(why ? `flags of amazonec2 [${why}]` : 'flags of amazonec2', () => {
  let cloud: Ec2Cloud
  let home: Home
  let world: World
  const made = new Map<string, Launched>()
  const seen = new Map<string, Seen>()
  const failed = new Map<string, unknown>()

  beforeAll(async () => {
    cloud = await startEc2({ delays: { pending: 50 } })
    home = await startCloudHome(cloud.env)
    cloud.check.answer = '198.51.100.77'
    const key = await generateKeyPair('ed25519', 'theirs')
    const userData = join(home.path, 'user-data')
    const keyFile = join(home.path, 'their-key')
    writeFileSync(userData, '#cloud-config\npackages: [htop]\n')
    writeFileSync(keyFile, key.privatePem, { mode: 0o600 })
    const { accessKeyId, secretAccessKey } = cloud.keys.another()
    const profiles = join(home.path, 'profiles')
    writeFileSync(profiles, `[work]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`)
    const ids = await cloud.boto<Record<string, string>>(PREPARE, { env: { PUBLIC: key.publicLine } })
    world = { ids, userData, keyFile, profiles, url: cloud.url, keys: cloud.keys.temporary(), region: cloud.region }

    const jobs = ROWS.flatMap(row => (row.ways ?? (['flags', 'variables'] as const)).map(way => ({ row, way })))
    const work = async () => {
      for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await tryOne(job.row, job.way)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    const idOf = ({ driver }: Launched) => String(driver.InstanceId)
    for (const region of new Set([...made.values()].map(each => String(each.driver.Region)))) {
      const here = [...made].filter(([, each]) => each.driver.Region === region)
      const found = await lookAt(
        cloud,
        here.map(([, each]) => idOf(each)),
        region,
      )
      for (const [name, each] of here) seen.set(name, found.get(idOf(each)) as Seen)
    }
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await cloud?.[Symbol.asyncDispose]()
  })

  async function tryOne(row: Row, way: Way): Promise<void> {
    await makeOne(row, way).then(
      result => made.set(nameOf(row, way), result),
      error => failed.set(nameOf(row, way), error),
    )
  }

  afterEach(() => cloud.faults.clear())

  const nameOf = (row: Row, way: Way) => `${row.name}-${way}`

  async function makeOne(row: Row, way: Way): Promise<Launched> {
    const settings = row.settings(world, way)
    const flags: string[] = []
    const env: Record<string, string | undefined> = { ...row.env?.(world) }
    for (const key of Object.keys(settings)) {
      const spec = specs[key]
      if (spec === undefined) throw new Error(`no flag ${key}`)
      for (const variable of [spec.env, ...(spec.envAliases ?? [])]) if (variable) env[variable] = undefined
    }
    for (const [key, value] of Object.entries(settings)) {
      const spec = specs[key] as FlagSpec
      const [alias = flagName(amazonec2, key, spec)] = row.aliased ? (spec.aliases ?? []) : []
      const variable = row.aliased ? (spec.envAliases?.[0] ?? spec.env) : spec.env
      if (way === 'variables' && variable) env[variable] = Array.isArray(value) ? value.join(',') : String(value)
      else if (value === true) flags.push(`--${alias}`)
      else for (const each of [value].flat()) flags.push(`--${alias}=${each}`)
      covered.add(way === 'variables' && variable ? variable : alias)
    }
    return await launched(home, nameOf(row, way), flags, env)
  }

  for (const row of ROWS)
    for (const way of row.ways ?? (['flags', 'variables'] as const))
      test(`${row.title}, by ${way}`, () => {
        const name = nameOf(row, way)
        if (failed.has(name)) throw failed.get(name)
        row.expects({ seen: seen.get(name) as Seen, ...(made.get(name) as Launched), name, way, world })
      })

  test('what every row has: one token each, the image’s own names, and tags of machine and store everywhere', () => {
    const tokens = [...seen.values()].map(({ instance }) => instance.ClientToken)
    expect(new Set(tokens).size).toBe(made.size)
    for (const [name, { tags }] of seen)
      for (const kind of ['instance', 'volume', 'network-interface'] as const)
        expect([name, kind, tags[kind]]).toEqual([
          name,
          kind,
          expect.objectContaining({
            'machine:name': name,
            'machine:store': expect.stringMatching(/^[0-9a-f]{8}$/),
            Name: name,
          }),
        ])
  })

  const launchWith = (flag: string, value: string) =>
    launched(home, `way-${value.replaceAll(/\W/g, '')}`, [`--amazonec2-${flag}=${value}`])

  test('zones in the order given, each where the one before has no room', async () => {
    const rule = cloud.faults.add({ action: 'RunInstances', zone: /[bc]$/, gives: 'capacity' })
    const { driver, ran } = await launchWith('zone', 'c,eu-central-1b,a')
    expect([rule.hits, driver.Zone]).toEqual([2, 'a'])
    for (const zone of ['c', 'b'])
      expect(ran.stderr).toContain(`AWS has no t3.micro left in zone eu-central-1${zone}; trying the next\n`)
  })

  test('types in the order given, each in all zones, with the image of its CPU', async () => {
    const rule = cloud.faults.add({ action: 'RunInstances', type: /^t3/, gives: 'capacity' })
    const before = cloud.calls.length
    const { driver } = await launchWith('instance-type', 't3.small,t4g.small')
    expect([rule.hits, driver.InstanceType, driver.Zone]).toEqual([3, 't4g.small', 'a'])
    const [tries] = [cloud.calls.slice(before).filter(call => call.action === 'RunInstances' && !call.dryRun)]
    expect(new Set(tries.map(call => call.parameters.ClientToken)).size).toBe(4)
    const image = await cloud.boto<string>(
      `show(ec2.describe_images(ImageIds=["${driver.AMI}"])["Images"][0]["Architecture"])`,
    )
    expect(image).toBe('arm64')
  })

  test('a group that another create makes while this one looks is no failure', async () => {
    const rule = cloud.faults.add({
      action: 'CreateSecurityGroup',
      dryRun: true,
      gives: { code: 'InvalidGroup.Duplicate', message: "The security group 'racing' already exists for VPC 'vpc-1'" },
    })
    await launchWith('security-group', 'racing')
    expect(rule.hits).toBe(1)
  })

  test('--amazonec2-retries: how often what is throttled is said again', async () => {
    for (const [retries, calls] of [
      ['-1', 1],
      ['1', 2],
    ] as const) {
      const rule = cloud.faults.add({ action: 'DescribeVpcs', gives: 'throttle' })
      const ran = await home.cli('create', '-d', 'amazonec2', `--amazonec2-retries=${retries}`, 'slow')
      cloud.faults.clear()
      expect([rule.hits, ran.code]).toEqual([calls, 3])
      expect(ran.stderr).toContain('AWS takes no more requests for now (DescribeVpcs, region eu-central-1)')
    }
  })

  test('the rows above name every flag, every alias and every variable there is', () => {
    const all = Object.entries(specs).flatMap(([key, spec]) => [
      flagName(amazonec2, key, spec),
      ...(spec.aliases ?? []),
      ...(spec.env ? [spec.env] : []),
      ...(spec.envAliases ?? []),
    ])
    expect(all.filter(name => !covered.has(name))).toEqual([])
  })
})
