/**
 * Commands of one connection. Starting one costs two round trips (a channel, then the command in it), so
 * shells that wait for their command are started beforehand: with one of them, a command costs a single round trip.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, ClientChannel } from 'ssh2'
import { MachineError, messageOf } from '../errors.ts'
import { forLogin, makeReader, type Program } from './program.ts'
import { SIGNALS } from './signals.ts'

/** Waiting shells: while one is used, its successor takes two round trips to come, so a second one is at hand. */
const SPARES = 2

const RETRY_MS = 20

/** A command that was started. Its exit code may come before anybody listens for it, so it is kept from the first. */
export class Started {
  readonly channel: ClientChannel
  /** 128 + n for one ended by a signal; undefined while it runs, and when the session was cut off. */
  code: number | undefined

  constructor(channel: ClientChannel) {
    this.channel = channel
    channel.on('exit', (code: number | null, signal?: string) => {
      this.code = code ?? 128 + (SIGNALS[signal ?? ''] ?? 0)
    })
    channel.on('error', () => {}) // a command that ends before it took its input is no error: its exit code tells
  }
}

export class Channels {
  readonly #client: Client
  readonly #name: string
  readonly #reader = makeReader()
  /** Commands asked for and not yet ended, those of them that wait for a free session, and how often one ended. */
  #busy = 0
  readonly #waiting: (() => void)[] = []
  #ends = 0
  readonly #lost = new AbortController()
  readonly #spares: Started[] = []
  #preparing = 0

  /** `name` says where the connection leads, for errors. */
  constructor(client: Client, name: string) {
    this.#client = client
    this.#name = name
    let why = 'the connection was closed'
    client.on('error', error => {
      why = error.message
    })
    client.on('close', () =>
      this.#lost.abort(new MachineError('SSH_LOST', `the SSH connection to ${name} is lost: ${why}`)),
    )
  }

  /** Aborts, with the error to throw, when the connection is gone. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /** Starts a program; its stdin has got what the program needs, the rest of the input is the caller's to write. */
  async start(program: Program): Promise<Started> {
    const spare = this.#spares.shift()
    const { line, stdin } = forLogin(program)
    this.#busy++
    const started =
      spare ??
      (await this.#open(line).catch(error => {
        this.#ended()
        throw error
      }))
    const { channel } = started
    channel.once('close', () => this.#ended())
    if (spare) channel.write(Buffer.concat([this.#reader.frame(program.text), program.stdin]))
    else if (stdin.length > 0) channel.write(stdin)
    this.#prepareSpares()
    return started
  }

  #ended(): void {
    this.#busy--
    this.#ends++
    for (const goOn of this.#waiting.splice(0)) goOn()
  }

  #prepareSpares(): void {
    for (let there = this.#spares.length + this.#preparing; there < SPARES && !this.lost.aborted; there++) {
      this.#preparing++
      this.#exec(forLogin({ text: this.#reader.text, stdin: Buffer.alloc(0) }).line)
        .then(spare => this.#keep(spare))
        .catch(() => {}) // the host allows no more sessions at once (MaxSessions): then without
        .finally(() => this.#preparing--)
    }
  }

  #keep(spare: Started): void {
    this.#spares.push(spare)
    // not 'close': a channel nobody reads from never comes to it
    spare.channel.once('exit', () => {
      const index = this.#spares.indexOf(spare)
      if (index >= 0) this.#spares.splice(index, 1)
    })
  }

  /** Opens a channel; where the host allows no more of them, when one of those there has ended. */
  async #open(line: string): Promise<Started> {
    for (let tries = 0; ; tries++) {
      this.lost.throwIfAborted()
      const ends = this.#ends
      try {
        const opening = this.#exec(line)
        if (tries === 0) this.#prepareSpares() // their requests follow on the heels of this one, at no cost to it
        return await opening
      } catch (error) {
        this.lost.throwIfAborted()
        if (this.#ends !== ends) continue
        const othersRun = this.#busy - this.#waiting.length > 1
        if (othersRun) await new Promise<void>(goOn => this.#waiting.push(goOn))
        else if (this.#spares.length + this.#preparing > 0) await this.#dropSpare()
        else
          throw new MachineError('SSH_LOST', `${this.#name} starts no command: ${messageOf(error)}`, { cause: error })
      }
    }
  }

  async #dropSpare(): Promise<void> {
    this.#spares.shift()?.channel.close()
    await sleep(RETRY_MS)
  }

  #exec(line: string): Promise<Started> {
    return new Promise((resolve, reject) => {
      this.#client.exec(line, (error, channel) => (error ? reject(error) : resolve(new Started(channel))))
    })
  }
}
