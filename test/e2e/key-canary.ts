/** Keys that must be nowhere but where the person put them: looked for in files, in what was said, and on command lines. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Each text of each key, whatever its cloud calls it: as it is, in base64, and as URLs and JSON would have it. */
export function tracesOf(keys: readonly { readonly accessKeyId: string }[]): string[] {
  return keys
    .flatMap(key => Object.values(key))
    .filter((secret): secret is string => typeof secret === 'string' && secret !== '')
    .flatMap(secret => [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -2),
    ])
}

/** Files below the folder that hold one of the traces; those of `except` are the person's own. */
export function filesWith(traces: readonly string[], folder: string, except: readonly string[] = []): string[] {
  const found: string[] = []
  const walk = (at: string) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name)
      if (except.includes(path)) continue
      if (entry.isDirectory()) walk(path)
      else if (entry.isFile() && statSync(path).size < 5_000_000 && holds(traces, readFileSync(path, 'latin1')))
        found.push(path)
    }
  }
  walk(folder)
  return found
}

export const holds = (traces: readonly string[], text: string) => traces.some(trace => text.includes(trace))

export interface Watch extends Disposable {
  /** Command lines that held one of the traces. */
  readonly found: readonly string[]
  /** Different command lines seen. */
  readonly seen: number
}

/** Reads the command lines of all processes, again and again. */
export function watchCommandLines(traces: readonly string[]): Watch {
  const all = new Set<string>()
  const found = new Set<string>()
  const look = () => {
    for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
      let line = ''
      try {
        line = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
      } catch {
        continue // it has ended meanwhile
      }
      all.add(line)
      if (holds(traces, line)) found.add(line)
    }
  }
  const timer = setInterval(look, 40)
  return {
    get found() {
      return [...found]
    },
    get seen() {
      return all.size
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
