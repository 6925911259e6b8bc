import { expect, test } from '@jest/globals'
import { checkFits, givenImage, newestImage } from '../../../../drivers/aliyunecs/images.ts'
import { cannedEcs } from './canned-ecs.ts'

const images = (...Image: object[]) => ({ Images: { Image }, TotalCount: Image.length })

test('a family with one name is asked for by it', async () => {
  const Image = { ImageId: 'ubuntu_24_04_x64_20G_alibase_20260916.vhd', Architecture: 'x86_64', Size: 20 }
  const ecs = cannedEcs({ DescribeImageFromFamily: { Image } })
  expect(await newestImage(ecs, 'ubuntu-24.04', 'x86_64')).toEqual({ id: Image.ImageId, cpu: 'x86_64', sizeGb: 20 })
  expect(ecs.asked[0]?.input).toEqual({ ImageFamily: 'acs:ubuntu_24_04_x64' })
})

test.each([
  ['ubuntu-22.04', 'arm64', 'acs:ubuntu_22_04_arm64'],
  ['alibaba-cloud-linux-3', 'x86_64', 'acs:alibaba_cloud_linux_3_2104_lts_x64'],
] as const)('%s for %s', async (family, cpu, ImageFamily) => {
  const ecs = cannedEcs({ DescribeImageFromFamily: { Image: { ImageId: 'm', Architecture: cpu } } })
  await newestImage(ecs, family, cpu)
  expect(ecs.asked[0]?.input).toEqual({ ImageFamily })
})

test('Debian has a new family with each point release: the newest id counts, on whatever page', async () => {
  const old = { ImageId: 'debian_12_9_x64_20G_alibase_20250101.vhd', CreationTime: '2025-01-01T00:00:00Z' }
  const fresh = { ImageId: 'debian_12_11_x64_20G_alibase_20260724.vhd', CreationTime: '2026-07-24T00:00:00Z' }
  const others = [{ ImageId: 'debian_11_x64_20G.vhd' }, { ImageId: 'debian_12_11_arm64_20G.vhd', CreationTime: '2027' }]
  const ecs = cannedEcs({
    DescribeImages: [
      { Images: { Image: [old, ...others] }, TotalCount: 4 },
      { Images: { Image: [fresh] }, TotalCount: 4 },
    ],
  })
  expect((await newestImage(ecs, 'debian-12', 'x86_64')).id).toBe(fresh.ImageId)
  expect(ecs.actions).toEqual(['DescribeImages', 'DescribeImages'])
})

test('none', async () => {
  const ecs = cannedEcs({ DescribeImageFromFamily: {}, DescribeImages: images() })
  await expect(newestImage(ecs, 'ubuntu-24.04', 'arm64')).rejects.toThrow(
    'there is no image of ubuntu-24.04 for arm64 in region cn-hangzhou',
  )
})

test.each([
  [images(), 'the image m-1 is not there in region cn-hangzhou'],
  [images({ ImageId: 'm-1', OSType: 'windows' }), 'the image m-1 is windows, and machines run Linux'],
  [images({ ImageId: 'm-1', OSType: 'linux', Status: 'Creating' }), 'the image m-1 cannot be launched: it is Creating'],
  [images({ ImageId: 'm-1', Architecture: 'i386' }), 'the image m-1 is for i386, on which no engine runs'],
])('a given image that will not do', async (DescribeImages, text) => {
  await expect(givenImage(cannedEcs({ DescribeImages }), 'm-1')).rejects.toThrow(text)
})

test('the CPU and the size must fit', () => {
  const image = { id: 'm-1', cpu: 'arm64', sizeGb: 50 } as const
  expect(() => checkFits(image, { cpu: 'x86_64', type: 'ecs.g7.large', diskGb: 50 })).toThrow(
    'the image m-1 is for arm64, and instance type ecs.g7.large is x86_64',
  )
  expect(() => checkFits(image, { cpu: 'arm64', type: 'ecs.g8y.large', diskGb: 40 })).toThrow(
    '--aliyunecs-system-disk-size 40 is less than the 50 GB that the image m-1 needs',
  )
})
