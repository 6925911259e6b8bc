/**
 * Where test hosts live: subnets of 198.19.0.0/16 and a folder, which nothing but tests uses. Runs side by side (a second
 * checkout, CI beside a developer) take different slots, MACHINE_TEST_SLOT from 0 to 3. In each, two files run at a time:
 * jest's workers take a lane each, of 32 subnets and a folder.
 */
const slot = Number(process.env.MACHINE_TEST_SLOT ?? 0)
if (!(Number.isInteger(slot) && slot >= 0 && slot < 4)) throw new Error('MACHINE_TEST_SLOT is a number from 0 to 3')
const lane = slot * 2 + (Number(process.env.JEST_WORKER_ID ?? 1) - 1)

/** State folders of hosts lie in here; test/kit/sweep.sh empties it. */
export const TEST_STATE = `/var/lib/machine-test/${lane}`

/** Subnets by use. In a lane files run one after the other, so those with the same use share one. */
const USES = { dev: 10, contract: 14, generic: 20, bench: 24, crash: 30, faults: 31 }

/** The subnet of a use, an IPv4 /24 in CIDR notation. */
export function testSubnet(use: keyof typeof USES): string {
  return `198.19.${lane * 32 + USES[use]}.0/24`
}
