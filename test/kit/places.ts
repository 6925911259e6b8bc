/**
 * Where test hosts live: subnets of 198.19.0.0/16 and a folder, which nothing but tests uses. Runs side by side (a second
 * checkout, CI beside a developer) take different slots, MACHINE_TEST_SLOT from 0 to 2. In each, four files run at a time:
 * jest's workers take a lane each, of 21 subnets and a folder. sweep.sh counts lanes in the same way.
 */
/** Files at a time. Hosts wait more than they work: three leave two processors idle for a fifth of the time. */
export const LANES = 4
const slot = Number(process.env.MACHINE_TEST_SLOT ?? 0)
if (!(Number.isInteger(slot) && slot >= 0 && slot < 3)) throw new Error('MACHINE_TEST_SLOT is a number from 0 to 2')
/** Which of the twelve lanes this process is in. */
export const lane = slot * LANES + (Number(process.env.JEST_WORKER_ID ?? 1) - 1)

/** State folders of hosts lie in here; test/kit/sweep.sh empties it. */
export const TEST_STATE = `/var/lib/machine-test/${lane}`

/** Subnets by use. In a lane files run one after the other, so those with the same use share one. */
const USES = {
  dev: 1,
  contract: 3,
  generic: 5,
  bench: 7,
  ec2: 9,
  aliyun: 11,
  crash: 13,
  faults: 15,
  virtualbox: 17,
  vagrant: 19,
}

/** The subnet of a use, an IPv4 /24 in CIDR notation. */
export function testSubnet(use: keyof typeof USES): string {
  return `198.19.${lane * 21 + USES[use]}.0/24`
}
