/** What is there already, networks, templates, access, and the forks' names: as ec2-flag-rows.ts. */
import { expect } from '@jest/globals'
import { decoded, KMS_KEY, type Row, SWARM } from './ec2-flag-row.ts'

const NO_KEYS = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }

export const OTHER_ROWS: readonly Row[] = [
  {
    name: 'theirs',
    title: 'an image, a key pair, a VPC, a subnet and a group that are there already',
    settings: ({ ids, keyFile }) => ({
      ami: ids.ami ?? '',
      deviceName: '/dev/xvdz',
      sshKeypath: keyFile,
      keypairName: 'theirs',
      vpcId: ids.vpc ?? '',
      subnetId: ids.plain ?? '',
      privateAddressOnly: true,
      securityGroup: [ids.group ?? ''],
      securityGroupReadonly: true,
    }),
    expects({ seen, driver, world, ran }) {
      expect(seen.instance).toMatchObject({
        ImageId: world.ids.ami,
        KeyName: 'theirs',
        VpcId: world.ids.vpc,
        SubnetId: world.ids.plain,
      })
      expect(seen.instance.PublicIpAddress).toBeUndefined()
      expect(seen.groups).toEqual(['inner'])
      expect(seen.rules).toEqual(['tcp 8080 10.1.0.0/16'])
      expect(seen.volumes['/dev/xvdz']).toMatchObject({ Size: 16, VolumeType: 'gp3' })
      expect(driver).toMatchObject({
        ExistingKey: true,
        PrivateIPOnly: true,
        SSHUser: 'admin',
        DeviceName: '/dev/xvdz',
      })
      expect(ran.stderr).toContain(
        `security group inner (${world.ids.group}) is left as it is, because this program did not make it, and lacks: tcp 22 from 10.9.0.0/16`,
      )
      expect(ran.stderr).toContain('--amazonec2-device-name /dev/xvdz is not the root volume')
    },
  },
  {
    name: 'dual',
    title: 'IPv6 beside IPv4',
    settings: ({ ids }) => ({
      ipv6: true,
      ipv6AddressCount: '2',
      enablePrimaryIpv6: true,
      subnetId: ids.dual ?? '',
    }),
    expects({ seen, world }) {
      expect(seen.instance.SubnetId).toBe(world.ids.dual)
      expect(seen.nic.Ipv6Addresses).toHaveLength(2)
      expect((seen.nic.Ipv6Addresses as { IsPrimaryIpv6?: boolean }[])[0]?.IsPrimaryIpv6).toBe(true)
    },
  },
  {
    name: 'six',
    title: 'IPv6 alone',
    settings: ({ ids }, way) => ({
      ipv6AddressOnly: true,
      subnetId: ids.only ?? '',
      securityGroup: [`six-${way}`],
      allowCidr: ['2001:db8::7/128'],
    }),
    expects({ seen, driver }) {
      expect(seen.nic.Ipv6Addresses).toHaveLength(1)
      expect(seen.instance.PublicIpAddress ?? seen.instance.PrivateIpAddress).toBeUndefined()
      expect(seen.rules).toEqual([...SWARM, 'tcp 22 2001:db8::7/128', 'tcp 2376 2001:db8::7/128'].sort())
      expect(driver).toMatchObject({ Ipv6AddressOnly: true })
    },
  },
  {
    name: 'template',
    title: 'a launch template decides what was not typed',
    settings: () => ({ launchTemplate: 'base:1', instanceType: 't3.small' }),
    expects({ seen, world, name }) {
      expect(seen).toMatchObject({
        type: 't3.small',
        instance: {
          ImageId: world.ids.ami,
          Monitoring: { State: 'enabled' },
          MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 3 },
        },
        volumes: { '/dev/xvda': { Size: 50, VolumeType: 'gp2' } },
      })
      expect(seen.tags.instance).toMatchObject({ team: 'of-the-template', 'machine:name': name })
      expect(decoded(seen.userData)).toBe('#cloud-config\nruncmd: []\n')
    },
  },
  {
    name: 'arm',
    title: 'a type of ARM gets the image for it, and tags in Docker Machine’s way',
    ways: ['flags'],
    settings: () => ({ instanceType: 't4g.small', image: 'amazon-linux-2023', tags: 'team,a,cost,b' }),
    expects({ seen, driver }) {
      expect(seen.image).toMatch(/^137112412989 al2023-ami-2023\.[\d.]+-kernel-[\d.]+-arm64$/)
      expect(seen.instance.Architecture).toBe('arm64')
      expect(seen.tags.instance).toMatchObject({ team: 'a', cost: 'b' })
      expect(driver).toMatchObject({ SSHUser: 'ec2-user', DeviceName: '/dev/xvda', Tags: 'team,a,cost,b' })
    },
  },
  {
    name: 'access',
    title: 'another region, an endpoint by its host, and a profile’s keys',
    settings: ({ url }) => ({
      profile: 'work',
      region: 'eu-west-1',
      endpoint: url.replace('http://', ''),
      insecureTransport: true,
      retries: '2',
    }),
    env: ({ profiles }) => ({ ...NO_KEYS, AWS_SHARED_CREDENTIALS_FILE: profiles }),
    expects({ seen, driver, world }) {
      expect(seen.zone).toMatch(/^eu-west-1[a-c]$/)
      const endpoint = world.url.replace('http://', '')
      expect(driver).toMatchObject({
        Region: 'eu-west-1',
        Profile: 'work',
        Endpoint: endpoint,
        DisableSSL: true,
        RetryCount: 2,
      })
    },
  },
  {
    name: 'keys',
    title: 'temporary keys',
    settings: ({ keys }) => ({
      accessKey: keys.accessKeyId,
      secretKey: keys.secretAccessKey,
      sessionToken: keys.sessionToken ?? '',
    }),
    env: () => NO_KEYS,
    expects({ driver, ran, way, world }) {
      for (const name of ['AccessKey', 'SecretKey', 'SessionToken']) expect(driver).not.toHaveProperty(name)
      expect(JSON.stringify([driver, ran.stderr, ran.stdout])).not.toContain(world.keys.secretAccessKey)
      expect(ran.stderr.includes('--amazonec2-access-key')).toBe(way === 'flags')
    },
  },
  {
    name: 'forks',
    title: 'by the forks’ names: the same',
    aliased: true,
    settings: ({ ids }) => ({
      region: 'eu-central-1',
      metadataToken: 'optional',
      volumeEncrypted: true,
      volumeKmsKey: KMS_KEY,
      ipv6AddressOnly: true,
      subnetId: ids.only ?? '',
      allowCidr: '2001:db8::7/128',
    }),
    expects({ seen }) {
      expect(seen).toMatchObject({
        instance: { MetadataOptions: { HttpTokens: 'optional' } },
        volumes: { '/dev/sda1': { Encrypted: true, KmsKeyId: KMS_KEY } },
      })
      expect(seen.nic.Ipv6Addresses).toHaveLength(1)
    },
  },
]
