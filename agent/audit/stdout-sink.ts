/**
 * Standard output, which under systemd is a socket of the journal. process.stdout would write to it synchronously: a journal
 * that hangs would stop the whole agent.
 */
import { fstatSync, openSync, write } from 'node:fs'
import { Socket } from 'node:net'
import type { Sink } from './sink.ts'

/** `fd` is for tests. */
export function openStdoutSink(fd = 1): Sink {
  const kind = fstatSync(fd)
  return kind.isSocket() || kind.isFIFO() ? streamSink(fd) : fileSink(fd)
}

function streamSink(fd: number): Sink {
  const stream = new Socket({ fd, readable: false, writable: true })
  stream.unref()
  stream.on('error', () => {}) // each write gets it
  stream.on('close', () => {
    // The number must not become that of a connection: something may still write to standard output.
    try {
      if (fd <= 2) openSync('/dev/null', 'w')
    } catch {
      // no descriptor is free: then none takes the number either
    }
  })
  return {
    write: text =>
      new Promise((resolve, reject) => {
        stream.write(text, error => (error ? reject(error) : resolve()))
      }),
    close: async () => void stream.destroy(),
  }
}

/** A file, a terminal, /dev/null: written to by a thread of libuv, one at a time. */
function fileSink(fd: number): Sink {
  const put = (data: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      write(fd, data, (error, done) => {
        if (error) reject(error)
        else if (done < data.length) put(data.subarray(done)).then(resolve, reject)
        else resolve()
      })
    })
  return { write: text => put(Buffer.from(text)), close: async () => {} }
}
