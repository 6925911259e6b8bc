import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Call } from '../call.ts'
import { readAll, table } from '../getopt.ts'
import { CREATABLE, writeImage } from '../images.ts'
import { Plain, SyntaxProblem } from '../problem.ts'
import { variantOf } from './medium-words.ts'

const RAW = table(
  ['--format -format', 'string'],
  ['--static -static', 'nothing'],
  ['--variant -variant', 'string'],
  ['--uuid', 'string'],
)

/** It tells what it does on stderr, and makes a file that nobody knows of until it is attached. */
export async function convertfromraw(args: readonly string[], { box, cwd, err, stdin }: Call): Promise<void> {
  const { plain, get, has } = readAll(args, RAW)
  const [from, to, size] = plain
  const isPiped = from === 'stdin'
  if (plain.length > (isPiped ? 3 : 2)) throw new SyntaxProblem(`Invalid parameter '${plain[isPiped ? 3 : 2]}'`)
  if (from === undefined || to === undefined || (isPiped && size === undefined))
    throw new SyntaxProblem('Incorrect number of parameters')
  if (has('--static')) throw new SyntaxProblem('Invalid option -F')
  const variant = variantOf(get, false)
  const format = CREATABLE[(get('--format') ?? 'VDI').toLowerCase()]
  err(`Converting from raw image file="${from}" to file="${to}"...\n`)
  const source = resolve(cwd, from)
  if (!isPiped && !existsSync(source)) throw new Plain(`Cannot open file "${from}": VERR_FILE_NOT_FOUND`)
  const bytes = isPiped ? Number(size) : statSync(source).size
  err(
    `Creating ${variant.startsWith('fixed') ? 'fixed' : 'dynamic'} image with size ${bytes} bytes (${Math.ceil(bytes / 2 ** 20)}MB)...\n`,
  )
  if (isPiped) for await (const _ of stdin) void _
  const target = resolve(cwd, to)
  if (format === undefined || existsSync(target))
    throw new Plain(
      `Cannot create the disk image "${to}": ${format === undefined ? 'VERR_NOT_SUPPORTED' : 'VERR_ALREADY_EXISTS'}`,
    )
  writeImage(target, { format, uuid: get('--uuid') ?? box.newUuid(), capacity: bytes, variant })
}
