import type { Box } from '../box.ts'
import type { Call } from '../call.ts'
import { table } from '../getopt.ts'
import { rewriteImage } from '../images.ts'
import { badArgument, ComProblem, Plain, progress, SyntaxProblem } from '../problem.ts'
import { MEDIUM_TYPES, type Medium, type MediumType } from '../world.ts'
import { setType } from './diff.ts'
import { kindOf, read } from './medium-words.ts'

const MODIFY = table(
  ['--type -type settype', 'string'],
  ['--autoreset -autoreset autoreset', 'string'],
  ['--property', 'string'],
  ['--compact -compact compact', 'nothing'],
  ['--resize', 'uint64'],
  ['--resizebyte', 'uint64'],
  ['--move', 'string'],
  ['--setlocation', 'string'],
  ['--description', 'string'],
)

export function modifymedium(args: readonly string[], { box, cwd, err }: Call): void {
  const done = read(args, MODIFY, 1)
  const { plain, get, has } = done
  const type = get('--type')?.toLowerCase() as MediumType | undefined
  if (type !== undefined && !MEDIUM_TYPES.includes(type)) throw badArgument(`Invalid medium type '${get('--type')}'`)
  if (plain[0] === undefined) throw new SyntaxProblem('Medium name or UUID required')
  if (!MODIFY.some(({ names }) => has(names[0] ?? ''))) throw new SyntaxProblem('No operation specified')
  const medium = box.openMedium(plain[0], kindOf(done), cwd)
  if (type !== undefined) setType(box, medium, type)
  const property = get('--property')
  if (property !== undefined) {
    const [key = '', ...value] = property.split('=')
    if (value.length === 0) throw badArgument(`Invalid --property argument '${property}'`, 1)
    medium.properties[key] = value.join('=')
  }
  if (has('--compact')) {
    // VirtualBox's own words: it can do so for VDI alone.
    if (medium.format !== 'VDI')
      throw new Plain(
        'Compact medium operation for this format is not implemented yet!',
        1,
        '0%...\nProgress state: VBOX_E_NOT_SUPPORTED\n',
      )
    err(progress)
  }
  if (has('--resize') || has('--resizebyte')) {
    const bytes = has('--resizebyte') ? Number(get('--resizebyte')) : Number(get('--resize')) * 2 ** 20
    resize(box, medium, bytes, has('--resizebyte'))
    err(progress)
  }
}

/** Of VDI and VHD, and only of those that grow. */
function resize(box: Box, medium: Medium, bytes: number, isExact: boolean): void {
  const { capacity, location, format, variant } = medium
  const mb = (n: number) => `${Math.floor(n / 2 ** 20)}.${Math.floor((n % 2 ** 20) / (2 ** 20 / 10))}`
  if (!isExact && bytes > capacity * 1000)
    throw new Plain(
      `Error: Attempt to resize the medium from ${mb(capacity)} MB to ${mb(bytes)} MB. Use --resizebyte if this is intended!\n`.trimEnd(),
    )
  if (box.isInUse(medium))
    throw new ComProblem({
      text: `Medium '${location}' is locked for writing by another task`,
      code: 'VBOX_E_INVALID_OBJECT_STATE',
      of: 'MediumWrap IMedium',
    })
  if (!['VDI', 'VHD'].includes(format) || variant.startsWith('fixed'))
    throw new ComProblem({
      text: `Resizing to new size ${bytes} is not yet supported for medium '${location}'`,
      code: 'VBOX_E_NOT_SUPPORTED',
      of: 'MediumWrap IMedium',
      task: 'Failed to resize medium',
      context: 'RTEXITCODE handleModifyMedium(HandlerArg *)',
      at: 'VBoxManageDisk.cpp:816',
    })
  if (bytes < capacity)
    throw new ComProblem({
      text: `Shrinking is not yet supported for medium '${location}'`,
      code: 'VBOX_E_NOT_SUPPORTED',
      of: 'MediumWrap IMedium',
      task: 'Failed to resize medium',
    })
  medium.capacity = bytes
  rewriteImage(location, { ...medium })
}
