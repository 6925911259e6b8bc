/** Bundles as files on this computer. */
import { createReadStream, existsSync } from 'node:fs'
import { open, unlink } from 'node:fs/promises'
import { resolve } from 'node:path'
import { hasCode, MachineError, messageOf } from '../../errors.ts'
import { MAX_BUNDLE_BYTES, noBundle } from './format.ts'

/** Throws FILE_EXISTS: for those who have to know it before they begin. */
export function refuseExisting(path: string): void {
  if (existsSync(path)) throw fileExists(resolve(path))
}

/**
 * Writes a bundle whole or not at all, readable by its owner alone. Throws FILE_EXISTS, leaving a file that is there as it
 * is. Without link(2), which keeps the store's files whole: USB sticks have no links.
 */
export async function writeBundle(path: string, bytes: Uint8Array): Promise<void> {
  const at = resolve(path)
  const file = await open(at, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw unwritable(at, cause)
    throw fileExists(at)
  })
  try {
    await file.writeFile(bytes)
    await file.sync()
  } catch (cause) {
    await unlink(at).catch(() => {}) // what matters is the first error
    throw unwritable(at, cause)
  } finally {
    await file.close()
  }
}

/** Reads a bundle from a file. Throws FILE_UNREADABLE, or BUNDLE_UNREADABLE for what is too large to be one. */
export async function readBundle(path: string): Promise<Uint8Array> {
  const at = resolve(path)
  try {
    return await collectBundle(createReadStream(at))
  } catch (cause) {
    if (hasCode(cause, 'BUNDLE_UNREADABLE')) throw cause
    throw new MachineError('FILE_UNREADABLE', `cannot read ${at}: ${messageOf(cause)}`, { cause })
  }
}

/** Reads a bundle from a stream to its end. */
export async function collectBundle(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > MAX_BUNDLE_BYTES) throw noBundle(`it is larger than ${MAX_BUNDLE_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function fileExists(path: string): MachineError {
  return new MachineError('FILE_EXISTS', `${path} exists already, and is left as it is`, {
    hints: ['name another file with -o, or remove that one first'],
  })
}

function unwritable(path: string, cause: unknown): MachineError {
  return new MachineError('FILE_UNWRITABLE', `cannot write ${path}: ${messageOf(cause)}`, { cause })
}
