/**
 * EC2's codes in words: one sentence, one remedy. The tables are problems-*.ts, looked through in this order; the first
 * entry that fits is taken. Each stands in the test with AWS's text as it was sent.
 */
import { MachineError } from '../../src/errors.ts'
import { firstThatFits, type Said, type Where } from '../cloud/problem.ts'
import type { Ec2Failure } from './failure.ts'
import { namedIn, type Problem, type ProblemCode } from './problem.ts'
import { ACCOUNT_PROBLEMS } from './problems-account.ts'
import { LAUNCH_PROBLEMS } from './problems-launch.ts'
import { LIMIT_PROBLEMS } from './problems-limits.ts'
import { ENDPOINT_HINT, NETWORK_PROBLEMS, SERVICE_HINT, SERVICE_PROBLEMS } from './problems-network.ts'
import { RESIZE_PROBLEMS } from './problems-resize.ts'
import { VALUE_PROBLEMS } from './problems-values.ts'

const PROBLEMS: readonly Problem[] = [
  ...ACCOUNT_PROBLEMS,
  ...SERVICE_PROBLEMS,
  ...LIMIT_PROBLEMS,
  ...RESIZE_PROBLEMS,
  ...VALUE_PROBLEMS,
  ...NETWORK_PROBLEMS,
]

/** The failure as a person reads it. Its cause is the failure, for --debug. */
export function problemOf(f: Ec2Failure, where: Where): MachineError {
  const code = f.code.replace(/^(Client|Server)\./, '')
  const problems = code === f.code ? PROBLEMS : [...LAUNCH_PROBLEMS, ...PROBLEMS]
  const known = firstThatFits(problems, f, where, { code, namedIn }) ?? foreignProblem(f, where)
  const { code: kind, text, hints } = known ?? unknownProblem(f, code, where)
  return new MachineError(kind, text, { hints, cause: f })
}

/** An answer that is none of EC2's: a load balancer's page, or whatever else listens there. */
function foreignProblem(f: Ec2Failure, { region, host }: Where): Said<ProblemCode> | undefined {
  if (
    f.status === undefined ||
    !(/^Unknown(Error)?$/.test(f.code) || /XML parse error|Deserialization error/.test(f.message))
  )
    return undefined
  return f.status >= 500
    ? { code: 'EC2_SERVICE', text: `EC2 in ${region} failed at ${f.action}`, hints: [SERVICE_HINT] }
    : { code: 'EC2_UNREACHABLE', text: `what answers at ${host} is no EC2 API`, hints: [ENDPOINT_HINT] }
}

function unknownProblem({ status, action, message }: Ec2Failure, code: string, { host }: Where): Said<ProblemCode> {
  const text = status === undefined ? `EC2 cannot be asked at ${host} (${action})` : `EC2 answers ${code} to ${action}`
  return {
    code: status === undefined ? 'EC2_UNREACHABLE' : status >= 500 ? 'EC2_SERVICE' : 'EC2_REFUSED',
    text: `${text}: ${message.replace(/\.$/, '')}`,
    hints: ['AWS explains its codes at docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html'],
  }
}
