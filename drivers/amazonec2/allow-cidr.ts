/** From where a machine may be reached: `--amazonec2-allow-cidr auto|CIDR…`. */
import { AWS_ADDRESS_SERVICES } from '../../provisioning/mirrors.ts'
import * as shared from '../cloud/allow-cidr.ts'
import type { Ctx } from '../driver.ts'

export type { Ranges } from '../cloud/allow-cidr.ts'

export interface AllowAsk {
  /** What was typed; empty: `auto`. */
  readonly words: readonly string[]
  /** `--amazonec2-check-url`; absent: MACHINE_AMAZONEC2_CHECK_URL, else AWS's own service. */
  readonly checkUrl?: string | undefined
  /** Reached by its private address: `auto` is the VPC's ranges then. */
  readonly privateOnly?: boolean
  readonly vpcRanges: shared.Ranges
  /** Reached over IPv6 alone: `auto` must be an IPv6 address. */
  readonly ipv6Only?: boolean
}

/** Checks what was typed, without asking anybody: throws UsageError. `auto` tells whether it is among it. */
export function parseAllowCidr(words: readonly string[]): shared.Ranges & { auto: boolean } {
  return shared.parseAllowCidr(words, 'amazonec2')
}

/** The ranges to let in, normalised, each once. At most one request to the check service; throws naming the flag. */
export async function allowedRanges(ask: AllowAsk, ctx: Pick<Ctx, 'env' | 'signal'>): Promise<shared.Ranges> {
  const { checkUrl, vpcRanges, ...rest } = ask
  const url = checkUrl || ctx.env.MACHINE_AMAZONEC2_CHECK_URL
  const checkUrls = url ? { v4: url, v6: url } : AWS_ADDRESS_SERVICES
  return await shared.allowedRanges({ ...rest, driver: 'amazonec2', checkUrls, networkRanges: vpcRanges }, ctx)
}
