/** Bundles as tar (ustar), in memory. Reading takes plain files of known names and nothing else: see `refuse`. */
import type { ReadEntry } from 'tar'
import { messageOf } from '../../errors.ts'
import { type Files, isBundleFile, MAX_FILE_BYTES, modeOf, noBundle } from './format.ts'

/** Tar's unit: headers fill one, bodies whole ones, two empty ones end it. */
const BLOCK = 512

/** Files in the order given, owned by root, dated `at`: the same files make the same bytes. */
export async function pack(files: Files, at: Date): Promise<Uint8Array> {
  const { Header } = await import('tar')
  const parts: Uint8Array[] = []
  for (const [path, data] of files) {
    const head = Buffer.alloc(BLOCK)
    new Header({ path, mode: modeOf(path), size: data.length, mtime: at, uid: 0, gid: 0, type: 'File' }).encode(head)
    parts.push(head, data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK))
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)])
}

/** The files of a tar. Throws BUNDLE_UNREADABLE for anything a bundle never holds. */
export async function unpack(bytes: Uint8Array): Promise<Files> {
  const { Parser } = await import('tar')
  const files = new Map<string, Uint8Array>()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  // `strict`: what the parser would only warn of (a broken checksum, a cut-off entry) is an error.
  const parser = new Parser({
    strict: true,
    maxMetaEntrySize: MAX_FILE_BYTES,
    onReadEntry: entry => {
      const why = refuse(entry, files)
      if (why) reject(noBundle(why))
      const name = nameOf(entry)
      const chunks: Uint8Array[] = []
      entry.on('data', (chunk: Uint8Array) => chunks.push(chunk))
      entry.on('end', () => {
        if (!why && name !== '.') files.set(name, Buffer.concat(chunks))
      })
    },
  })
  parser.on('error', error => reject(noBundle(`it is damaged or no tar (${messageOf(error)})`, error)))
  parser.on('end', () => resolve())
  parser.end(Buffer.from(bytes))
  await promise
  return files
}

/** `tar c .` writes names as './config.json', and the folder itself. */
function nameOf(entry: ReadEntry): string {
  return entry.path.replace(/^\.\//, '').replace(/^\.?\/?$/, '.')
}

/** Why an entry has no place in a bundle; undefined if it has. Links, devices, folders and paths that lead out all end here. */
function refuse(entry: ReadEntry, have: Files): string | undefined {
  const name = nameOf(entry)
  const shown = JSON.stringify(entry.path)
  if (entry.type === 'Directory' && name === '.') return undefined
  if (entry.type !== 'File' && entry.type !== 'OldFile') return `${shown} in it is no plain file (${entry.type})`
  if (!isBundleFile(name)) return `it holds ${shown}, which no bundle does`
  if (have.has(name)) return `it holds ${shown} twice`
  if (entry.size > MAX_FILE_BYTES) return `${shown} in it is larger than ${MAX_FILE_BYTES} bytes`
  return undefined
}
