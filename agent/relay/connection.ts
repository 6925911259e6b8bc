/**
 * One client's connection. Requests are taken one after the other: a head is read whole, judged, and written anew for the
 * engine; its body passes as it comes; what follows waits until the answer is whole, because only then is it known whether
 * it is a request or belongs to a stream. The engine's side of it is in engine-side.ts.
 */
import type { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { textOf } from '../http/body.ts'
import { HttpProblem } from '../http/problem.ts'
import { LONGEST_HEAD, readRequestHead, renderRequestHead } from '../http/request-head.ts'
import { Refusal } from '../roles/verdict.ts'
import type { Client } from '../trust/client.ts'
import { Caller } from './caller.ts'
import { EngineSide } from './engine-side.ts'
import { type Exchange, newExchange } from './exchange.ts'
import { type Gathered, gather } from './gather.ts'
import { type HeadReader, headReader } from './head-reader.ts'
import type { Hub } from './hub.ts'
import { LIMITS } from './limits.ts'
import { jsonAnswer, type OwnAnswer, renderOwn } from './own.ts'
import type { Share } from './shares.ts'
import { endGently, pass } from './side.ts'

export const NOTHING: Buffer = Buffer.alloc(0)
const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n')

export class Connection {
  /** What is done with the next bytes of the client: read a head, pass a body, keep them, pass a stream, drop them. */
  state: 'head' | 'body' | 'wait' | 'stream' | 'over' = 'head'
  /** The request at work; undefined between requests. */
  x: Exchange | undefined
  readonly socket: Socket
  readonly hub: Hub
  readonly share: Share
  readonly #caller: Caller
  readonly #engine: EngineSide
  readonly #requests: HeadReader
  /** What the client sent beyond its request. */
  readonly #held: Gathered
  #deadline = performance.now() + LIMITS.idleMs

  constructor(socket: Socket, client: Client, certificate: X509Certificate, hub: Hub, share: Share) {
    this.socket = socket
    this.hub = hub
    this.share = share
    this.#requests = headReader(LONGEST_HEAD, share.keep)
    this.#held = gather(share.keep)
    this.#caller = new Caller(client, certificate, socket.remoteAddress ?? '', hub)
    this.#engine = new EngineSide(this)
    socket.on('data', bytes => this.#take(bytes))
    socket.on('drain', () => this.#drained())
    socket.on('error', () => {})
    socket.on('end', () => this.#clientEnded())
    socket.on('close', () => this.finish('the client left'))
  }

  /** Cuts what is under way if its client may ask nothing any more; his next request is refused anyway. */
  recheck(): void {
    if (this.x && !this.x.answered && this.#caller.problem !== undefined) this.cut('the certificate is good no longer')
  }

  /** Ends it if it waits for a request. */
  endIdle(): void {
    if (this.state === 'head' && !this.#requests.begun) this.end()
  }

  /** Ends it if its time is over, or its client's; `now` as of performance.now(). */
  sweep(now: number): void {
    if (this.#caller.isPast) this.recheck()
    if (now < this.#deadline || this.state === 'over') return
    if (this.state === 'stream') this.cut('the engine ended the stream')
    else if (!this.x && !this.#requests.begun) this.end()
    else this.answer(jsonAnswer(408, { message: 'the request took too long to come' }), 'too slow', true)
  }

  #take(bytes: Buffer): void {
    try {
      for (let rest = bytes; rest.length > 0; ) rest = this.#step(rest)
    } catch (error) {
      const { message } = error as Error
      if (!(error instanceof HttpProblem) || this.x?.answer || this.x?.stream) this.cut(message)
      else this.answer(jsonAnswer(error.status, { message }), message, true)
    }
  }

  /** Handles the beginning of what came; returns the rest. */
  #step(bytes: Buffer): Buffer {
    const { state, x } = this
    if (state === 'head') return this.#stepHead(bytes)
    if (state === 'body' && x) return this.#stepBody(x, bytes)
    if (state === 'stream' && x && this.#engine.link) {
      x.bytesIn += bytes.length
      pass(bytes, this.socket, this.#engine.link)
    } else if (state === 'wait') {
      this.#held.add(bytes)
      if (this.#held.size > LIMITS.held) this.socket.pause()
    }
    return NOTHING
  }

  #stepHead(bytes: Buffer): Buffer {
    if (!this.#requests.begun) this.#deadline = performance.now() + LIMITS.headMs
    const found = this.#requests.take(bytes)
    if (!found) return NOTHING
    this.#deadline = Number.POSITIVE_INFINITY
    this.#begin(found.head)
    return found.rest
  }

  #begin(text: string) {
    const head = readRequestHead(text)
    const admission = this.#caller.admit(head)
    this.state = 'body'
    if (admission.to === 'nobody') {
      this.x = newExchange(head)
      return this.#refuse(admission.because)
    }
    if (admission.to === 'agent') return this.#beginWhole(newExchange(head, undefined, this.#whole(admission.mostBody)))
    const { verdict } = admission
    if (verdict.body) return this.#beginWhole(newExchange(head, verdict, this.#whole()))
    const x = newExchange(head, verdict)
    this.x = x
    this.#engine.open().write(renderRequestHead(head, { upgrade: verdict.hijack }))
    if (x.body.done) this.#bodyDone(x)
  }

  #whole(bytes: number = LIMITS.wholeBody): Gathered {
    return gather(this.share.keep, { bytes, what: 'the body of this request' })
  }

  #beginWhole(x: Exchange): void {
    this.x = x
    this.#deadline = performance.now() + LIMITS.bodyMs
    if (x.head.expectsContinue) this.socket.write(CONTINUE)
    if (x.body.done) this.#bodyDone(x)
  }

  #stepBody(x: Exchange, bytes: Buffer): Buffer {
    const used = x.body.take(bytes)
    const piece = used === bytes.length ? bytes : bytes.subarray(0, used)
    x.bytesIn += used
    const { link } = this.#engine
    if (x.whole) x.whole.add(piece)
    else if (link && !link.destroyed) pass(piece, this.socket, link)
    if (x.body.done) this.#bodyDone(x)
    return used === bytes.length ? NOTHING : bytes.subarray(used)
  }

  #bodyDone(x: Exchange) {
    this.state = 'wait'
    if (x.answered) return this.next()
    if (!x.whole) return
    this.#deadline = Number.POSITIVE_INFINITY
    const text = textOf(x.whole.take(), { chunked: x.head.framing.kind === 'chunked' })
    if (!x.allowed) return void this.#answerOwn(x, text)
    try {
      const body = Buffer.from(x.allowed.body?.(text) ?? text)
      const to = this.#engine.open()
      to.write(renderRequestHead(x.head, { upgrade: x.allowed.hijack, bodyBytes: body.length }))
      to.write(body)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.#refuse(error.message)
    }
  }

  async #answerOwn(x: Exchange, body: string): Promise<void> {
    const said = await this.#caller.ask(x, body)
    if (this.x === x) this.answer(said)
  }

  #refuse(message: string): void {
    this.answer(jsonAnswer(403, { message }), message)
  }

  /** The agent's own answer; the connection goes on unless part of the request is still to come, or `last` says not. */
  answer(said: OwnAnswer, note?: string, last = false): void {
    const { x } = this
    const close = last || !x?.body.done || x.head.close || this.hub.draining
    this.socket.write(renderOwn(said, { close, head: x?.head.method === 'HEAD' }))
    if (x) {
      x.status = said.status
      x.bytesOut += Buffer.byteLength(said.body)
      x.answered = true
      if (note !== undefined) x.note = note
    } else this.#caller.recordBad(said.status, note ?? '')
    if (close) this.end()
    else this.next()
  }

  /** The request and its answer are whole: on to what was held. */
  next() {
    const { x } = this
    if (x) this.#caller.record(x)
    this.x = undefined
    if (!x || x.head.close || x.answer?.head.close || this.hub.draining) return this.end()
    this.state = 'wait'
    this.#deadline = performance.now() + LIMITS.idleMs
    this.#goOn()
  }

  /** To the next request; but who does not read his answers is not given more of them to keep. */
  #goOn(): void {
    if (this.x || this.state !== 'wait' || this.socket.writableNeedDrain) return
    this.state = 'head'
    const waiting = this.releaseHeld()
    if (waiting.length > 0) this.#take(waiting)
  }

  #drained(): void {
    this.#engine.link?.resume()
    this.#goOn()
  }

  /** The engine took the connection over: what was held belongs to the stream. */
  becomeStream(x: Exchange): void {
    x.stream = true
    this.state = 'stream'
    this.hub.streamOpened()
    const waiting = this.releaseHeld()
    if (waiting.length > 0) this.#take(waiting)
  }

  /** What the client sent beyond its request; reading goes on. */
  releaseHeld(): Buffer {
    const waiting = this.#held.take()
    this.socket.resume()
    return waiting
  }

  /** The engine has room again. */
  resume(): void {
    if (this.#held.size <= LIMITS.held) this.socket.resume()
  }

  /** A stream whose output is over: the client has that long to notice. */
  outputEnded(): void {
    this.socket.end()
    this.#deadline = performance.now() + LIMITS.idleMs
  }

  end(): void {
    this.finish(undefined)
    endGently(this.socket)
  }

  /** Both sides at once: something is wrong, or nobody is there any more. */
  cut(note: string): void {
    this.finish(note)
    this.socket.destroy()
  }

  finish(note: string | undefined): void {
    if (this.state === 'over') return
    this.state = 'over'
    this.#deadline = Number.POSITIVE_INFINITY
    const { x } = this
    this.x = undefined
    for (const kept of [this.#held, x?.whole, x?.answer?.whole]) kept?.take()
    if (x) {
      if (note !== undefined && !x.answered) x.note ??= note
      if (x.stream) this.hub.streamClosed()
      this.#caller.record(x)
    }
    this.#engine.link?.destroy()
  }

  #clientEnded(): void {
    const { link } = this.#engine
    if (this.state === 'head' || (this.state === 'body' && this.x?.whole)) this.end()
    // As the engine itself would see it: the end of a stream's input, or a client that waits no longer.
    else if (link && !link.destroyed) link.end()
  }
}
