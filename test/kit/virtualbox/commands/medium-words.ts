/** What commands about media have in common: which kind they are about, and which variant. */
import { type Option, type Read, readAll, table } from '../getopt.ts'
import { badArgument, SyntaxProblem } from '../problem.ts'
import type { Medium } from '../world.ts'

const KINDS = table(['disk', 'nothing'], ['dvd', 'nothing'], ['floppy', 'nothing'])

/** 'disk', 'dvd', 'floppy': words without dashes that are options all the same. Disk when none is said. */
export function kindOf({ has }: Read): Medium['device'] {
  const said = ['disk', 'dvd', 'floppy'].filter(has)
  if (said.length > 1) throw new SyntaxProblem(`Only one command can be specified: '${said[1]}'`)
  return said[0] === 'dvd' ? 'dvd' : said[0] === 'floppy' ? 'floppy' : 'hdd'
}

export const read = (args: readonly string[], options: readonly Option[], most: number): Read => {
  const done = readAll(args, [...KINDS, ...options])
  if (done.plain.length > most) throw new SyntaxProblem(`Invalid parameter '${done.plain[most]}'`)
  return done
}

const VARIANTS = [
  'standard',
  'fixed',
  'static',
  'diff',
  'split2g',
  'stream',
  'streamoptimized',
  'esx',
  'formatted',
  'raw',
  'rawdisk',
]

export function variantOf(get: Read['get'], isStatic: boolean): string {
  const parts = (get('--variant') ?? 'standard').toLowerCase().split(',')
  for (const part of parts)
    if (!VARIANTS.includes(part)) throw badArgument(`Invalid medium variant '${get('--variant')}'`)
  const shape = parts.some(part => part.startsWith('stream'))
    ? 'streamOptimized'
    : parts.includes('split2g')
      ? 'split2G'
      : parts.includes('esx')
        ? 'ESX'
        : 'default'
  return `${isStatic || parts.includes('fixed') || parts.includes('static') ? 'fixed' : 'dynamic'} ${shape}`
}
