/** One request and its answer, as far as they have come. */
import type { Entry } from '../audit/entry.ts'
import type { AnswerHead } from '../http/answer-head.ts'
import { type BodyEnd, chunked, ofLength, untilClose } from '../http/body.ts'
import type { RequestHead } from '../http/request-head.ts'
import type { Allowed } from '../roles/verdict.ts'
import type { Client } from '../trust/client.ts'
import type { Gathered } from './gather.ts'

export interface Exchange {
  readonly head: RequestHead
  readonly body: BodyEnd
  /** A body that has to be whole before anything goes on, as it came. */
  readonly whole: Gathered | undefined
  readonly allowed: Allowed | undefined
  answer?: {
    readonly head: AnswerHead
    readonly end: BodyEnd
    readonly text: string
    readonly whole: Gathered | undefined
  }
  /** The answer is with the client, whole. */
  answered: boolean
  /** The connection has become a stream. */
  stream: boolean
  status: number
  bytesIn: number
  bytesOut: number
  note?: string
  readonly at: number
  readonly started: number
}

/** @param whole what collects the body, where it has to be whole */
export function newExchange(head: RequestHead, allowed?: Allowed, whole?: Gathered): Exchange {
  return {
    head,
    body: head.framing.kind === 'chunked' ? chunked(true) : ofLength(head.framing.bytes),
    whole,
    allowed,
    answered: false,
    stream: false,
    status: 0,
    bytesIn: 0,
    bytesOut: 0,
    at: Date.now(),
    started: performance.now(),
  }
}

export function answerEnd({ body }: AnswerHead): BodyEnd {
  if (body.kind === 'length') return ofLength(body.bytes)
  return body.kind === 'chunked' ? chunked(false) : untilClose
}

export function entryOf(x: Exchange, client: Client, address: string): Entry {
  return {
    at: x.at,
    name: client.name,
    ou: client.ou,
    serial: client.serial,
    role: client.role,
    address,
    method: x.head.method,
    path: x.head.target.path,
    status: x.status,
    bytesIn: x.bytesIn,
    bytesOut: x.bytesOut,
    durationMs: Math.round((performance.now() - x.started) * 100) / 100,
    ...(x.note === undefined ? {} : { note: x.note }),
  }
}
