/** Which failures a second try may mend, and how long to wait before it. Spread by chance: ten creates fail at once, too. */
import type { Ec2Failure } from './failure.ts'

const THROTTLED =
  /^(RequestLimitExceeded|Client\.RequestLimitExceeded|Throttl|RequestThrottled|EC2Throttled|TooManyRequests|SlowDown|BandwidthLimitExceeded|PriorRequestNotComplete)/

/** Answers with status 500 that say no, and mean it: the next zone or type is what helps, not the next second. */
const NO_MEANT = /^Insufficient|^Unsupported|^InternalError\.Permanent/

const NETWORK =
  /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENETDOWN|UND_ERR_SOCKET|TimeoutError|HPE_[A-Z_]+)$/

/** The kind of a failure that may pass; undefined: saying it again would change nothing. */
export function passing(failure: Ec2Failure): 'throttled' | 'service' | 'network' | undefined {
  const { code, status } = failure
  if (THROTTLED.test(code) || status === 429) return 'throttled'
  if (NO_MEANT.test(code)) return undefined
  if ((status !== undefined && status >= 500) || /^(Internal(Error|Failure)|(Service)?Unavailable)$/.test(code))
    return 'service'
  if (status === undefined && NETWORK.test(code)) return 'network'
  return undefined
}

const FIRST_PAUSE_MS = { throttled: 1000, service: 250, network: 250 } as const
const LONGEST_PAUSE_MS = 20_000

/** Pause before try number `tried` + 1: anything up to double of the one before. */
export function pauseMs(kind: keyof typeof FIRST_PAUSE_MS, tried: number, random = Math.random): number {
  return Math.round(random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS[kind] * 2 ** tried))
}
