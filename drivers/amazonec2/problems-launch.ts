/**
 * Why an instance ended while it was launched, or without our asking: the codes of its StateReason, which begin with
 * Client. or Server. Each completes "the instance was terminated: …". AWS's words stand in the test.
 */
import type { Problem } from './problem.ts'

export const LAUNCH_PROBLEMS: readonly Problem[] = [
  {
    when: /^InternalError$/,
    says: /Client error on launch|KMS|encrypt/i,
    code: 'EC2_REFUSED',
    tell: () => 'its volume could not be made, most often because it could not be encrypted',
    hints: () => [
      'check --amazonec2-volume-kms-key (or the account’s default key): enabled, in this region, and yours to use (kms:CreateGrant)',
    ],
  },
  {
    when: /^InternalError$/,
    code: 'EC2_SERVICE',
    tell: () => 'AWS had trouble of its own',
    hints: () => ['try again, in another zone if it happens twice'],
  },
  {
    when: /^InsufficientInstanceCapacity$/,
    code: 'EC2_CAPACITY',
    tell: () => 'AWS has no capacity of this type left there',
    hints: () => ['name further types (--amazonec2-instance-type a,b) or zones'],
  },
  {
    when: /^VolumeLimitExceeded$/,
    code: 'EC2_QUOTA',
    tell: () => 'the volumes of the account would be more than it may have',
    hints: () => ['delete volumes that nothing uses, or ask for a smaller --amazonec2-root-size'],
  },
  {
    when: /^InvalidSnapshot\.NotFound$/,
    code: 'EC2_NOT_FOUND',
    tell: () => 'a snapshot of its image is gone',
    hints: () => ['take another image: --amazonec2-ami'],
  },
  {
    when: /^SpotInstance(Termination|Shutdown)$/,
    code: 'EC2_CAPACITY',
    tell: () => 'AWS took the spot instance back',
    hints: () => ['name further types or zones, offer more with --amazonec2-spot-price, or go without spot'],
  },
  {
    when: /^UserInitiated/,
    code: 'EC2_CONFLICT',
    tell: () => 'somebody of this account ended it',
    hints: () => ['`rm` forgets the machine'],
  },
  {
    when: /^InstanceInitiated/,
    code: 'EC2_CONFLICT',
    tell: () => 'it shut itself down, and is set to end then',
    hints: () => ['`rm` forgets the machine'],
  },
  {
    when: /^ScheduledStop$/,
    code: 'EC2_CONFLICT',
    tell: () => 'AWS retired the hardware it ran on',
    hints: () => ['`rm` forgets the machine'],
  },
]
