/** The engine's published operations, as test/unit/agent/roles/engine-api.tsv lists them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface PublishedOperation {
  readonly method: string
  /** What stands in braces is a name. */
  readonly path: string
}

export function publishedOperations(): PublishedOperation[] {
  const table = readFileSync(join(import.meta.dirname, '../unit/agent/roles/engine-api.tsv'), 'utf8')
  const lines = table.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return lines.map(line => {
    const [method = '', path = ''] = line.split('\t')
    return { method, path }
  })
}
