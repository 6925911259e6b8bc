/** The life of an instance: what state it is in, and what may be asked of it there. Nothing happens at once. */
import { setTimeout as sleep } from 'node:timers/promises'
import { DeedsInTurn } from '../cloud/deeds-in-turn.ts'
import { Problem } from '../cloud/problem.ts'

export type StateName = 'Pending' | 'Starting' | 'Running' | 'Stopping' | 'Stopped'

export interface StateDelays {
  readonly pending: number
  readonly starting: number
  readonly stopping: number
  readonly deleting: number
}

/** What really happens meanwhile; each may take longer than the delay. */
export interface Deeds {
  /** Before the first start; it may tell that the instance will come to nothing. */
  make(): Promise<'made' | 'gone'>
  boot(): Promise<void>
  stop(force: boolean): Promise<void>
  reboot(force: boolean): Promise<void>
  release(force: boolean): Promise<void>
}

export class Life {
  state: StateName = 'Pending'
  /** When it ceased to be described. */
  goneAt: number | undefined
  #releasing = false
  readonly #deeds: Deeds
  readonly #delays: StateDelays
  readonly #turns = new DeedsInTurn()

  /** `start`: it goes on to run by itself, as RunInstances has it; else it is left Stopped, as CreateInstance does. */
  constructor(deeds: Deeds, delays: StateDelays, start: boolean) {
    this.#deeds = deeds
    this.#delays = delays
    this.#then('Pending', async () => {
      const [made] = await Promise.all([deeds.make(), sleep(delays.pending)])
      if (made === 'gone') return this.#leave()
      if (!start) this.state = 'Stopped'
      else this.#boot()
    })
  }

  /** Resolves when nothing goes on any more. */
  async settled(): Promise<void> {
    await this.#turns.settled()
  }

  start(): void {
    this.#must('Stopped')
    this.#boot()
  }

  mayStart(): void {
    this.#must('Stopped')
  }

  mayStop(): void {
    this.#must('Running')
  }

  /** Whether it may be deleted: Stopped, or Running where the request has Force. */
  mayDelete(force: boolean): void {
    if (this.state === 'Pending')
      throw new Problem(
        'IncorrectInstanceStatus.Initializing',
        'The specified instance status does not support this operation: the instance is being initialised.',
        403,
      )
    if (force) this.#must('Stopped', 'Running')
    else this.#must('Stopped')
  }

  stop(force: boolean): void {
    this.#must('Running')
    this.state = 'Stopping'
    this.#then('Stopping', async () => {
      await Promise.all([sleep(this.#delays.stopping), this.#deeds.stop(force)])
      if (!this.#releasing) this.state = 'Stopped'
    })
  }

  reboot(force: boolean): void {
    this.#must('Running')
    this.state = 'Starting'
    this.#then('Starting', async () => {
      await Promise.all([sleep(this.#delays.starting), this.#deeds.reboot(force)])
      this.state = 'Running'
    })
  }

  /** Whoever lets it go; the cloud itself asks for no leave. */
  release(force: boolean): void {
    if (this.#releasing) return
    this.#releasing = true
    if (this.state === 'Running') this.state = 'Stopping'
    this.#add(async () => {
      if (this.goneAt !== undefined) return
      await Promise.all([sleep(this.#delays.deleting), this.#deeds.release(force)])
      this.goneAt = Date.now()
    })
  }

  #boot(): void {
    this.state = 'Starting'
    this.#then('Starting', async () => {
      await Promise.all([sleep(this.#delays.starting), this.#deeds.boot()])
      this.state = 'Running'
    })
  }

  async #leave(): Promise<void> {
    this.#releasing = true
    await this.#deeds.release(true)
    this.goneAt = Date.now()
  }

  #must(...states: StateName[]): void {
    if (!states.includes(this.state) || this.#releasing)
      throw new Problem(
        'IncorrectInstanceStatus',
        'The current status of the resource does not support this operation.',
        403,
      )
  }

  #then(from: StateName, deed: () => Promise<void>): void {
    this.#add(async () => {
      if (this.state === from && this.goneAt === undefined) await deed()
    })
  }

  #add(deed: () => Promise<void>): void {
    this.#turns.add(deed, error => this.#broke(error))
  }

  /** What fails ends the instance, as a broken host does. */
  #broke(error: unknown): void {
    console.error(`a host of the stand-in cloud failed: ${error instanceof Error ? error.message : error}`)
    this.goneAt = Date.now()
  }
}
