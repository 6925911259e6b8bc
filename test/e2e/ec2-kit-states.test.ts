/** The stand-in EC2 cloud: states and their times, spot, addresses, security groups and keys. */
import { afterAll, beforeAll, expect } from '@jest/globals'
import { type Ec2Cloud, startEc2 } from '../kit/ec2/cloud.ts'
import { needsMoto } from '../kit/ec2/needs-moto.ts'
import { whyNoMoto } from '../kit/ec2/venv.ts'

let cloud: Ec2Cloud
beforeAll(async () => {
  if (whyNoMoto() === undefined) cloud = await startEc2()
}, 60_000)
afterAll(() => cloud?.[Symbol.asyncDispose]())

needsMoto('states take their time, and what does not fit one is refused', async () => {
  Object.assign(cloud.delays, { pending: 500, stopping: 500, shuttingDown: 500, terminatedSeen: 1000 })
  const seen = await cloud.boto(`
i = launch()["InstanceId"]
one = dict(InstanceIds=[i])
verbs = [ec2.start_instances, ec2.stop_instances, ec2.reboot_instances]
def tries(): return [state(i)] + [code(lambda v=v: v(**one)) for v in verbs]
def become(name): until(lambda: state(i) == name)
def changed(answer): return [answer[list(answer)[0]][0][k]["Name"] for k in ("PreviousState", "CurrentState")]
pending = [state(i), code(lambda: ec2.stop_instances(**one)), code(lambda: ec2.reboot_instances(**one))]
become("running")
running = [state(i), code(lambda: ec2.start_instances(**one)), code(lambda: ec2.reboot_instances(**one)), changed(ec2.stop_instances(**one))]
stopping = [state(i), code(lambda: ec2.start_instances(**one)), code(lambda: ec2.stop_instances(**one)), code(lambda: ec2.reboot_instances(**one))]
become("stopped")
stopped = [state(i), code(lambda: ec2.stop_instances(**one)), code(lambda: ec2.reboot_instances(**one)), changed(ec2.start_instances(**one))]
become("running")
ended = changed(ec2.terminate_instances(**one))
ending = [state(i), code(lambda: ec2.start_instances(**one)), code(lambda: ec2.stop_instances(**one)), code(lambda: ec2.terminate_instances(**one))]
become("terminated")
gone = [state(i), code(lambda: ec2.start_instances(**one)), code(lambda: ec2.terminate_instances(**one)), instance(i)["StateReason"]["Code"]]
until(lambda: code(lambda: ec2.describe_instances(**one)) != "OK")
after = [code(lambda: f(**one)) for f in (ec2.describe_instances, ec2.terminate_instances, ec2.start_instances)] + [code(lambda: ec2.describe_instances(InstanceIds=["i-xyz"]))]
show(dict(pending=pending, running=running, stopping=stopping, stopped=stopped, ended=ended, ending=ending, gone=gone, after=after))`)
  const no = 'IncorrectInstanceState'
  expect(seen).toEqual({
    pending: ['pending', no, no],
    running: ['running', 'OK', 'OK', ['running', 'stopping']],
    stopping: ['stopping', no, 'OK', no],
    stopped: ['stopped', 'OK', no, ['stopped', 'pending']],
    ended: ['running', 'shutting-down'],
    ending: ['shutting-down', no, no, 'OK'],
    gone: ['terminated', no, 'OK', 'Client.UserInitiatedShutdown'],
    after: [...Array(3).fill('InvalidInstanceID.NotFound'), 'InvalidInstanceID.Malformed'],
  })
  Object.assign(cloud.delays, { pending: 50, stopping: 50, shuttingDown: 50, terminatedSeen: 60_000 })
})

needsMoto('a new instance, group or key may not be found at first', async () => {
  Object.assign(cloud.delays, { instanceUnseen: 1500, groupUnseen: 1500, keyUnseen: 1500 })
  const seen = await cloud.boto(`
key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEtiVYQ4W5wyqDLKjtNUz2vkLKJc6wgu3vLtMy9oFRtm x"
ec2.import_key_pair(KeyName="new", PublicKeyMaterial=key.encode())
g = ec2.create_security_group(GroupName="new", Description="new")["GroupId"]
i = launch()["InstanceId"]
asks = [lambda: instance(i), lambda: ec2.create_tags(Resources=[i], Tags=[dict(Key="a", Value="b")]), lambda: ec2.describe_security_groups(GroupIds=[g]),
  lambda: launch(SecurityGroupIds=[g]), lambda: ec2.describe_key_pairs(KeyNames=["new"]), lambda: launch(KeyName="new")]
early = [code(f) for f in asks] + [code(lambda: ec2.create_security_group(GroupName="new", Description="new"))]
time.sleep(1.6)
show([early, [code(f) for f in asks]])`)
  const [i, g, k] = ['InvalidInstanceID.NotFound', 'InvalidGroup.NotFound', 'InvalidKeyPair.NotFound']
  expect(seen).toEqual([[i, i, g, g, k, k, 'InvalidGroup.Duplicate'], Array(6).fill('OK')])
  Object.assign(cloud.delays, { instanceUnseen: 0, groupUnseen: 0, keyUnseen: 0 })
})

