/** What is asked for in aliyun-flags.test.ts, and what Alibaba Cloud must be asked for then. */
import { expect } from '@jest/globals'
import type { AliyunCloud } from '../kit/aliyun/cloud.ts'
import type { Place } from '../kit/aliyun/first-steps.ts'

export interface FlagRow {
  /** By the names of the flags in drivers/aliyunecs/flags.ts; files and ids are there. */
  readonly settings: Readonly<Record<string, string | number | boolean | readonly string[]>>
  /** Parameters by action. */
  readonly asks: Readonly<Record<string, object>>
  /** Parameters that must not be there. */
  readonly lacks?: Readonly<Record<string, readonly string[]>>
  readonly state?: object
  readonly says?: string
  /** Stops it, too. */
  readonly power?: true
}

export interface RowWorld {
  readonly cloud: AliyunCloud
  readonly place: Place
  readonly files: { readonly key: string; readonly userData: string }
}

const tag = (Key: string, Value: string) => expect.arrayContaining([{ Key, Value }])

/** Without a world: for their titles. */
export function flagRows(world: RowWorld | undefined): Record<string, FlagRow> {
  const { vswitchId = '', vpcId = '', zone = '', groupId = '', keyPair = '' } = world?.place ?? {}
  return {
    'nothing asked for': {
      settings: {},
      asks: {
        RunInstances: {
          Amount: 1,
          InstanceName: 'web',
          InstanceType: 'ecs.u1-c1m2.large',
          HttpTokens: 'required',
          InternetChargeType: 'PayByTraffic',
          InternetMaxBandwidthOut: 1,
          SystemDisk: { Size: 40 },
          ClientToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
          Tag: tag('machine:name', 'web'),
        },
        CreateSecurityGroup: { SecurityGroupName: 'docker-machine' },
        AuthorizeSecurityGroup: {
          Permissions: expect.arrayContaining([
            expect.objectContaining({ IpProtocol: 'tcp', PortRange: '22/22', SourceCidrIp: '198.51.100.77/32' }),
            expect.objectContaining({ IpProtocol: 'tcp', PortRange: '2376/2376', SourceCidrIp: '198.51.100.77/32' }),
          ]),
        },
      },
      lacks: { RunInstances: ['DataDisk', 'SpotStrategy', 'UserData', 'Password', 'IoOptimized', 'Description'] },
      state: { SSHUser: 'root', SSHPort: 22 },
    },
    'the instance': {
      settings: {
        instanceType: 'ecs.g6.large,ecs.g7.large',
        image: 'debian-12',
        description: 'builds things',
        ioOptimized: 'true',
        ramRole: 'machine-role',
        resourceGroupId: 'rg-aekz1234567890a',
        tag: ['team=ops', 'stage=test'],
        metadataToken: 'optional',
        httpEndpoint: 'enabled',
        securityHardening: true,
        upgradeKernel: true,
        sshPassword: 'Never-Sent-1',
      },
      asks: {
        RunInstances: {
          InstanceType: 'ecs.g6.large',
          ImageId: expect.stringContaining('debian_12_'),
          Description: 'builds things',
          IoOptimized: 'optimized',
          RamRoleName: 'machine-role',
          ResourceGroupId: 'rg-aekz1234567890a',
          HttpTokens: 'optional',
          HttpEndpoint: 'enabled',
          SecurityEnhancementStrategy: 'Active',
          Tag: expect.arrayContaining([
            { Key: 'team', Value: 'ops' },
            { Key: 'stage', Value: 'test' },
          ]),
        },
        ImportKeyPair: { ResourceGroupId: 'rg-aekz1234567890a', Tag: tag('team', 'ops') },
        CreateSecurityGroup: { ResourceGroupId: 'rg-aekz1234567890a', Tag: tag('team', 'ops') },
      },
      lacks: { RunInstances: ['Password'] },
      says: '--aliyunecs-upgrade-kernel has no effect',
    },
    'an image by its id, user data, another user and port': {
      settings: {
        imageId: 'ubuntu_24_04_x64_20G_alibase_20260916.vhd',
        userdata: world?.files.userData ?? '',
        sshUser: 'ecs-user',
        sshPort: 2222,
      },
      asks: {
        RunInstances: {
          ImageId: 'ubuntu_24_04_x64_20G_alibase_20260916.vhd',
          ImageOptions: { LoginAsNonRoot: true },
          UserData: expect.stringMatching(/^[A-Za-z0-9+/]{40,}=*$/),
        },
        AuthorizeSecurityGroup: {
          Permissions: expect.arrayContaining([expect.objectContaining({ PortRange: '2222/2222' })]),
        },
      },
      state: { SSHUser: 'ecs-user', SSHPort: 2222 },
    },
    'the disks': {
      settings: {
        systemDiskSize: 60,
        systemDiskCategory: 'cloud_essd',
        systemDiskPerformanceLevel: 'PL1',
        diskSize: 500,
        diskCategory: 'cloud_essd',
        diskPerformanceLevel: 'PL2',
        diskFs: 'xfs',
        diskEncrypted: true,
        instanceType: 'ecs.g7.large',
      },
      asks: {
        RunInstances: {
          SystemDisk: { Size: 60, Category: 'cloud_essd', PerformanceLevel: 'PL1', Encrypted: true },
          DataDisk: [
            { Size: 500, Category: 'cloud_essd', PerformanceLevel: 'PL2', Encrypted: true, DeleteWithInstance: true },
          ],
        },
      },
      state: { DiskSize: 500, DiskFS: 'xfs', DiskSerial: expect.stringMatching(/./) },
    },
    'network, group and rules': {
      settings: {
        vpcId,
        vswitchId,
        zone,
        privateIp: '172.16.0.77',
        securityGroup: 'builders',
        allowCidr: ['10.1.0.0/16', '192.0.2.9/32'],
        openPort: ['80', '53/udp', '8000-8010/tcp'],
        internetMaxBandwidth: 20,
        internetChargeType: 'PayByBandwidth',
        stoppedMode: 'stop-charging',
        instanceType: 'ecs.g6.large',
      },
      power: true,
      asks: {
        RunInstances: {
          VSwitchId: vswitchId,
          PrivateIpAddress: '172.16.0.77',
          InternetMaxBandwidthOut: 20,
          InternetChargeType: 'PayByBandwidth',
        },
        CreateSecurityGroup: { SecurityGroupName: 'builders', VpcId: vpcId },
        AuthorizeSecurityGroup: {
          Permissions: expect.arrayContaining([
            expect.objectContaining({ PortRange: '22/22', SourceCidrIp: '10.1.0.0/16' }),
            expect.objectContaining({ PortRange: '2376/2376', SourceCidrIp: '192.0.2.9/32' }),
            expect.objectContaining({ PortRange: '80/80', SourceCidrIp: '0.0.0.0/0' }),
            expect.objectContaining({ IpProtocol: 'udp', PortRange: '53/53' }),
            expect.objectContaining({ IpProtocol: 'tcp', PortRange: '8000/8010' }),
          ]),
        },
        StopInstance: { StoppedMode: 'StopCharging' },
      },
      state: { Zone: zone, SecurityGroupName: 'builders' },
    },
    'an elastic address, a route and a load balancer': {
      settings: {
        eip: true,
        internetMaxBandwidth: 5,
        routeCidr: '10.200.0.0/24',
        slbId: world?.cloud.slbId ?? '',
        checkUrl: world?.cloud.checkUrl ?? '',
        allowCidr: ['auto'],
      },
      asks: {
        AllocateEipAddress: { Bandwidth: expect.anything(), InternetChargeType: 'PayByTraffic' },
        CreateRouteEntry: { DestinationCidrBlock: '10.200.0.0/24', NextHopType: 'Instance' },
        AddBackendServers: { LoadBalancerId: world?.cloud.slbId ?? '' },
      },
      lacks: { RunInstances: ['InternetMaxBandwidthOut', 'InternetChargeType'] },
      state: { Eip: true, RouteCIDR: '10.200.0.0/24' },
    },
    'private, in a group and with a key pair that are there': {
      settings: {
        privateAddressOnly: true,
        securityGroup: groupId,
        sshKeypair: keyPair,
        sshKeypath: world?.files.key ?? '',
      },
      asks: { RunInstances: { KeyPairName: keyPair, SecurityGroupId: groupId } },
      lacks: { RunInstances: ['InternetMaxBandwidthOut'] },
      says: 'is left as it is, because this program did not make it, and lacks: ',
      state: { PrivateIPOnly: true, SSHKeyPair: keyPair, KeyName: '' },
    },
    'a spot instance': {
      settings: { spot: true, spotPriceLimit: '0.25', spotDuration: 0, spotInterruption: 'stop' },
      asks: {
        RunInstances: {
          SpotStrategy: 'SpotWithPriceLimit',
          SpotPriceLimit: 0.25,
          SpotDuration: 0,
          SpotInterruptionBehavior: 'Stop',
        },
      },
      state: { SpotInterruption: 'Stop' },
    },
  }
}
