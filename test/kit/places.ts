/**
 * Where test hosts live: subnets of 198.19.0.0/16 and a folder, which nothing but tests uses. Runs side by side (a second
 * checkout, CI beside a developer) take different slots, MACHINE_TEST_SLOT from 0 to 7: 32 subnets and a folder each.
 */
const slot = Number(process.env.MACHINE_TEST_SLOT ?? 0)
if (!(Number.isInteger(slot) && slot >= 0 && slot < 8)) throw new Error('MACHINE_TEST_SLOT is a number from 0 to 7')

/** State folders of hosts lie in here; test/kit/sweep.sh empties it. */
export const TEST_STATE = `/var/lib/machine-test/${slot}`

/** Subnets by use. Files run one after the other, so those with the same use share one. */
const USES = { dev: 10, contract: 14, generic: 20, bench: 24, crash: 30, faults: 31 }

/** The subnet of a use, an IPv4 /24 in CIDR notation. */
export function testSubnet(use: keyof typeof USES): string {
  return `198.19.${slot * 32 + USES[use]}.0/24`
}
