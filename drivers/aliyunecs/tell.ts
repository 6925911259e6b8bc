/** What a person should know of settings that are taken, and do little or something else than they say. */
import type { Ctx } from '../driver.ts'
import type { EcsConfig } from './flags.ts'
import type { Plan } from './plan.ts'

export function tellAbout(config: EcsConfig, plan: Plan, ctx: Pick<Ctx, 'say' | 'env'>): void {
  for (const text of warnings(config, plan, ctx.env)) ctx.say({ type: 'warn', text })
}

function* warnings(config: EcsConfig, { settings }: Plan, env: Ctx['env']): Generator<string> {
  if (config.upgradeKernel)
    yield '--aliyunecs-upgrade-kernel has no effect: it was for Ubuntu 14.04, whose kernels had no overlay file system'
  if (env.ECS_SSH_PASSWORD)
    yield '--aliyunecs-ssh-password is not used, and sent nowhere: machines are logged in to by their key'
  if (config.internetMaxBandwidth === 0 && !settings.privateOnly)
    yield '--aliyunecs-internet-max-bandwidth 0 counts as 1, as it always did: --aliyunecs-private-address-only is what has no public address'
  if (settings.ioOptimized === 'none') yield '--aliyunecs-io-optimized none: only types that are no longer sold are so'
  if (config.httpEndpoint === 'disabled')
    yield '--aliyunecs-http-endpoint disabled keeps cloud-init from reading the SSH key: the image must let you in by itself'
  if (config.metadataToken === 'optional')
    yield '--aliyunecs-metadata-token optional: a program on the host that can be made to fetch a URL can give its RAM role away'
  if (settings.stopCharging && !settings.eip && !settings.privateOnly)
    yield '--aliyunecs-stopped-mode stop-charging may give the machine another address with each start: --aliyunecs-eip keeps it'
}
