/** Why ECS gives an instance no other type. Alibaba Cloud's own words stand in the test. */
import type { Problem } from './problem.ts'

const ANOTHER = 'take another --aliyunecs-instance-type, or make another machine of that type'

const REASONS: readonly (readonly [RegExp, string, string])[] = [
  [
    /^ChargeTypeViolation$/,
    'the way the instance is paid for does not let its type change',
    'spot and subscription do not: change it in the console of ECS',
  ],
  [/^CategoryViolation$/, 'the instance has local disks, whose data no other type has', ANOTHER],
  [/^DependencyViolation\.InstanceType$/, 'ECS does not change an instance of its type into this one', ANOTHER],
  [/^ImageNotSupportInstanceType$/, 'the image of the instance does not run on this type', ANOTHER],
  [/^Downgrade\.NotSupported$/, 'ECS gives the instance no smaller type', ANOTHER],
  [/^InstanceType\.Offline$/, 'ECS sells this type no more', ANOTHER],
  [/^InvalidAction\.NotSupport$/, 'the instance is on a dedicated host, where its type does not change', ANOTHER],
  [
    /^(InvalidInstance\.EipNotSupport|InvalidOperation\.InstanceWithEipNotSupport)$/,
    'this type does not go with the elastic address of the instance',
    ANOTHER,
  ],
]

const reasons: readonly Problem[] = REASONS.map(([when, text, hint]) => ({
  when,
  code: 'ECS_REFUSED',
  tell: () => text,
  hints: () => [hint],
}))

export const RESIZE_PROBLEMS: readonly Problem[] = [
  ...reasons,
  {
    when: /^InvalidInstanceStatus\.NotStopped$/,
    code: 'ECS_CONFLICT',
    tell: () => 'the instance is not stopped',
    hints: () => ['somebody else may have started it: try again'],
  },
]
