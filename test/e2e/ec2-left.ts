/** What is left at the stand-in EC2 cloud, by kind: ids differ each time. */
import type { Ec2Cloud } from '../kit/ec2/cloud.ts'

/** What one spot machine has there, each of it once. */
export const ONE_SPOT_MACHINE = [
  'instance',
  'key-pair',
  'network-interface',
  'security-group',
  'spot-request',
  'volume',
]

export const kindsOf = (things: readonly string[]) => things.map(thing => thing.split(' ')[0]).sort()
export const kindsLeft = async (cloud: Ec2Cloud) => kindsOf(await cloud.left())
