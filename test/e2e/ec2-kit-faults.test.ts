/** The stand-in EC2 cloud: failures by rule, kills at a call, and what it says is left. */
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals'
import { type Ec2Cloud, startEc2 } from '../kit/ec2/cloud.ts'
import { needsMoto } from '../kit/ec2/needs-moto.ts'
import { whyNoMoto } from '../kit/ec2/venv.ts'

let cloud: Ec2Cloud
beforeAll(async () => {
  if (whyNoMoto() === undefined) cloud = await startEc2({ delays: { pending: 20, stopping: 20, shuttingDown: 20 } })
}, 60_000)
afterEach(() => cloud?.faults.clear())
afterAll(() => cloud?.[Symbol.asyncDispose]())

const counted = { counted: true }

needsMoto('the third call is throttled, and no other', async () => {
  const rule = cloud.faults.add({ action: 'DescribeVpcs', nth: 3, gives: 'throttle' })
  const seen = await cloud.boto(
    'show([code(lambda: ec2.describe_subnets())] + [code(lambda: ec2.describe_vpcs()) for _ in range(4)])',
    counted,
  )
  expect(seen).toEqual(['OK', 'OK', 'OK', 'RequestLimitExceeded', 'OK'])
  expect(rule.hits).toBe(1)
})

needsMoto(
  'errors without an effect: 500, unavailable, HTML, dropped, any code; some times, or until taken back',
  async () => {
    const group = (name: string) => `code(lambda: ec2.create_security_group(GroupName="${name}", Description="d"))`
    for (const [gives, code] of [
      ['error500', 'InternalError'],
      ['unavailable', 'Unavailable'],
      [{ code: 'Blocked', message: 'This account is currently blocked.' }, 'Blocked'],
    ] as const) {
      const rule = cloud.faults.add({ action: /^Create/, times: 2, gives })
      expect(
        await cloud.boto(`show([${group('a')}, ${group('a')}, code(lambda: ec2.describe_vpcs())])`, counted),
      ).toEqual([code, code, 'OK'])
      rule.remove()
    }
    const dropped = (script: string) =>
      cloud.boto<string>(
        `
try:
    ${script}
    show("OK")
except Exception as e:
    show(type(e).__name__)`,
        counted,
      )
    cloud.faults.add({ action: '*', times: 1, gives: 'drop' })
    expect(await dropped('ec2.create_security_group(GroupName="a", Description="d")')).toBe('ConnectionClosedError')
    cloud.faults.add({ action: '*', times: 1, gives: 'html502' })
    expect(await dropped('ec2.create_security_group(GroupName="a", Description="d")')).toBe('ClientError')
    expect(await cloud.left()).toEqual([])
  },
)

needsMoto('capacity is short in a zone, or for a type; vCPUs; by DryRun only where a rule says so', async () => {
  const launches = `
zones = {s["AvailabilityZone"][-1]: s["SubnetId"] for s in ec2.describe_subnets()["Subnets"]}
show([code(lambda: launch(SubnetId=zones["a"])), code(lambda: launch(SubnetId=zones["b"])), code(lambda: launch(SubnetId=zones["a"], InstanceType="t3.small")),
  code(lambda: launch(SubnetId=zones["a"], DryRun=True)), message(lambda: launch(SubnetId=zones["a"]))])`
  cloud.faults.add({ action: 'RunInstances', zone: 'a', type: 't3.micro', gives: 'capacity' })
  const seen = await cloud.boto<string[]>(launches, counted)
  expect(seen.slice(0, 4)).toEqual(['InsufficientInstanceCapacity', 'OK', 'OK', 'DryRunOperation'])
  expect(seen[4]).toContain('sufficient t3.micro capacity in the Availability Zone you requested (eu-central-1a)')
  cloud.faults.clear()
  cloud.faults.add({ action: 'RunInstances', gives: 'vcpus' })
  cloud.faults.add({ action: 'RunInstances', dryRun: true, gives: { code: 'OptInRequired' } })
  expect(await cloud.boto('show([code(lambda: launch()), code(lambda: launch(DryRun=True))])', counted)).toEqual([
    'VcpuLimitExceeded',
    'OptInRequired',
  ])
})

