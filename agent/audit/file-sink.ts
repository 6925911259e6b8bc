/** A file that is rotated: FILE, FILE.1 … FILE.keep, readable by its owner alone. */
import { type FileHandle, open, rename, stat, unlink } from 'node:fs/promises'
import type { AuditFile } from '../protocol.ts'
import type { Sink } from './sink.ts'

interface Open {
  readonly handle: FileHandle
  readonly ino: number
  size: number
}

export function openFileSink({ file, maxBytes, keep }: AuditFile): Sink {
  let now: Open | undefined

  async function opened(): Promise<Open> {
    if (now && (await stat(file).catch(() => undefined))?.ino === now.ino) return now
    await shut() // somebody moved or removed it: its room is free only when we let it go
    const handle = await open(file, 'a', 0o600)
    try {
      const seen = await handle.stat()
      if (seen.isFile()) await handle.chmod(0o600) // not a device of everybody's
      const { ino, size } = seen
      now = { handle, ino, size }
      return now
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  async function shut(): Promise<void> {
    const old = now
    now = undefined
    await old?.handle.close().catch(() => {})
  }

  async function rotate(): Promise<void> {
    await shut()
    if (keep === 0) return await unlink(file)
    for (let n = keep - 1; n >= 1; n -= 1) await rename(`${file}.${n}`, `${file}.${n + 1}`).catch(missing)
    await rename(file, `${file}.1`)
  }

  return {
    async write(text) {
      const data = Buffer.from(text)
      let to = await opened()
      if (to.size > 0 && to.size + data.length > maxBytes) {
        await rotate()
        to = await opened()
      }
      try {
        await to.handle.writeFile(data)
        to.size += data.length
      } catch (error) {
        // A full disk may have taken half a line: the next try begins where this one did.
        await to.handle.truncate(to.size).catch(() => {})
        throw error
      }
    },
    close: shut,
  }
}

function missing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
