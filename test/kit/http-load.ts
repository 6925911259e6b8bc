/** A client that asks an agent small things all the time, on a connection of its own each, as `docker` does. */
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'

export interface Load {
  /** How many were answered 200 so far. */
  readonly answered: number
  /** What went wrong, request by request. */
  readonly failures: readonly string[]
  /** Asks no more, and waits for what is under way. */
  stop(): Promise<void>
}

export interface LoadOptions {
  readonly perSecond: number
  readonly path: string
  /** Folder of ca.pem, cert.pem and key.pem. */
  readonly folder: string
  /** How often a request that failed is tried again; never by default. */
  readonly retries?: number
}

export function startLoad(url: string, { perSecond, path, folder, retries = 0 }: LoadOptions): Load {
  const read = (name: string) => readFileSync(join(folder, name))
  const tls = {
    ca: read('ca.pem'),
    cert: read('cert.pem'),
    key: read('key.pem'),
    agent: false as const,
    timeout: 30_000,
  }
  const failures: string[] = []
  const under = new Set<Promise<void>>()
  let answered = 0
  const once = () =>
    new Promise<void>((resolve, reject) => {
      const asked = request(new URL(path, url), tls, answer => {
        answer.resume()
        answer.once('error', reject)
        answer.once('end', () =>
          answer.statusCode === 200 ? resolve() : reject(new Error(`status ${answer.statusCode}`)),
        )
      })
      asked.once('timeout', () => asked.destroy(new Error('no answer within 30 s')))
      asked.once('error', reject)
      asked.end()
    })
  const ask = async () => {
    for (let left = retries; ; left--) {
      try {
        await once()
        answered++
        return
      } catch (error) {
        if (left > 0) continue
        failures.push((error as Error).message)
        return
      }
    }
  }
  const timer = setInterval(() => {
    const one: Promise<void> = ask().finally(() => under.delete(one))
    under.add(one)
  }, 1000 / perSecond)
  return {
    get answered() {
      return answered
    },
    failures,
    async stop() {
      clearInterval(timer)
      await Promise.all(under)
    },
  }
}
