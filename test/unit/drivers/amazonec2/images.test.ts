import { describe, expect, test } from '@jest/globals'
import { FAMILIES, userOf } from '../../../../drivers/amazonec2/image-families.ts'
import { checkFits, FAMILY_NAMES, givenImage, newestImage } from '../../../../drivers/amazonec2/images.ts'
import { cannedEc2 } from './canned-ec2.ts'

const NOBLE = {
  ImageId: 'ami-0123456789abcdef0',
  Name: 'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20261101',
  Architecture: 'x86_64',
  State: 'available',
  RootDeviceType: 'ebs',
  RootDeviceName: '/dev/sda1',
  BlockDeviceMappings: [
    { DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' },
    { DeviceName: '/dev/sda1', Ebs: { VolumeSize: 8, SnapshotId: 'snap-1' } },
  ],
  CreationDate: '2026-11-01T09:00:00.000Z',
  ImdsSupport: 'v2.0',
  BootMode: 'uefi-preferred',
}
const IMAGE = {
  id: 'ami-0123456789abcdef0',
  name: NOBLE.Name,
  cpu: 'x86_64',
  rootDevice: '/dev/sda1',
  rootSizeGb: 8,
  sshUser: 'ubuntu',
  imdsV2: true,
  bootMode: 'uefi-preferred',
} as const

describe('a family', () => {
  test('is asked for by its publisher, name and CPU, with one call', async () => {
    const ec2 = cannedEc2({ DescribeImages: { Images: [NOBLE] } })
    expect(await newestImage(ec2, 'ubuntu-24.04', 'x86_64')).toEqual(IMAGE)
    expect(ec2.asked).toEqual([
      {
        action: 'DescribeImages',
        input: {
          Owners: ['099720109477'],
          Filters: expect.arrayContaining([
            { Name: 'name', Values: ['ubuntu/images/hvm-ssd*/ubuntu-*-24.04-amd64-server-*'] },
            { Name: 'architecture', Values: ['x86_64'] },
            { Name: 'state', Values: ['available'] },
          ]),
        },
      },
    ])
  })
  test('gives its newest that is not deprecated', async () => {
    const Images = [
      { ...NOBLE, ImageId: 'ami-old', CreationDate: '2026-09-01T09:00:00.000Z' },
      NOBLE,
      {
        ...NOBLE,
        ImageId: 'ami-bad',
        CreationDate: '2026-11-20T09:00:00.000Z',
        DeprecationTime: '2026-11-21T00:00:00.000Z',
      },
    ]
    const found = await newestImage(
      cannedEc2({ DescribeImages: { Images } }),
      'ubuntu-24.04',
      'x86_64',
      new Date('2026-11-26'),
    )
    expect(found.id).toBe(NOBLE.ImageId)
  })
  test.each([
    ['us-gov-west-1', 'ubuntu-24.04', '513442679011'],
    ['cn-north-1', 'ubuntu-24.04', '837727238323'],
    ['ap-northeast-1', 'debian-13', '136693071363'],
    ['us-gov-west-1', 'amazon-linux-2023', 'amazon'],
  ] as const)('in %s, %s is of %s', async (region, family, owner) => {
    const ec2 = cannedEc2({ DescribeImages: { Images: [NOBLE] } }, region)
    await newestImage(ec2, family, 'arm64')
    expect(ec2.asked[0]?.input.Owners).toEqual([owner])
  })
  test('that nobody publishes there, or has no such image, says what to do', async () => {
    for (const [region, partition] of [
      ['us-gov-west-1', 'aws-us-gov'],
      ['cn-north-1', 'aws-cn'],
    ] as const)
      await expect(newestImage(cannedEc2({}, region), 'debian-12', 'x86_64')).rejects.toThrow(
        `nobody is known to offer debian-12 in ${partition}`,
      )
    const none = cannedEc2({ DescribeImages: {} })
    await expect(newestImage(none, 'debian-12', 'arm64')).rejects.toMatchObject({
      message: 'there is no image of debian-12 for arm64 in region us-east-1',
      suggestions: [expect.stringContaining('--amazonec2-ami')],
    })
  })
  test('names images as their publishers do', () => {
    const matches = (family: keyof typeof FAMILIES, cpu: 'x86_64' | 'arm64', name: string) =>
      new RegExp(`^${FAMILIES[family].name(cpu).replace(/\./g, '\\.').replace(/\*/g, '.*')}$`).test(name)
    expect(matches('ubuntu-22.04', 'x86_64', 'ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20240501')).toBe(
      true,
    )
    expect(
      matches('ubuntu-26.04', 'arm64', 'ubuntu/images/hvm-ssd-gp3/ubuntu-resolute-26.04-arm64-server-20260619'),
    ).toBe(true)
    expect(
      matches('ubuntu-24.04', 'x86_64', 'ubuntu-minimal/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-minimal-20240501'),
    ).toBe(false)
    expect(matches('debian-12', 'x86_64', 'debian-12-amd64-20240201-1644')).toBe(true)
    expect(matches('debian-12', 'x86_64', 'debian-12-backports-amd64-20240201-1644')).toBe(false)
    expect(matches('amazon-linux-2023', 'arm64', 'al2023-ami-2023.6.20241121.0-kernel-6.1-arm64')).toBe(true)
    expect(matches('amazon-linux-2023', 'arm64', 'al2023-ami-minimal-2023.6.20241121.0-kernel-6.1-arm64')).toBe(false)
    expect(FAMILY_NAMES[0]).toBe('ubuntu-24.04')
  })
})

describe('a given image', () => {
  const given = (changes: object) =>
    givenImage(cannedEc2({ DescribeImages: { Images: [{ ...NOBLE, ...changes }] } }), NOBLE.ImageId)
  test('is looked at once', async () => {
    const ec2 = cannedEc2({ DescribeImages: { Images: [NOBLE] } })
    expect(await givenImage(ec2, NOBLE.ImageId)).toEqual(IMAGE)
    expect(ec2.asked).toEqual([{ action: 'DescribeImages', input: { ImageIds: [NOBLE.ImageId] } }])
  })
  test.each([
    [{ Platform: 'windows' }, 'is Windows, and machines run Linux'],
    [{ State: 'pending' }, 'cannot be launched: it is pending'],
    [{ RootDeviceType: 'instance-store' }, 'has no EBS volume as its root'],
    [{ Architecture: 'arm64_mac' }, 'is for arm64_mac, on which no engine runs'],
  ])('%j is refused', async (changes, why) => {
    await expect(given(changes)).rejects.toThrow(`the image ${NOBLE.ImageId} ${why}`)
  })
  test('that is none, or not there', async () => {
    await expect(givenImage(cannedEc2({}), 'ubuntu')).rejects.toThrow('"ubuntu" is no id of an image')
    await expect(givenImage(cannedEc2({ DescribeImages: {} }), NOBLE.ImageId)).rejects.toThrow(
      'is not there in region us-east-1',
    )
  })
  test('tells by its name whom its SSH lets in, or not at all', async () => {
    expect((await given({ Name: 'debian-12-amd64-1' })).sshUser).toBe('admin')
    expect((await given({ Name: 'ours-3' })).sshUser).toBeUndefined()
    expect(
      ['al2023-ami-2023.6-kernel-6.1-x86_64', 'RHEL-9.4.0_HVM', 'Rocky-9-EC2', 'Flatcar-stable-1', 'amzn2-ami-hvm'].map(
        userOf,
      ),
    ).toEqual(['ec2-user', 'ec2-user', 'rocky', 'core', 'ec2-user'])
  })
})

test('an image fits a type of its CPU and a volume it has room on', () => {
  checkFits(IMAGE, { cpu: ['x86_64'], type: 't3.small', rootSizeGb: 8 })
  checkFits(IMAGE, { cpu: ['x86_64'], type: 't3.small' })
  expect(() => checkFits(IMAGE, { cpu: ['arm64'], type: 't4g.small' })).toThrow(
    `the image ${IMAGE.id} is for x86_64, and instance type t4g.small is arm64`,
  )
  expect(() => checkFits(IMAGE, { cpu: ['x86_64'], type: 't3.small', rootSizeGb: 7 })).toThrow(
    `--amazonec2-root-size 7 is less than the 8 GB that the image ${IMAGE.id} needs`,
  )
})