needsMoto('a protected instance is neither terminated nor stopped', async () => {
  const seen = await cloud.boto(`
i = launch(DisableApiTermination=True, DisableApiStop=True)["InstanceId"]
one = dict(InstanceIds=[i])
until(lambda: state(i) == "running")
first = [code(lambda: ec2.terminate_instances(**one)), code(lambda: ec2.terminate_instances(**one, DryRun=True)), code(lambda: ec2.stop_instances(**one)), state(i)]
ec2.modify_instance_attribute(InstanceId=i, DisableApiTermination=dict(Value=False))
show(first + [code(lambda: ec2.terminate_instances(**one))])`)
  expect(seen).toEqual([...Array(3).fill('OperationNotPermitted'), 'running', 'OK'])
})

needsMoto('spot: requests are made, tagged, seen, cancelled; a one-time instance is not stopped', async () => {
  const seen = await cloud.boto<{ id: string }>(`
spot = dict(InstanceMarketOptions=dict(MarketType="spot", SpotOptions=dict(MaxPrice="0.05")))
made = launch(**spot, TagSpecifications=[dict(ResourceType="spot-instances-request", Tags=[dict(Key="machine", Value="web")])])
i, s = made["InstanceId"], made["SpotInstanceRequestId"]
until(lambda: state(i) == "running")
def requests(**more): return ec2.describe_spot_instance_requests(**more)["SpotInstanceRequests"]
by_tag = requests(Filters=[dict(Name="tag:machine", Values=["web"])])
open_ = [(r["SpotInstanceRequestId"] == s, r["InstanceId"] == i, r["State"], r["Type"], r["SpotPrice"]) for r in by_tag]
stop = code(lambda: ec2.stop_instances(InstanceIds=[i]))
lifecycle = instance(i)["InstanceLifecycle"]
ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=[s])
cancelled = [requests(SpotInstanceRequestIds=[s])[0]["State"], state(i)]
show(dict(open=open_, stop=stop, lifecycle=lifecycle, cancelled=cancelled, nobody=code(lambda: requests(SpotInstanceRequestIds=["sir-12345678"])), id=launch(**spot)["InstanceId"]))`)
  expect(seen).toMatchObject({
    open: [[true, true, 'active', 'one-time', '0.05']],
    stop: 'UnsupportedOperation',
    lifecycle: 'spot',
    cancelled: ['cancelled', 'running'],
    nobody: 'InvalidSpotInstanceRequestID.NotFound',
  })
  expect((await cloud.left()).filter(line => line.startsWith('spot-request'))).toHaveLength(1)
  await cloud.settled()
  cloud.takeAway(seen.id)
  await cloud.settled()
  expect(
    await cloud.boto(`
r = [r for r in ec2.describe_spot_instance_requests()["SpotInstanceRequests"] if r["InstanceId"] == "${seen.id}"][0]
show([r["State"], r["Status"]["Code"], instance("${seen.id}")["StateReason"]["Code"]])`),
  ).toEqual(['closed', 'instance-terminated-no-capacity', 'Server.SpotInstanceTermination'])
})

needsMoto('the public address changes after stop and start, unless it is an Elastic IP', async () => {
  const seen = await cloud.boto<{ own: string[]; elastic: string[]; ip: string; rest: unknown[] }>(`
i = launch()["InstanceId"]
def become(name): until(lambda: state(i) == name)
def address(): return instance(i).get("PublicIpAddress")
def cycle():
    ec2.stop_instances(InstanceIds=[i]); become("stopped"); off = address()
    ec2.start_instances(InstanceIds=[i]); become("running")
    return [off, address()]
become("running")
private = instance(i)["PrivateIpAddress"]
own = [address()] + cycle()
a = ec2.allocate_address(Domain="vpc")
ec2.associate_address(AllocationId=a["AllocationId"], InstanceId=i)
elastic = [address()] + cycle()
in_use = code(lambda: ec2.release_address(AllocationId=a["AllocationId"]))
ec2.disassociate_address(AssociationId=ec2.describe_addresses()["Addresses"][0]["AssociationId"])
after = address()
released = code(lambda: ec2.release_address(AllocationId=a["AllocationId"]))
same = instance(i)["PrivateIpAddress"] == private
show(dict(own=own, elastic=elastic, ip=a["PublicIp"], rest=[in_use, after not in own + elastic, released, same]))`)
  expect(seen.own[1]).toBeNull()
  expect(new Set(seen.own).size).toBe(3)
  expect(seen.elastic).toEqual([seen.ip, seen.ip, seen.ip])
  expect(seen.rest).toEqual(['InvalidIPAddress.InUse', true, 'OK', true])
})

