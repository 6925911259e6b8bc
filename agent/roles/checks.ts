/**
 * What an operator's request has to stand, by the name the table of operations calls it. A check reads the query at once, and
 * answers how the body is judged and written anew; without that the body goes through as it comes.
 */

import { container, imageConfig } from './bodies/container.ts'
import { exec } from './bodies/exec.ts'
import { connect, disconnect } from './bodies/joining.ts'
import { network } from './bodies/network.ts'
import { update } from './bodies/resources.ts'
import { service } from './bodies/service.ts'
import { volume } from './bodies/volume.ts'
import { JsonError, parseJson, renderJson } from './json.ts'
import { type Judge, refuse } from './judge.ts'
import type { RoleOptions } from './options.ts'
import { given } from './query.ts'
import { Refusal } from './verdict.ts'

type Body = (text: string) => string

export const CHECKS = {
  container: (_query, options) => json(container(options)),
  update: () => json(update),
  exec: () => json(exec),
  commit: () => json(imageConfig),
  volume: () => json(volume),
  network: () => json(network),
  connect: () => json(connect),
  disconnect: () => json(disconnect),
  service: (_query, options) => json(service(options)),
  nothing: () => nothing,
  start,
  fetch,
} as const satisfies Readonly<Record<string, (query: URLSearchParams, options: RoleOptions) => Body | undefined>>

export type CheckName = keyof typeof CHECKS

function json(judge: Judge): Body {
  return text => {
    if (text.trim() === '') return ''
    const value = read(text)
    judge(value, '')
    return renderJson(value)
  }
}

/** Where the engine takes no body, or once took one: old ones started a container with a whole HostConfig. */
function nothing(text: string): string {
  if (!['', 'null', '{}'].includes(text.trim())) throw new Refusal('operators may not send a body with this request')
  return ''
}

function start(query: URLSearchParams): Body {
  for (const key of ['checkpoint', 'checkpoint-dir']) {
    if (given(query, key).length > 0) refuse('start containers from checkpoints', key)
  }
  return nothing
}

/** Pulling, or importing what is sent along; not from an address the engine fetches with the host's own network. */
function fetch(query: URLSearchParams): Body | undefined {
  const sources = given(query, 'fromSrc').filter(source => source !== '')
  if (sources.some(source => source !== '-')) refuse('have the host fetch addresses', 'fromSrc')
  return sources.length > 0 ? undefined : nothing
}

function read(text: string): ReturnType<typeof parseJson> {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof JsonError) throw new Refusal(`the body is no JSON an operator may send: ${error.message}`)
    throw error
  }
}
