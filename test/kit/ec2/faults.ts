/** Errors that faults give, in EC2's words. */
import type { LaunchAims, Words } from '../cloud/faults.ts'
import { Problem } from '../cloud/problem.ts'

/** Failures that EC2 alone has. */
export type Own = 'capacity' | 'vcpus'

/** What a launch comes to, and what capacity is told of. */
export interface Ec2Aims extends LaunchAims {
  readonly otherZones: readonly string[]
}

export function wordsFor(aims: Ec2Aims | undefined): Words<Own> {
  const type = aims?.type ?? 't3.micro'
  const others = aims?.otherZones.join(', ') ?? ''
  return {
    throttle: () => new Problem('RequestLimitExceeded', 'Request limit exceeded.', 503),
    error500: () => new Problem('InternalError', 'An internal error has occurred', 500),
    unavailable: () => new Problem('Unavailable', 'The service is unavailable. Please try again shortly.', 503),
    capacity: () =>
      new Problem(
        'InsufficientInstanceCapacity',
        `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${aims?.zone}). Our system will be working on provisioning additional capacity. You can currently get ${type} capacity by not specifying an Availability Zone in your request or choosing ${others}.`,
        500,
      ),
    vcpus: () => new Problem('VcpuLimitExceeded', vcpuText(0)),
  }
}

export const vcpuText = (limit: number) =>
  `You have requested more vCPU capacity than your current vCPU limit of ${limit} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`