needsMoto('a launch whose answer is lost is found again by its client token', async () => {
  for (const then of ['lost-answer', 'timeout-after-effect', 'error500-after-effect'] as const) {
    cloud.faults.add({ action: 'RunInstances', times: 1, gives: then })
    const [error, ids] = await cloud.boto<[string, string[]]>(
      `
def ids(): return [i["InstanceId"] for r in ec2.describe_instances(Filters=[dict(Name="client-token", Values=["${then}"])])["Reservations"] for i in r["Instances"]]
try:
    launch(ClientToken="${then}")
    error = "OK"
except Exception as e:
    error = type(e).__name__
show([error, ids() + [launch(ClientToken="${then}")["InstanceId"]] + ids()])`,
      { counted: true, env: { BOTO_TIMEOUT: '2' } },
    )
    expect(error).toBe(
      {
        'lost-answer': 'ConnectionClosedError',
        'timeout-after-effect': 'ReadTimeoutError',
        'error500-after-effect': 'ClientError',
      }[then],
    )
    expect(ids).toHaveLength(3)
    expect(new Set(ids).size).toBe(1)
  }
})

needsMoto('kills at the nth call, before its effect or after it, DryRuns counted', async () => {
  const script = (name: string) =>
    `show([code(lambda: ec2.describe_vpcs()), code(lambda: ec2.create_security_group(GroupName="${name}", Description="d", DryRun=True)), code(lambda: ec2.create_security_group(GroupName="${name}", Description="d"))])`
  let kills = 0
  const kill = () => {
    kills += 1
  }
  const exists = (name: string) =>
    cloud.boto<boolean>(`show("${name}" in [g["GroupName"] for g in ec2.describe_security_groups()["SecurityGroups"]])`)
  cloud.killAt(3, 'before', kill)
  expect(cloud.killed).toBe(false)
  await expect(cloud.boto(script('before'), counted)).rejects.toThrow('ConnectionClosedError')
  expect([kills, cloud.killed, await exists('before')]).toEqual([1, true, false])
  expect(cloud.calls.at(-1)).toMatchObject({ action: 'CreateSecurityGroup', code: 'Killed' })
  cloud.killAt(3, 'after', kill)
  expect(await cloud.boto(script('after'), counted)).toEqual(['OK', 'DryRunOperation', 'OK'])
  expect([kills, cloud.killed, await exists('after')]).toEqual([2, true, true])
  cloud.killAt(4, 'after', kill)
  await cloud.boto(script('later'), counted)
  expect([kills, cloud.killed]).toEqual([2, false])
})

needsMoto('a slow answer is late', async () => {
  cloud.faults.add({ action: 'DescribeVpcs', gives: { delayMs: 600 } })
  const seconds = await cloud.boto<number>('t = time.time(); ec2.describe_vpcs(); show(time.time() - t)', counted)
  expect(seconds).toBeGreaterThan(0.6)
})

needsMoto('what is left is told whole, in every region, and nothing of a fresh account', async () => {
  await using own = await startEc2({ delays: { pending: 20, shuttingDown: 20 } })
  expect(await own.left()).toEqual([])
  await own.boto(`
key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEtiVYQ4W5wyqDLKjtNUz2vkLKJc6wgu3vLtMy9oFRtm x"
ec2.import_key_pair(KeyName="web", PublicKeyMaterial=key.encode())
g = ec2.create_security_group(GroupName="docker-machine", Description="d")["GroupId"]
ec2.allocate_address(Domain="vpc")
ec2.create_volume(AvailabilityZone=region + "a", Size=1)
ec2.create_launch_template(LaunchTemplateName="base", LaunchTemplateData=dict(InstanceType="t3.micro"))
launch(InstanceMarketOptions=dict(MarketType="spot"))
client("ec2", region="eu-west-1").import_key_pair(KeyName="far", PublicKeyMaterial=key.encode())`)
  await own.settled()
  const words = (await own.left()).map(line =>
    line.replace(/(i|vol|eni|sg|sir)-\w+/, '$1').replace(/\d+(\.\d+){3}/, 'IP'),
  )
  expect(words.sort()).toEqual([
    'address IP',
    'instance i running',
    'key-pair far',
    'key-pair web',
    'launch-template base',
    'network-interface eni',
    'security-group sg docker-machine',
    'spot-request sir',
    'volume vol',
    'volume vol',
  ])
  await own.markFresh()
  expect(await own.left()).toEqual([])
})
