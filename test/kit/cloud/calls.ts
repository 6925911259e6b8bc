/** The record of what was called. Never signatures, keys or passwords. */
import type { Data } from './data.ts'

/** What is known of a call before its parameters are read. */
export interface CallAbout {
  readonly service: string
  readonly action: string
  readonly region: string
  readonly userAgent: string
}

export interface Call extends CallAbout {
  /** From 1; 0: it is not counted. */
  readonly n: number
  /** Under the API's names; {} where the request was refused unread. */
  parameters: Data
  dryRun: boolean
  /** 'OK', an error's code, or 'LostAnswer' where none was sent. */
  code: string
  status: number
  /** ms since 1970. */
  readonly at: number
  ms: number
}

export interface KillPoint {
  /** From 1. */
  readonly n: number
  /** Of this action alone; without one all are counted. */
  readonly action?: string | undefined
  readonly when: 'before' | 'after'
  readonly kill: () => void
}

/** A call that has just come. */
export const newCall = <A extends CallAbout>(about: A, n = 0): A & Call => ({
  ...about,
  n,
  parameters: {},
  dryRun: false,
  code: '',
  status: 0,
  at: Date.now(),
  ms: 0,
})

export class Calls<A extends CallAbout = CallAbout> {
  readonly list: (A & Call)[] = []
  #point: (KillPoint & { readonly from: number }) | undefined
  killed = false

  begin(about: A): A & Call {
    const call = newCall(about, this.list.length + 1)
    this.list.push(call)
    return call
  }

  /** Counted from the next call on. */
  killAt(point: KillPoint): void {
    this.#point = { ...point, from: this.list.length }
    this.killed = false
  }

  /** Kills if this is the call; returns whether it did. */
  pass(call: Call, when: 'before' | 'after'): boolean {
    const point = this.#point
    if (!point || point.when !== when || this.#nth(call, point) !== point.n) return false
    this.#point = undefined
    this.killed = true
    point.kill()
    return true
  }

  /** Which of those that count since then; 0: it is none of them. */
  #nth(call: Call, { action, from }: KillPoint & { readonly from: number }): number {
    if (action === undefined) return call.n - from
    if (call.action !== action) return 0
    return this.list.slice(from, call.n).filter(each => each.action === action).length
  }
}
