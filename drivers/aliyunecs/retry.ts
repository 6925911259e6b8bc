/** Which failures a second try may mend, and how long to wait before it. Spread by chance: ten creates fail at once, too. */
import type { EcsFailure } from './failure.ts'

const THROTTLED = /^Throttling|\.Throttling$|^Rejected\.Throttling|^(ServiceThrottling|FlowControl|TooManyRequests)/

/** Answers with a 5xx status that say no, and mean it: the next zone or type is what helps, not the next second. */
const NO_MEANT = /NoStock|NotOnSale|SoldOut|^OperationDenied/

/** The first request with this token is still at work, or the nonce was seen: the same again, with a new nonce. */
const AT_WORK = /^(IdempotentProcessing|LastTokenProcessing|SignatureNonceUsed)$/

const SERVICE =
  /^(ServiceUnavailable|InternalError|InternalServerError|SystemBusy|ServiceBusy|NotJson|UnknownError)(\.|$)/

const NETWORK =
  /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENETDOWN|TimeoutError|HPE_[A-Z_]+)$/

export type Passing = 'throttled' | 'service' | 'network'

/** The kind of a failure that may pass; undefined: saying it again would change nothing. */
export function passing({ code, status }: Pick<EcsFailure, 'code' | 'status'>): Passing | undefined {
  if (THROTTLED.test(code) || status === 429) return 'throttled'
  if (NO_MEANT.test(code)) return undefined
  if (AT_WORK.test(code) || SERVICE.test(code) || (status !== undefined && status >= 500)) return 'service'
  if (status === undefined && NETWORK.test(code)) return 'network'
  return undefined
}

const FIRST_PAUSE_MS = { throttled: 1000, service: 300, network: 300 } as const
const LONGEST_PAUSE_MS = 20_000

/** Pause before try number `tried` + 1: anything up to double of the one before. */
export function pauseMs(kind: Passing, tried: number, random = Math.random): number {
  return Math.round(random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS[kind] * 2 ** tried))
}
