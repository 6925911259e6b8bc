/** Which build this is. */
import { createHash } from 'node:crypto'
import { readFileSync, realpathSync } from 'node:fs'

declare const __VERSION__: string | undefined

/** '0.1.0' */
export const VERSION: string = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0'

export interface Program {
  /** The file that runs, links resolved. */
  readonly path: string
  /** First 16 hexadecimal digits of its SHA-256. */
  readonly digest: string
}

/** The program at `path`, which may be a link to a version. */
export function programAt(path: string): Program {
  const real = realpathSync(path)
  return { path: real, digest: createHash('sha256').update(readFileSync(real)).digest('hex').slice(0, 16) }
}
