/** What a person should know of settings that are taken, and do little or something else than they say. */
import type { Ctx } from '../driver.ts'
import type { Ec2Config } from './flags.ts'
import type { Plan } from './plan.ts'

export function tellAbout(config: Ec2Config, plan: Plan, ctx: Pick<Ctx, 'say'>): void {
  for (const text of warnings(config, plan)) ctx.say({ type: 'warn', text })
}

function* warnings(config: Ec2Config, { settings, candidates }: Plan): Generator<string> {
  const [{ image }] = candidates
  if (config.blockDurationMinutes)
    yield '--amazonec2-block-duration-minutes has no effect: EC2 no longer sells spot instances by the block'
  if (config.securityGroupReadonly && config.openPort?.length)
    yield '--amazonec2-open-port opens nothing: --amazonec2-security-group-readonly says to change no group'
  if (config.httpEndpoint === 'disabled')
    yield '--amazonec2-http-endpoint disabled keeps cloud-init from reading the SSH key: the image must let you in by itself'
  if (config.metadataToken === 'optional')
    yield '--amazonec2-metadata-token optional: a program on the host that can be made to fetch a URL can give its instance role away'
  if (settings.root.device !== undefined && settings.root.device !== image.rootDevice)
    yield `--amazonec2-device-name ${settings.root.device} is not the root volume of image ${image.id}, that is ${image.rootDevice}: the host gets one more volume`
  if (settings.ssh.user === undefined && image.sshUser === undefined)
    yield `image ${image.id} does not tell whom its SSH lets in, so it is tried as "ubuntu": --amazonec2-ssh-user says otherwise`
}
