/**
 * The life of an instance: what state it is in, and what may be asked of it there. moto changes states at once; here each
 * takes its time, and what EC2 refuses is refused.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { DeedsInTurn } from '../cloud/deeds-in-turn.ts'
import { Problem } from '../cloud/problem.ts'

export type StateName = 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated'

const CODES: Readonly<Record<StateName, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
}

export interface StateDelays {
  readonly pending: number
  readonly stopping: number
  readonly shuttingDown: number
}
/** What really happens meanwhile; each may take longer than the delay. */
export interface Deeds {
  boot(): Promise<void>
  stop(force: boolean): Promise<void>
  terminate(): Promise<void>
  /** When its time is over: moto is told, which changes states at once. */
  reach(state: StateName): Promise<void>
}
export interface StateNow {
  readonly Code: number
  readonly Name: StateName
}

export class Life {
  state: StateName = 'pending'
  /** Code and text of DescribeInstances' StateReason. */
  reason: { Code: string; Message: string } | undefined
  terminatedAt: number | undefined
  readonly id: string
  readonly #deeds: Deeds
  readonly #delays: StateDelays
  readonly #turns = new DeedsInTurn()

  constructor(id: string, deeds: Deeds, delays: StateDelays) {
    this.id = id
    this.#deeds = deeds
    this.#delays = delays
    this.#boot()
  }

  get now(): StateNow {
    return { Code: CODES[this.state], Name: this.state }
  }

  /** Resolves when nothing goes on any more. */
  async settled(): Promise<void> {
    await this.#turns.settled()
  }

  start(): void {
    if (this.state === 'pending' || this.state === 'running') return
    this.#must('started', 'stopped')
    this.state = 'pending'
    this.reason = undefined
    this.#boot()
  }

  stop({ force = false, why = USER } = {}): void {
    if (this.state === 'stopped' || (this.state === 'stopping' && !force)) return
    this.#must('stopped', 'running', 'stopping')
    this.state = 'stopping'
    this.reason = why
    this.#then(this.#delays.stopping, () => this.#deeds.stop(force), 'stopping', 'stopped')
  }

  mustRun(verb: string): void {
    this.#must(verb, 'running')
  }

  terminate(why = USER): void {
    if (this.state === 'shutting-down' || this.state === 'terminated') return
    this.state = 'shutting-down'
    this.reason = why
    this.#then(this.#delays.shuttingDown, () => this.#deeds.terminate(), 'shutting-down', 'terminated')
  }

  #boot(): void {
    this.#then(this.#delays.pending, () => this.#deeds.boot(), 'pending', 'running')
  }

  #must(verb: string, ...states: StateName[]): void {
    if (!states.includes(this.state))
      throw new Problem(
        'IncorrectInstanceState',
        `The instance '${this.id}' is not in a state from which it can be ${verb}.`,
      )
  }

  /** From a state to the next, unless something else was asked meanwhile. What fails ends the instance, as a broken host does. */
  #then(delayMs: number, deed: () => Promise<void>, from: StateName, to: StateName): void {
    const step = async () => {
      if (this.state !== from) return
      await Promise.all([sleep(delayMs), deed()])
      if (this.state !== from) return
      await this.#deeds.reach(to)
      if (this.state !== from) return
      this.state = to
      if (to === 'terminated') this.terminatedAt = Date.now()
    }
    this.#turns.add(step, async error => {
      console.error(`the host of ${this.id} failed: ${error instanceof Error ? error.message : error}`)
      this.reason = { Code: 'Server.InternalError', Message: 'Server.InternalError: Internal error on launch' }
      await this.#deeds.terminate().catch(() => {}) // told above
      await this.#deeds.reach('terminated').catch(() => {})
      this.state = 'terminated'
      this.terminatedAt = Date.now()
    })
  }
}

const USER = { Code: 'Client.UserInitiatedShutdown', Message: 'Client.UserInitiatedShutdown: User initiated shutdown' }
