/** What became of a launch: what to try elsewhere, and why an instance ended by itself. */
import type { Instance } from '@aws-sdk/client-ec2'
import { hasCode, MachineError } from '../../src/errors.ts'
import { failureBehind, providerCode, wasRefused } from '../cloud/failure.ts'
import { Ec2Failure } from './failure.ts'
import type { ProblemCode } from './problem.ts'
import { problemOf } from './problems.ts'

const CAPACITY: ProblemCode = 'EC2_CAPACITY'
/** Said of one type or zone: another may do. */
const ELSEWHERE = /^(Client\.|Server\.)?(VcpuLimitExceeded|MaxSpotInstanceCountExceeded|SpotMaxPriceTooLow)$/

/** Whether another instance type or zone may have what this one has not. */
export function isShortage(error: unknown): boolean {
  return hasCode(error, CAPACITY) || ELSEWHERE.test(providerCode(error) ?? '')
}

/** A quota is the region's: for the same type no other zone helps. */
const QUOTA = /^(Client\.|Server\.)?(VcpuLimitExceeded|MaxSpotInstanceCountExceeded)$/

/** Of the candidates, in the order to try, those still worth it after the first was refused with this error. */
export function worthTrying<C extends { readonly type: { readonly name: string } }>(
  error: unknown,
  [first, ...others]: readonly C[],
): C[] {
  if (!isShortage(error)) return []
  return QUOTA.test(providerCode(error) ?? '') ? others.filter(each => each.type.name !== first?.type.name) : others
}

/** Whether EC2 has said no, so that nothing was made; otherwise nobody knows. */
export function isRefusal(error: unknown): boolean {
  return failureBehind(error) !== undefined && (isShortage(error) || wasRefused(error))
}

/** Why EC2 (or somebody) terminated the instance, in the words of problems.ts where they know it. */
export function terminatedProblem(id: string, instance: Instance, region: string): MachineError {
  const { Code: code = '', Message: message = '' } = instance.StateReason ?? {}
  if (code === '' && message === '')
    return new MachineError('EC2_NOT_FOUND', `instance ${id} was terminated, and EC2 does not say why`)
  const failure = new Ec2Failure('RunInstances', {
    code,
    message: message.replace(/^[\w.]+: /, ''),
    status: 400,
  })
  const problem = problemOf(failure, { region, host: '', source: '' })
  const known = !problem.message.startsWith('EC2 answers ')
  return new MachineError(
    problem.code,
    `instance ${id} was terminated: ${known ? problem.message : `${failure.message} (${code})`}`,
    { hints: known ? problem.suggestions : [], cause: failure },
  )
}
