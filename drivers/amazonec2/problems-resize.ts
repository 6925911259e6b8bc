/** What EC2 says of a type that an instance cannot have. AWS's own words stand in the test. */
import type { Problem } from './problem.ts'

const OTHER = 'take another --amazonec2-instance-type, or make another machine of that type'

export const RESIZE_PROBLEMS: readonly Problem[] = [
  {
    when: /^InvalidInstanceAttributeValue$/,
    says: /instance type from (\S+ to \S+) is not allowed/,
    code: 'EC2_REFUSED',
    tell: (_, __, types) => `EC2 does not change an instance from ${types}`,
    hints: () => [OTHER],
  },
  {
    when: /^InvalidInstanceAttributeValue$/,
    code: 'EC2_REFUSED',
    tell: f => `EC2 does not give the instance this type: ${f.message.replace(/\.$/, '')}`,
    hints: () => [OTHER],
  },
  {
    when: /^InvalidParameterCombination$/,
    says: /\(ENA\) is required for the '([^']+)' instance type/,
    code: 'EC2_REFUSED',
    tell: (_, __, type) => `instance type ${type} needs an image with a driver for ENA, and the image has none`,
    hints: () => ['take a type of an older generation, as t2 or m4, or make another machine of a newer image'],
  },
]
