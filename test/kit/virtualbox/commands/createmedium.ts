import { existsSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import type { Box } from '../box.ts'
import type { Call } from '../call.ts'
import { table } from '../getopt.ts'
import { CREATABLE, type Image, writeImage } from '../images.ts'
import { ComProblem, progress, SyntaxProblem } from '../problem.ts'
import { atLeast } from '../versions.ts'
import type { Medium } from '../world.ts'
import { makeDiff } from './diff.ts'
import { kindOf, read, variantOf } from './medium-words.ts'

const CREATE = table(
  ['--filename -filename', 'string'],
  ['--diffparent', 'string'],
  ['--size -size', 'uint64'],
  ['--sizebyte', 'uint64'],
  ['--format -format', 'string'],
  ['--static -static', 'nothing'],
  ['--variant -variant', 'string'],
  ['--property', 'string'],
)

/** Makes the file and knows it; `task` is what failed when it cannot. */
function create(
  box: Box,
  device: Medium['device'],
  location: string,
  image: Image,
  task: string,
  parent?: string,
): Medium {
  const fail = (text: string, code: 'VBOX_E_FILE_ERROR' | 'VBOX_E_OBJECT_NOT_FOUND' = 'VBOX_E_FILE_ERROR') =>
    new ComProblem({
      text,
      code,
      of: 'MediumWrap IMedium',
      task,
      context: 'RTEXITCODE handleCreateMedium(HandlerArg *)',
      at: 'VBoxManageDisk.cpp:510',
    })
  if (existsSync(location))
    throw fail(
      `Could not create the medium storage unit '${location}'.\n${image.format}: cannot create image '${location}' (VERR_ALREADY_EXISTS)`,
    )
  const medium: Medium = {
    ...image,
    device,
    location,
    type: 'normal',
    properties: {},
    ...(parent === undefined ? {} : { parent }),
  }
  const known = box.world.media.find(each => each.location === location)
  if (known) box.register(medium, { task })
  try {
    writeImage(location, image)
  } catch (error) {
    throw fail(
      `Could not create the medium storage unit '${location}'.\n${image.format}: cannot create image '${location}' (${(error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'VERR_DISK_FULL' : 'VERR_ACCESS_DENIED'})`,
    )
  }
  return box.register(medium)
}

function formatOf(given: string | undefined, usual: string): string {
  const format = CREATABLE[(given ?? usual).toLowerCase()]
  if (format === undefined)
    throw new ComProblem({
      text: `Invalid medium storage format '${given}'`,
      code: 'VBOX_E_OBJECT_NOT_FOUND',
      of: 'MediumWrap IMedium',
      context:
        'CreateMedium(Bstr(pszFormat).raw(), Bstr(pszFilename).raw(), enmAccessMode, enmDevType, pMedium.asOutParam())',
      at: 'VBoxManageDisk.cpp:225',
    })
  return format
}

export function createmedium(args: readonly string[], { box, cwd, out, err }: Call): void {
  const done = read(args, CREATE, 0)
  const { get, has } = done
  const device = kindOf(done)
  const filename = get('--filename') ?? ''
  if (filename === '') throw new SyntaxProblem('Parameter --filename is required')
  const size = has('--sizebyte') ? Number(get('--sizebyte')) : Number(get('--size') ?? 0) * 2 ** 20
  const path = extname(filename) === '' ? `${filename}${extensionOf(device, get('--format'))}` : filename
  const variant = variantOf(get, has('--static'))
  const parent = get('--diffparent')
  if (parent !== undefined) {
    const base = box.openMedium(parent, 'hdd', cwd)
    const diff = makeDiff(box, base, resolve(cwd, path, '..'), resolve(cwd, path))
    err(progress)
    out(`Medium created. UUID: ${diff.uuid}\n`)
    return
  }
  if (size === 0) throw new SyntaxProblem('Parameter --size is required')
  const image = {
    format: formatOf(get('--format'), device === 'hdd' ? 'VDI' : 'RAW'),
    uuid: box.newUuid(),
    capacity: size,
    variant,
  }
  const medium = create(box, device, resolve(cwd, path), image, 'Failed to create medium')
  err(progress)
  out(`Medium created. UUID: ${medium.uuid}\n`)
}

const extensionOf = (device: Medium['device'], format = 'vdi') =>
  device === 'dvd'
    ? '.iso'
    : device === 'floppy'
      ? '.img'
      : ['vmdk', 'vhd'].includes(format.toLowerCase())
        ? `.${format.toLowerCase()}`
        : '.vdi'

const CLONE = table(
  ['--format -format', 'string'],
  ['--static -static', 'nothing'],
  ['--existing', 'nothing'],
  ['--variant -variant', 'string'],
)
const RESIZE_TOO = table(['--resize', 'uint64'])

export function clonemedium(args: readonly string[], { box, cwd, out, err }: Call): void {
  const done = read(args, [...CLONE, ...(atLeast(box.it, '7.1') ? RESIZE_TOO : [])], 2)
  const { plain, get, has } = done
  const [from, to] = plain
  if (from === undefined) throw new SyntaxProblem('Mandatory UUID or input file parameter missing')
  if (to === undefined) throw new SyntaxProblem('Mandatory output file parameter missing')
  if (has('--existing') && (has('--format') || has('--variant')))
    throw new SyntaxProblem('Specified options which cannot be used with --existing')
  const source = box.openMedium(from, kindOf(done), cwd)
  if (box.isInUse(source))
    throw new ComProblem({
      text: `Failed to lock source media '${source.location}'`,
      code: 'VBOX_E_INVALID_OBJECT_STATE',
      of: 'MediumWrap IMedium',
      task: 'Failed to clone medium',
    })
  const variant = variantOf(get, has('--static'))
  const asked = get('--resize')
  const capacity = asked === undefined ? source.capacity : Number(asked) * 2 ** 20
  if (capacity < source.capacity)
    throw new ComProblem({
      text: `The given size for the target medium is smaller than the size of '${source.location}'`,
      code: 'E_INVALIDARG',
      of: 'MediumWrap IMedium',
    })
  if (has('--existing')) {
    const target = box.openMedium(to, kindOf(done), cwd)
    err(progress)
    out(`Clone medium created in format '${target.format}'. UUID: ${target.uuid}\n`)
    return
  }
  // Formats that cannot be made are cloned to the usual one.
  const usual = ['QCOW', 'QED', 'Parallels', 'VHDX'].includes(source.format) ? 'VDI' : source.format
  const image = { format: formatOf(get('--format'), usual), uuid: box.newUuid(), capacity, variant }
  const medium = create(box, source.device, resolve(cwd, to), image, 'Failed to clone medium')
  err(progress)
  out(`Clone medium created in format '${image.format}'. UUID: ${medium.uuid}\n`)
}
