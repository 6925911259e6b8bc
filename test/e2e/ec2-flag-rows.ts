/** Instances, their disks and their groups: what is asked for in ec2-flags.test.ts, and what must come of it. */
import { expect } from '@jest/globals'
import { decoded, KMS_KEY, type Row, SWARM } from './ec2-flag-row.ts'

const CANONICAL = '099720109477'
const DEBIAN = '136693071363'

export const INSTANCE_ROWS: readonly Row[] = [
  {
    name: 'plain',
    title:
      'nothing asked for: the newest Ubuntu, IMDSv2 alone, an encrypted gp3 volume, a public address, the shared group',
    ways: ['flags'],
    settings: () => ({}),
    expects({ seen, name, driver }) {
      expect(seen).toMatchObject({
        image: expect.stringMatching(`^${CANONICAL} ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-\\d{8}$`),
        type: 't3.micro',
        zone: 'eu-central-1a',
        groups: ['docker-machine'],
        protected: false,
        userData: '',
        instance: {
          MetadataOptions: {
            HttpTokens: 'required',
            HttpPutResponseHopLimit: 1,
            HttpEndpoint: 'enabled',
            HttpProtocolIpv6: 'disabled',
          },
          Monitoring: { State: 'disabled' },
          Placement: { Tenancy: 'default' },
          KeyName: expect.stringMatching(new RegExp(`^${name}-[0-9a-f]{8}-[0-9a-f]{8}$`)),
        },
        volumes: { '/dev/sda1': { Size: 16, VolumeType: 'gp3', Encrypted: true } },
      })
      expect(Object.keys(seen.volumes)).toEqual(['/dev/sda1'])
      expect(seen.tags['key-pair']).toMatchObject({ 'machine:name': name })
      expect(seen.rules).toEqual(
        expect.arrayContaining([...SWARM, 'tcp 22 198.51.100.77/32', 'tcp 2376 198.51.100.77/32']),
      )
      expect(seen.rules.filter(rule => / (0\.0\.0\.0|::)\//.test(rule))).toEqual([])
      expect(seen.instance.SpotInstanceRequestId).toBeUndefined()
      expect(driver).toMatchObject({ SSHUser: 'ubuntu', SSHPort: 22 })
    },
  },
  {
    name: 'full',
    title: 'instance, disks, metadata, tags, zone, groups and rules',
    settings: ({ userData, url }, way) => ({
      instanceType: 't3.small',
      image: 'debian-12',
      rootSize: '30',
      volumeType: 'gp3',
      volumeIops: '4000',
      volumeThroughput: '250',
      volumeEncrypted: true,
      volumeKmsKey: KMS_KEY,
      blockDeviceMapping: [
        '/dev/sdf=20:gp3',
        'DeviceName=/dev/sdg,VolumeSize=30,VolumeType=io2,Iops=1000,DeleteOnTermination=false',
      ],
      iamInstanceProfile: 'builder',
      monitoring: true,
      useEbsOptimizedInstance: true,
      creditSpecification: 'standard',
      terminationProtection: true,
      metadataToken: 'optional',
      metadataTokenResponseHopLimit: '2',
      httpEndpoint: 'enabled',
      httpProtocolIpv6: 'enabled',
      tags: 'team=a,cost=b',
      zone: 'b',
      sshUser: 'root',
      sshPort: '2222',
      userdata: userData,
      securityGroup: [`ours-${way}`, 'theirs'],
      openPort: ['80', '53/udp', '8000-8010/tcp'],
      allowCidr: ['auto', '203.0.113.0/24', '2001:db8::/48'],
      checkUrl: `${url}/check-address`,
    }),
    expects({ seen, driver, way, ran }) {
      expect(seen).toMatchObject({
        image: expect.stringMatching(`^${DEBIAN} debian-12-amd64-`),
        type: 't3.small',
        zone: 'eu-central-1b',
        groups: [`ours-${way}`, 'theirs'],
        protected: true,
        credits: 'standard',
        instance: {
          EbsOptimized: true,
          IamInstanceProfile: { Arn: expect.stringMatching(/instance-profile\/builder$/) },
          MetadataOptions: {
            HttpTokens: 'optional',
            HttpPutResponseHopLimit: 2,
            HttpEndpoint: 'enabled',
            HttpProtocolIpv6: 'enabled',
          },
          Monitoring: { State: 'enabled' },
        },
        volumes: {
          '/dev/xvda': { Size: 30, VolumeType: 'gp3', Iops: 4000, Throughput: 250, Encrypted: true, KmsKeyId: KMS_KEY },
          '/dev/sdf': { Size: 20, VolumeType: 'gp3', Encrypted: true, KmsKeyId: KMS_KEY },
          '/dev/sdg': { Size: 30, VolumeType: 'io2', Iops: 1000, Encrypted: true, KmsKeyId: KMS_KEY },
        },
      })
      const dies = (
        seen.instance.BlockDeviceMappings as { DeviceName: string; Ebs: { DeleteOnTermination: boolean } }[]
      )
        .map(m => `${m.DeviceName} ${m.Ebs.DeleteOnTermination}`)
        .sort()
      expect(dies).toEqual(['/dev/sdf true', '/dev/sdg false', '/dev/xvda true'])
      for (const kind of ['instance', 'volume', 'network-interface', 'key-pair'] as const)
        expect(seen.tags[kind]).toMatchObject({ team: 'a', cost: 'b' })
      expect(seen.rules).toEqual(
        [
          ...SWARM,
          ...['22', '2222', '2376']
            .filter(port => port !== '22')
            .flatMap(port => [
              `tcp ${port} 198.51.100.77/32`,
              `tcp ${port} 203.0.113.0/24`,
              `tcp ${port} 2001:db8::/48`,
            ]),
          ...['tcp 80', 'udp 53', 'tcp 8000-8010'].flatMap(port => [`${port} 0.0.0.0/0`, `${port} ::/0`]),
          'tcp 8080 10.1.0.0/16', // theirs, and that alone
        ].sort(),
      )
      const parts = decoded(seen.userData)
        .split(/^--.*$/m)
        .map(part => decoded(part.split('\n\n')[1] ?? ''))
      expect(parts).toContainEqual('#cloud-config\npackages: [htop]\n')
      expect(parts).toContainEqual(expect.stringContaining('Port 2222'))
      expect(driver).toMatchObject({
        SSHUser: 'root',
        SSHPort: 2222,
        UserDataFile: expect.stringContaining('user-data'),
      })
      expect(ran.stderr).toContain('--amazonec2-metadata-token optional: a program on the host')
    },
  },
  {
    name: 'spot',
    title: 'a spot instance with a price and an interruption, tenancy, placement, and no metadata',
    settings: () => ({
      requestSpotInstance: true,
      spotPrice: '0.05',
      spotInterruption: 'stop',
      blockDurationMinutes: '60',
      httpEndpoint: 'disabled',
      tenancy: 'dedicated',
      placementGroup: 'near',
      usePrivateAddress: true,
    }),
    expects({ seen, driver, ran }) {
      expect(seen.instance).toMatchObject({
        InstanceLifecycle: 'spot',
        Placement: { GroupName: 'near', Tenancy: 'dedicated' },
        MetadataOptions: { HttpEndpoint: 'disabled' },
      })
      expect(seen.spot).toMatchObject({ SpotPrice: '0.05', Type: 'persistent', InstanceInterruptionBehavior: 'stop' })
      expect(seen.tags['spot-instances-request']).toMatchObject({ 'machine:store': expect.any(String) })
      expect(driver).toMatchObject({ SpotRequestId: seen.spot?.SpotInstanceRequestId, UsePrivateIP: true })
      expect(ran.stderr).toContain('--amazonec2-block-duration-minutes has no effect')
      expect(ran.stderr).toContain('--amazonec2-http-endpoint disabled keeps cloud-init from reading the SSH key')
    },
  },
  {
    name: 'once',
    title: 'a spot instance without more: one-time, at most the price on demand',
    ways: ['flags'],
    settings: () => ({ requestSpotInstance: true }),
    expects({ seen }) {
      expect(seen.spot).toMatchObject({ Type: 'one-time', InstanceInterruptionBehavior: 'terminate' })
    },
  },
]