needsMoto('security groups: duplicates, rules all or none, quotas, and none deleted that is in use', async () => {
  Object.assign(cloud.quotas, { rulesPerGroup: 4 })
  Object.assign(cloud.delays, { shuttingDown: 700 })
  const seen = await cloud.boto<Record<string, unknown>>(`
g = ec2.create_security_group(GroupName="in use", Description="d")["GroupId"]
h = ec2.create_security_group(GroupName="other", Description="d")["GroupId"]
def rule(port, cidr="192.0.2.0/24", **more): return dict(IpProtocol="tcp", FromPort=port, ToPort=port, IpRanges=[dict(CidrIp=cidr)], **more)
def allow(*rules, group=g): return code(lambda: ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=list(rules)))
def count(): return len(ec2.describe_security_groups(GroupIds=[g])["SecurityGroups"][0]["IpPermissions"])
names = [code(lambda n=n: ec2.create_security_group(GroupName=n, Description="d")) for n in ("in use", "default", "sg-x", "")]
rules = [allow(rule(22)), allow(rule(22)), allow(rule(23), rule(22)), count(), allow(rule(80, "192.0.2.1/24")), allow(rule(80, "example.org")), allow(rule(80, "2001:db8::/32")),
  allow(dict(IpProtocol="tcp", IpRanges=[dict(CidrIp="192.0.2.0/24")])), allow(dict(IpProtocol="carrier-pigeon", FromPort=1, ToPort=1, IpRanges=[dict(CidrIp="192.0.2.0/24")])),
  allow(dict(IpProtocol="tcp", FromPort=1, ToPort=1)), allow(dict(IpProtocol="tcp", FromPort=1, ToPort=1, UserIdGroupPairs=[dict(GroupId="sg-0123456789abcdef0")])),
  allow(dict(IpProtocol="tcp", FromPort=7946, ToPort=7946, UserIdGroupPairs=[dict(GroupId=g)])), allow(rule(1), rule(2), rule(3)), count()]
gone = code(lambda: ec2.authorize_security_group_ingress(GroupId="sg-0123456789abcdef0", IpPermissions=[rule(1)]))
subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
i = launch(NetworkInterfaces=[dict(DeviceIndex=0, SubnetId=subnet, Groups=[g])])["InstanceId"]
def delete(group=g): return code(lambda: ec2.delete_security_group(GroupId=group))
used = [delete()]
until(lambda: state(i) == "running")
ec2.terminate_instances(InstanceIds=[i])
used += [delete()]
until(lambda: state(i) == "terminated")
ec2.authorize_security_group_ingress(GroupId=h, IpPermissions=[dict(IpProtocol="tcp", FromPort=1, ToPort=1, UserIdGroupPairs=[dict(GroupId=g)])])
used += [delete(), delete(h), delete(), delete()]
show(dict(names=names, rules=rules, gone=gone, used=used))`)
  const bad = 'InvalidParameterValue'
  expect(seen).toEqual({
    names: ['InvalidGroup.Duplicate', bad, bad, bad],
    rules: [
      ...['OK', 'InvalidPermission.Duplicate', 'InvalidPermission.Duplicate', 1, bad, bad, bad, bad, bad],
      ...['MissingParameter', 'InvalidGroup.NotFound', 'OK', 'RulesPerSecurityGroupLimitExceeded', 2],
    ],
    gone: 'InvalidGroup.NotFound',
    used: ['DependencyViolation', 'DependencyViolation', 'DependencyViolation', 'OK', 'OK', 'InvalidGroup.NotFound'],
  })
})

needsMoto('key pairs: only keys are imported, once; deleting one that is not there is fine', async () => {
  const seen = await cloud.boto(`
ed = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEtiVYQ4W5wyqDLKjtNUz2vkLKJc6wgu3vLtMy9oFRtm x"
def add(name, key): return code(lambda: ec2.import_key_pair(KeyName=name, PublicKeyMaterial=key.encode()))
show([add("k", ed), add("k", ed), add("bogus", "not a key"), add("cut", ed[:40]), add("ecdsa", "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTY="),
  [code(lambda: ec2.delete_key_pair(KeyName=n)) for n in ("k", "k")], code(lambda: ec2.describe_key_pairs(KeyNames=["k"]))])`)
  const bad = 'InvalidKey.Format'
  expect(seen).toEqual(['OK', 'InvalidKeyPair.Duplicate', bad, bad, bad, ['OK', 'OK'], 'InvalidKeyPair.NotFound'])
})
