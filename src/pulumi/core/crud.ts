/**
 * What a resource provider does, whoever calls it: Pulumi's dynamic providers now, a native one next. Nothing in this folder
 * imports Pulumi. Inputs are plain JSON, as they cross the wire; what is not known yet in a preview stands there as UNKNOWN.
 */
import { messageOf, suggestionsOf } from '../../errors.ts'
import type { Say } from '../../events.ts'

export type Json = Record<string, unknown>

/** What the provider is called in. */
export interface Around {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly platform: NodeJS.Platform
  /** Aborts when the work is to stop. */
  readonly signal: AbortSignal
  readonly say: Say
  now(): Date
  /** False when whoever asked is gone: then nobody will write down what is answered. */
  heard(): Promise<boolean>
}

export interface Failure {
  readonly property: string
  readonly reason: string
}

export interface Checked {
  readonly inputs: Json
  readonly failures: Failure[]
}

export interface Diff {
  readonly changes: boolean
  /** Properties for whose sake the resource has to be made anew. */
  readonly replaces?: string[]
  /** Properties that differ and can be changed on what is there. */
  readonly updates?: string[]
  readonly deleteBeforeReplace?: boolean
}

/** A resource as read; no id: it is gone. */
export interface Seen {
  readonly id?: string
  readonly props?: Json
}

export interface Crud {
  /** Fills in what was left out and says what cannot be; asks nobody on the network. */
  check(olds: Json, news: Json, around: Around): Promise<Checked>
  /** `olds` is the state, `news` are checked inputs. */
  diff(id: string, olds: Json, news: Json, around: Around): Promise<Diff>
  create(inputs: Json, around: Around): Promise<{ id: string; outs: Json }>
  read(id: string, props: Json, around: Around): Promise<Seen>
  update(id: string, olds: Json, news: Json, around: Around): Promise<{ outs: Json }>
  /** Gone already is success. */
  delete(id: string, props: Json, around: Around): Promise<void>
}

/**
 * The work failed, and something is there all the same: its state is to be kept, so that it can be removed or gone on with.
 * Pulumi's servers know the error by these members.
 */
export class HalfDone extends Error {
  readonly id: string
  readonly properties: Json
  readonly reasons: string[]

  constructor(id: string, properties: Json, cause: unknown) {
    super(sentenceOf(cause), { cause })
    this.name = 'HalfDone'
    this.id = id
    this.properties = properties
    this.reasons = [sentenceOf(cause)]
  }
}

/** The error and what can be done, as one text: nothing else of an error reaches the person. */
export function sentenceOf(error: unknown): string {
  return [messageOf(error), ...suggestionsOf(error).map(hint => `  - ${hint}`)].join('\n')
}

/** The same for an error that is the call's own: gRPC carries no line breaks in those. */
export function oneLineOf(error: unknown): string {
  return [messageOf(error), ...suggestionsOf(error)].join('; ')
}
