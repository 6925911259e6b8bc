/** Creates at EC2 that end once it has launched, and what is seen of them. */
import type { Ec2Cloud } from '../kit/ec2/cloud.ts'
import { launchedBy } from './cloud-launches.ts'

export const launched = launchedBy('amazonec2')

type Plain = Record<string, unknown>

/** What boto3 sees of one instance; of lists what their order does not matter for. */
export interface Seen {
  readonly instance: Plain
  readonly volumes: Record<string, Plain>
  readonly nic: Plain
  readonly tags: Record<
    'instance' | 'volume' | 'network-interface' | 'spot-instances-request' | 'key-pair',
    Record<string, string>
  >
  readonly image: string
  readonly type: string
  readonly zone: string
  readonly groups: readonly string[]
  /** 'tcp 22 198.51.100.77/32', sorted; of all its groups. */
  readonly rules: readonly string[]
  readonly userData: string
  readonly protected: boolean
  readonly credits: string | undefined
  readonly spot: Plain | undefined
}

/** Asks an independent client for instances of one region, in one go. */
export async function lookAt(
  cloud: Ec2Cloud,
  ids: readonly string[],
  region = cloud.region,
): Promise<Map<string, Seen>> {
  const all = await cloud.boto<Plain[]>(
    `
names = dict((g["GroupId"], g) for g in ec2.describe_security_groups()["SecurityGroups"])
def plain_tags(list): return dict((t["Key"], t["Value"]) for t in list or [])
def rules(id):
    group = names[id]
    said = []
    for p in group["IpPermissions"]:
        at = "%s %s%s" % (p["IpProtocol"], p.get("FromPort"), "" if p.get("FromPort") == p.get("ToPort") else "-%s" % p.get("ToPort"))
        said += ["%s %s" % (at, r["CidrIp"]) for r in p.get("IpRanges", [])] + ["%s %s" % (at, r["CidrIpv6"]) for r in p.get("Ipv6Ranges", [])]
        said += ["%s %s" % (at, "itself" if g["GroupId"] == id else g["GroupId"]) for g in p.get("UserIdGroupPairs", [])]
    return said
def look(id):
    i = ec2.describe_instances(InstanceIds=[id])["Reservations"][0]["Instances"][0]
    attribute = lambda name: ec2.describe_instance_attribute(InstanceId=id, Attribute=name)
    vols = dict((m["DeviceName"], ec2.describe_volumes(VolumeIds=[m["Ebs"]["VolumeId"]])["Volumes"][0]) for m in i.get("BlockDeviceMappings", []))
    nic = ec2.describe_network_interfaces(NetworkInterfaceIds=[i["NetworkInterfaces"][0]["NetworkInterfaceId"]])["NetworkInterfaces"][0]
    image = ec2.describe_images(ImageIds=[i["ImageId"]])["Images"][0]
    request = i.get("SpotInstanceRequestId")
    spot = ec2.describe_spot_instance_requests(SpotInstanceRequestIds=[request])["SpotInstanceRequests"][0] if request else None
    keys = ec2.describe_key_pairs(KeyNames=[i["KeyName"]])["KeyPairs"][0]
    tags = {"instance": plain_tags(i.get("Tags")), "network-interface": plain_tags(nic.get("TagSet")), "key-pair": plain_tags(keys.get("Tags"))}
    tags["volume"] = plain_tags(list(vols.values())[0].get("Tags")) if vols else {}
    tags["spot-instances-request"] = plain_tags(spot.get("Tags")) if spot else {}
    burstable = i["InstanceType"].startswith("t")
    credits = ec2.describe_instance_credit_specifications(InstanceIds=[id])["InstanceCreditSpecifications"][0]["CpuCredits"] if burstable else None
    return dict(instance=i, volumes=vols, nic=nic, tags=tags, image="%s %s" % (image["OwnerId"], image["Name"]), type=i["InstanceType"], zone=i["Placement"]["AvailabilityZone"],
        groups=sorted(g["GroupName"] for g in i["SecurityGroups"]), rules=sorted(r for g in i["SecurityGroups"] for r in rules(g["GroupId"])),
        userData=attribute("userData")["UserData"].get("Value", ""), protected=attribute("disableApiTermination")["DisableApiTermination"]["Value"], credits=credits, spot=spot)
show([look(id) for id in json.loads(os.environ["IDS"])])`,
    { region, env: { IDS: JSON.stringify(ids) } },
  )
  return new Map(ids.map((id, i) => [id, all[i] as unknown as Seen]))
}
