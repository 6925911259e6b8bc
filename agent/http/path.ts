/**
 * The target of a request, as it is judged and as it is forwarded: both come from the same decoded segments, so the engine
 * cannot read a path other than the one that was allowed.
 */
import { HttpProblem } from './problem.ts'

export interface Target {
  /** Decoded; '/v1.51/images/a/b:c/json'. Without empty, `.` and `..` segments and without a trailing slash. */
  readonly path: string
  readonly query: URLSearchParams
  /** What the engine is sent. */
  readonly forward: string
}

/** What may stand in a path as it is (RFC 3986, pchar and the slash); all else is percent-encoded. */
const PLAIN = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/]$/

/** @throws HttpProblem 400 for anything that is not a plain absolute path with an optional query */
export function readTarget(target: string): Target {
  const [, rawPath = '', rawQuery] = /^(\/[^?#]*)(?:\?([^#]*))?$/.exec(target) ?? []
  if (rawPath === '') throw new HttpProblem(400, 'the request target is not a path')
  const path = normalised(decoded(rawPath))
  const forward = [...Buffer.from(path, 'utf8').toString('latin1')].map(encoded).join('')
  return {
    path,
    query: new URLSearchParams(rawQuery ?? ''),
    forward: rawQuery === undefined ? forward : `${forward}?${rawQuery}`,
  }
}

function decoded(path: string): string {
  let text: string
  try {
    text = decodeURIComponent(path)
  } catch {
    throw new HttpProblem(400, 'the path is not percent-encoded UTF-8')
  }
  if (/[\x00-\x1f\x7f\\]/.test(text)) throw new HttpProblem(400, 'the path holds characters no path has')
  return text
}

function normalised(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment === '..') kept.pop()
    else kept.push(segment)
  }
  return `/${kept.join('/')}`
}

function encoded(byte: string): string {
  return PLAIN.test(byte) ? byte : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}
