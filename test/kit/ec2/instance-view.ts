/** An instance as DescribeInstances shows it: moto's answer with what moto forgets, and as it is at this moment. */
import type { Instance as Described, NetworkInterface } from '@aws-sdk/client-ec2'
import { type Instance, instanceOf, type World } from './world.ts'

export async function describeInstance(id: string, region: string, world: World): Promise<Described> {
  const answer = await world.moto.call<{ Reservations: { Instances: Described[] }[] }>(region, 'DescribeInstances', {
    InstanceIds: [id],
  })
  const described = answer.Reservations[0]?.Instances[0]
  const instance = world.instances.get(id) ?? instanceOf(id, region, world)
  return complete(described ?? {}, instance)
}

/** Members set to undefined are left out of the answer. */
export function complete(described: Described, instance: Instance): Described {
  const { asked, image, life, spot } = instance
  const gone = life.state === 'terminated'
  const nics = described.NetworkInterfaces ?? []
  const placement = { ...described.Placement, ...asked.Placement, Tenancy: asked.Placement?.Tenancy ?? 'default' }
  const result: Described = {
    ...described,
    State: life.now,
    StateReason: life.reason,
    StateTransitionReason: life.reason?.Code.startsWith('Client.User') ? 'User initiated' : '',
    ClientToken: asked.ClientToken,
    InstanceType: asked.InstanceType ?? described.InstanceType,
    KeyName: asked.KeyName,
    Architecture: image?.Architecture ?? described.Architecture,
    Platform: undefined,
    PlatformDetails: 'Linux/UNIX',
    EnaSupport: true,
    Hypervisor: 'xen',
    SecurityGroups: nics[0]?.Groups ?? [],
    InstanceLifecycle: spot ? 'spot' : undefined,
    SpotInstanceRequestId: spot?.id,
    Placement: placement,
    Monitoring: { State: asked.Monitoring?.Enabled ? 'enabled' : 'disabled' },
    MetadataOptions: {
      State: 'applied',
      HttpTokens: image?.ImdsSupport === 'v2.0' ? 'required' : 'optional',
      HttpPutResponseHopLimit: image?.ImdsSupport === 'v2.0' ? 2 : 1,
      HttpEndpoint: 'enabled',
      HttpProtocolIpv6: 'disabled',
      InstanceMetadataTags: 'disabled',
      ...(described.MetadataOptions?.State === 'applied' ? pick(described.MetadataOptions, asked.MetadataOptions) : {}),
    },
    CpuOptions: {
      CoreCount: Math.max(1, instance.vcpus / 2),
      ThreadsPerCore: Math.min(2, instance.vcpus),
      ...asked.CpuOptions,
    },
    MaintenanceOptions: { AutoRecovery: 'default', ...asked.MaintenanceOptions },
    EnclaveOptions: { Enabled: asked.EnclaveOptions?.Enabled ?? false },
    HibernationOptions: { Configured: asked.HibernationOptions?.Configured ?? false },
    PrivateIpAddress: gone || !instance.ipv4 ? undefined : instance.privateAddress,
    PrivateDnsName: gone
      ? ''
      : `ip-${instance.privateAddress.replaceAll('.', '-')}.${instance.region}.compute.internal`,
    PublicIpAddress: gone ? undefined : instance.publicAddress,
    PublicDnsName: gone ? '' : publicName(instance),
    Ipv6Address: nics[0]?.Ipv6Addresses?.[0]?.Ipv6Address,
    NetworkInterfaces: gone
      ? []
      : (nics.map((nic, i) =>
          i === 0 ? addressed(nic as NetworkInterface, instance) : nic,
        ) as Described['NetworkInterfaces']),
    ...(gone ? { SubnetId: undefined, VpcId: undefined, BlockDeviceMappings: [] } : {}),
  }
  return Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined))
}

/** What was asked for at launch or set since, which moto does keep; its defaults are not AWS'. */
function pick<T extends object>(kept: T, asked: object | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(kept).filter(([name]) => asked !== undefined && name in asked)) as Partial<T>
}

const publicName = ({ publicAddress, region }: Instance): string =>
  publicAddress === undefined ? '' : `ec2-${publicAddress.replaceAll('.', '-')}.${region}.compute.amazonaws.com`

/** A network interface with the instance's addresses of now. */
export function addressed(nic: NetworkInterface, instance: Instance): NetworkInterface {
  const { publicAddress, elastic, privateAddress, ipv4 } = instance
  const association = publicAddress && {
    PublicIp: publicAddress,
    PublicDnsName: publicName(instance),
    IpOwnerId: elastic ? (nic.OwnerId ?? '') : 'amazon',
  }
  const { Association: _, PrivateIpAddress: __, PrivateIpAddresses: ___, PrivateDnsName: ____, ...others } = nic
  const rest = withPrimary(others, instance)
  if (!ipv4) return { ...rest, PrivateIpAddresses: [] }
  const own = { PrivateIpAddress: privateAddress, ...(association ? { Association: association } : {}) }
  return { ...rest, ...own, PrivateIpAddresses: [{ Primary: true, ...own }] }
}

/** The first IPv6 address is the primary one where that was asked for; moto does not keep it. */
function withPrimary<T extends Pick<NetworkInterface, 'Ipv6Addresses'>>(nic: T, { asked }: Instance): T {
  const primary = asked.NetworkInterfaces?.find(each => each.DeviceIndex === 0)?.PrimaryIpv6 ?? asked.EnablePrimaryIpv6
  const [first, ...others] = nic.Ipv6Addresses ?? []
  return primary && first ? { ...nic, Ipv6Addresses: [{ ...first, IsPrimaryIpv6: true }, ...others] } : nic
}
