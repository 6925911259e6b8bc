/** What a role's rules say about a request, for the relay to carry out. */
import type { Role } from '../protocol.ts'

/** A request as the rules see it: the relay forwards exactly this method, path and query. */
export interface Asked {
  readonly role: Role
  /** Upper case. */
  readonly method: string
  /**
   * Decoded and normalised: no empty, `.` or `..` segments, no trailing slash, no control characters. The API version is
   * still in front: '/v1.51/containers/json'.
   */
  readonly path: string
  readonly query: URLSearchParams
}

export type Verdict = Allowed | Refused

export interface Allowed {
  readonly allow: true
  /** The engine takes the connection over for a raw stream when it accepts: attach, exec, session, grpc. */
  readonly hijack: boolean
  /** The request's body has to be read whole and given to this; what it returns is sent in its place. Throws `Refusal`. */
  readonly body?: (text: string) => string
  /** The answer's body, when its status is 200 and its type JSON, has to be read whole and given to this. */
  readonly answer?: (text: string) => string
}

export interface Refused {
  readonly allow: false
  /** A sentence for the person. */
  readonly message: string
}

/** Thrown by `Allowed.body`: the request is refused with 403 and this sentence. */
export class Refusal extends Error {}
