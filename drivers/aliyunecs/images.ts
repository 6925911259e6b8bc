/** Which image a machine boots from: found by family and CPU at run time, or given and checked. */
import { MachineError, UsageError } from '../../src/errors.ts'
import type { Ecs } from './api.ts'
import type { SeenImage } from './ecs-actions.ts'
import { type Cpu, FAMILIES, type Family, type FamilySpec } from './image-families.ts'
import { allByNumber } from './pages.ts'
import { isGone } from './problems.ts'

export interface Image {
  readonly id: string
  readonly cpu: Cpu
  /** A system disk cannot be smaller. 0: not known. */
  readonly sizeGb: number
}

const WAY_OUT = 'name an image with --aliyunecs-image-id, or another family with --aliyunecs-image'

/** The newest image of the family for this CPU. One call where the family has one name; else the list is looked through. */
export async function newestImage(ecs: Ecs, name: Family, cpu: Cpu): Promise<Image> {
  const spec: FamilySpec = FAMILIES[name]
  const named = spec.family && (await ofFamily(ecs, spec.family(cpu)))
  const found = named ?? (await newestById(ecs, spec.ids(cpu), cpu))
  if (found) return read(found, cpu)
  throw new MachineError('ECS_NO_IMAGE', `there is no image of ${name} for ${cpu} in region ${ecs.region}`, {
    hints: [WAY_OUT],
  })
}

async function ofFamily(ecs: Ecs, ImageFamily: string): Promise<SeenImage | undefined> {
  const { Image } = await ecs.call('DescribeImageFromFamily', { ImageFamily }).catch(error => {
    if (isGone(error)) return { Image: undefined }
    throw error
  })
  return Image?.ImageId ? Image : undefined
}

async function newestById(ecs: Ecs, ids: RegExp, cpu: Cpu): Promise<SeenImage | undefined> {
  const all = await allByNumber(
    ecs,
    'DescribeImages',
    { ImageOwnerAlias: 'system', OSType: 'linux', Architecture: cpu, Status: 'Available' },
    page => page.Images?.Image,
  )
  const ofIt = all.filter(image => ids.test(image.ImageId ?? ''))
  return ofIt.sort((a, b) => (b.CreationTime ?? '').localeCompare(a.CreationTime ?? ''))[0]
}

/** The image given with `--aliyunecs-image-id`; throws where it is missing, not ready, no Linux. One call. */
export async function givenImage(ecs: Ecs, id: string): Promise<Image> {
  const { Images } = await ecs.call('DescribeImages', { ImageId: id })
  const seen = Images?.Image?.[0]
  if (!seen)
    throw new MachineError('ECS_NOT_FOUND', `the image ${id} is not there in region ${ecs.region}`, {
      hints: ['check --aliyunecs-image-id: ids differ from region to region and are rotated away; or leave it out'],
    })
  const no = (why: string) => new MachineError('ECS_IMAGE', `the image ${id} ${why}`, { hints: [WAY_OUT] })
  if (seen.OSType && seen.OSType.toLowerCase() !== 'linux') throw no(`is ${seen.OSType}, and machines run Linux`)
  if (seen.Status && seen.Status !== 'Available') throw no(`cannot be launched: it is ${seen.Status}`)
  if (seen.Architecture && !isCpu(seen.Architecture)) throw no(`is for ${seen.Architecture}, on which no engine runs`)
  return read(seen, 'x86_64')
}

/** Throws when the image is for another CPU than the type's, or larger than the system disk asked for. */
export function checkFits(image: Image, { cpu, type, diskGb }: { cpu: Cpu; type: string; diskGb: number }): void {
  if (image.cpu !== cpu)
    throw new UsageError(`the image ${image.id} is for ${image.cpu}, and instance type ${type} is ${cpu}`, [
      `leave --aliyunecs-image-id out, or take a type of that CPU: ${image.cpu === 'arm64' ? 'ecs.c8y.large' : 'ecs.c7.large'}`,
    ])
  if (diskGb < image.sizeGb)
    throw new UsageError(
      `--aliyunecs-system-disk-size ${diskGb} is less than the ${image.sizeGb} GB that the image ${image.id} needs`,
      [`give ${image.sizeGb} or more`],
    )
}

function read(seen: SeenImage, otherwise: Cpu): Image {
  const cpu = isCpu(seen.Architecture) ? seen.Architecture : otherwise
  return { id: seen.ImageId ?? '', cpu, sizeGb: seen.Size ?? 0 }
}

function isCpu(word: string | undefined): word is Cpu {
  return word === 'x86_64' || word === 'arm64'
}
