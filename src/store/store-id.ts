/** The store's own id: eight hex digits that go into the names of what drivers make, and move with the store. */
import { createHash, randomBytes } from 'node:crypto'
import { linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolderSync } from './folders.ts'
import { MODE } from './paths.ts'

const FILE = '.machine-store-id'

/**
 * Reads the id, or makes it at first need. A store that cannot be written and has none gets one derived from its path:
 * good for looking, and nothing can be made in such a store anyway.
 */
export function storeId(root: string): string {
  const path = join(root, FILE)
  return read(path) ?? make(root, path) ?? createHash('sha256').update(root).digest('hex').slice(0, 8)
}

function read(path: string): string | undefined {
  try {
    return /^[0-9a-f]{8}(?=\n|$)/.exec(readFileSync(path, 'utf8'))?.[0]
  } catch {
    return undefined // not there, or not readable: the next way is tried
  }
}

/** Of ten processes that make it at once one wins, and all read the same. */
function make(root: string, path: string): string | undefined {
  const id = randomBytes(4).toString('hex')
  const temp = join(root, `.${id}.id.tmp`)
  try {
    makeFolderSync(root)
    writeFileSync(temp, `${id}\n`, { mode: MODE.public, flush: true })
    try {
      linkSync(temp, path)
    } finally {
      unlinkSync(temp)
    }
  } catch {
    // somebody was quicker, or the store cannot be written
  }
  return read(path)
}
