/** A folder for one test, gone when disposed of. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TempDir extends Disposable {
  readonly path: string
}

export function makeTempDir(): TempDir {
  const path = mkdtempSync(join(tmpdir(), 'machine-test-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
