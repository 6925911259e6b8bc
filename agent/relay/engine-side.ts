/** The engine's side of a client's connection: one connection of its own to the engine's socket, and its answers. */
import { connect, type Socket } from 'node:net'
import { readAnswerHead, renderAnswerHead } from '../http/answer-head.ts'
import { unchunked } from '../http/body.ts'
import type { Connection } from './connection.ts'
import { answerEnd, type Exchange } from './exchange.ts'
import { gather } from './gather.ts'
import { type HeadReader, headReader } from './head-reader.ts'
import { LIMITS } from './limits.ts'
import { jsonAnswer } from './own.ts'

/** Types of an answer after which the connection is a stream though the client asked for no upgrade. */
const STREAMS = new Set(['application/vnd.docker.raw-stream', 'application/vnd.docker.multiplexed-stream'])
const NOTHING: Buffer = Buffer.alloc(0)

export class EngineSide {
  link: Socket | undefined
  readonly #of: Connection
  readonly #answers: HeadReader

  constructor(of: Connection) {
    this.#of = of
    this.#answers = headReader(LIMITS.answerHead, of.share.keep)
  }

  /** The connection to the engine, made when it is first needed. */
  open(): Socket {
    if (this.link && !this.link.destroyed) return this.link
    const link = connect({ path: this.#of.hub.socket, allowHalfOpen: true })
    this.link = link
    link.on('data', bytes => this.#take(bytes))
    link.on('drain', () => this.#of.resume())
    link.on('error', error =>
      this.#gone(`the engine does not answer (${(error as NodeJS.ErrnoException).code ?? error.message})`, 503),
    )
    link.on('end', () => {
      if (this.#of.x?.stream) this.#of.outputEnded()
      else this.#gone('the engine ended the connection', 502)
    })
    link.on('close', () => this.#gone('the engine ended the connection', 502))
    return link
  }

  #gone(message: string, status: number) {
    const { x } = this.#of
    if (this.#of.state === 'over') return
    if (!x || x.stream || x.answered) return this.#of.end()
    if (x.answer?.head.body.kind === 'close') this.#done(x)
    else if (x.answer && !x.answer.whole) this.#of.cut(message)
    else this.#of.answer(jsonAnswer(status, { message }), message, true)
  }

  #take(bytes: Buffer): void {
    try {
      for (let rest = bytes; rest.length > 0; ) rest = this.#step(rest)
    } catch (error) {
      const { message } = error as Error
      // Of an answer that has to be rewritten the client has seen nothing yet.
      if (this.#of.x?.answer?.whole) this.#of.answer(jsonAnswer(502, { message }), message, true)
      else this.#of.cut(message)
    }
  }

  #step(bytes: Buffer): Buffer {
    const { x } = this.#of
    if (this.#of.state === 'over') return NOTHING
    if (!x || x.answered) throw new Error('the engine answered what was not asked')
    if (x.stream) {
      this.#pass(x, bytes)
      return NOTHING
    }
    if (x.answer) return this.#body(x, bytes)
    const found = this.#answers.take(bytes)
    if (!found) return NOTHING
    this.#head(x, found.head)
    return found.rest
  }

  #head(x: Exchange, text: string) {
    const { socket, hub } = this.#of
    const head = readAnswerHead(text, x.head.method)
    const whole = Buffer.from(`${text}\r\n\r\n`, 'latin1')
    if (head.status < 200 && head.status !== 101) {
      if (x.head.expectsContinue && !x.whole) socket.write(whole)
      return
    }
    x.status = head.status
    const hijack = x.allowed?.hijack === true
    if (head.status === 101 || (hijack && head.body.kind === 'close' && STREAMS.has(head.type))) {
      if (!hijack) throw new Error('the engine changed to another protocol unasked')
      socket.write(whole)
      return this.#of.becomeStream(x)
    }
    const rewrites = x.allowed?.answer && x.head.method !== 'HEAD' && head.status === 200
    // What is no JSON cannot be looked through for what this client must not see.
    if (rewrites && head.type !== 'application/json') return this.#unreadable()
    const collecting = rewrites
      ? gather(this.#of.share.keep, { bytes: LIMITS.wholeAnswer, what: 'the answer' })
      : undefined
    x.answer = { head, end: answerEnd(head), text, whole: collecting }
    if (!collecting) socket.write(hub.draining ? renderAnswerHead(text, { close: true }) : whole)
    if (x.answer.end.done) this.#done(x)
  }

  #body(x: Exchange, bytes: Buffer): Buffer {
    if (!x.answer) return NOTHING
    const { end, whole } = x.answer
    const used = end.take(bytes)
    const piece = used === bytes.length ? bytes : bytes.subarray(0, used)
    if (whole) whole.add(piece)
    else this.#pass(x, piece)
    if (end.done) this.#done(x)
    return used === bytes.length ? NOTHING : bytes.subarray(used)
  }

  #pass(x: Exchange, bytes: Buffer): void {
    x.bytesOut += bytes.length
    if (!this.#of.socket.write(bytes)) this.link?.pause()
  }

  #unreadable(): void {
    const message = 'the engine answered what cannot be shown to this role'
    this.#of.answer(jsonAnswer(502, { message }), message, true)
  }

  #done(x: Exchange) {
    const { answer, allowed } = x
    if (!answer) return
    if (answer.whole) {
      const bytes = answer.whole.take()
      const text = (answer.head.body.kind === 'chunked' ? unchunked(bytes) : bytes).toString('utf8')
      let body: Buffer
      try {
        body = Buffer.from(allowed?.answer?.(text) ?? text)
      } catch {
        return this.#unreadable()
      }
      const close = this.#of.hub.draining || answer.head.close
      this.#of.socket.write(renderAnswerHead(answer.text, { bodyBytes: body.length, close }))
      this.#pass(x, body)
    }
    x.answered = true
    if (answer.head.body.kind === 'close') this.#of.end()
    else if (x.body.done) this.#of.next()
  }
}
