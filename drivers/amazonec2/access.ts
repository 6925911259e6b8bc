/** How EC2 is to be reached, as settings and records have it. */
import type { Ctx } from '../driver.ts'
import type { Keys } from './credentials.ts'

/** Where EC2 is and as whom we come. */
export interface Access {
  /** Absent: the profile's, else us-east-1. */
  readonly region?: string | undefined
  /** `--amazonec2-endpoint`; absent: the SDK's own rules (AWS_ENDPOINT_URL_EC2, AWS_ENDPOINT_URL, the profile, the region). */
  readonly endpoint?: string | undefined
  /** http: needs an endpoint. */
  readonly insecureTransport?: boolean | undefined
  /** `--amazonec2-profile`; absent: AWS_PROFILE, else `default`. */
  readonly profile?: string | undefined
  /** How often a request is repeated after throttling and failures of the service (5); -1: never. */
  readonly retries?: number | undefined
  /** Keys in a record of Docker Machine's; ours holds none. */
  readonly keys?: Keys | undefined
}

export type ApiCtx = Pick<Ctx, 'env' | 'signal' | 'say' | 'ask'>

/** How long things may take, in milliseconds. */
export interface Limits {
  readonly connectMs: number
  /** One try, from first byte to last. */
  readonly tryMs: number
  /** All tries together: no new one begins later than this. */
  readonly callMs: number
}
