/**
 * Alibaba Cloud's codes in words: one sentence, one remedy, the RequestId. The tables are problems-*.ts, looked through in
 * this order; the first entry that fits is taken. Each stands in the test with the provider's text as it was sent.
 */
import { MachineError } from '../../src/errors.ts'
import { providerCode } from '../cloud/failure.ts'
import { firstThatFits, type Said, type Where } from '../cloud/problem.ts'
import type { EcsFailure } from './failure.ts'
import { namedIn, type Problem, type ProblemCode } from './problem.ts'
import { ACCOUNT_PROBLEMS } from './problems-account.ts'
import { LIMIT_PROBLEMS } from './problems-limits.ts'
import { RESIZE_PROBLEMS } from './problems-resize.ts'
import { SERVICE_PROBLEMS } from './problems-service.ts'
import { VALUE_PROBLEMS } from './problems-values.ts'

// Those of a resize first: their codes look like others' (InvalidAction.NotSupport, DependencyViolation).
const PROBLEMS: readonly Problem[] = [
  ...RESIZE_PROBLEMS,
  ...ACCOUNT_PROBLEMS,
  ...SERVICE_PROBLEMS,
  ...LIMIT_PROBLEMS,
  ...VALUE_PROBLEMS,
]

/** The failure as a person reads it. Its cause is the failure, for --debug. */
export function problemOf(f: EcsFailure, where: Where): MachineError {
  const { code, text, hints } = firstThatFits(PROBLEMS, f, where, { namedIn }) ?? unknownProblem(f, where)
  const id = f.requestId ? ` (RequestId ${f.requestId})` : ''
  return new MachineError(code, `${text}${id}`, { hints, cause: f })
}

function unknownProblem({ code, status, action, message }: EcsFailure, { host }: Where): Said<ProblemCode> {
  const text =
    status === undefined
      ? `Alibaba Cloud cannot be asked at ${host} (${action})`
      : `Alibaba Cloud answers ${code} to ${action}`
  return {
    code: status === undefined ? 'ECS_UNREACHABLE' : status >= 500 ? 'ECS_SERVICE' : 'ECS_REFUSED',
    text: `${text}: ${message.replace(/[.。]\s*$/, '')}`,
    hints: ['Alibaba Cloud explains its codes at api.alibabacloud.com/troubleshoot, by the RequestId too'],
  }
}

/** What is not found then is whoever asks, or the API: nothing was said of the thing. */
const NOT_THE_THING = /^(InvalidAccessKeyId|InvalidSecurityToken|InvalidRegionId|InvalidAction|EntityNotExist\.Role)/

/** Whether the provider says that the thing is not there. */
export function isGone(error: unknown): boolean {
  const code = providerCode(error) ?? ''
  return !NOT_THE_THING.test(code) && /NotFound|NotExist|^InvalidAllocationId\b/i.test(code)
}
