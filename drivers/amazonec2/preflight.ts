/** Whether a create can work, found out without making anything. */
import { generateKeyPair } from '../../src/ssh/keys.ts'
import { providerCode } from '../cloud/failure.ts'
import type { Ctx } from '../driver.ts'
import { connect, type Ec2 } from './api.ts'
import type { Ec2Config } from './flags.ts'
import { launchInput } from './launch-input.ts'
import { worthTrying } from './outcomes.ts'
import { type Plan, planFor } from './plan.ts'
import { TAG_STORE, tagList } from './tags.ts'
import { tellAbout } from './tell.ts'

/** Plans the create, and asks EC2 (DryRun) whether what it needs is allowed, as far as that can be asked before there are ids. */
export async function preflight(config: Ec2Config, ctx: Ctx): Promise<void> {
  const plan = await planFor(config, ctx)
  tellAbout(config, plan, ctx)
  const ec2 = await connect(plan.settings.access, ctx)
  await Promise.all([mayLaunch(ec2, plan, ctx), mayImportKey(ec2, plan, ctx), mayMakeGroups(ec2, plan, ctx)])
}

/** Asked with its tags, it says as well whether those may be set. */
async function mayLaunch(ec2: Ec2, plan: Plan, ctx: Ctx): Promise<void> {
  const { settings, candidates, userData, template } = plan
  const input = launchInput(settings, {
    candidate: candidates[0],
    groupIds: plan.groups.found.map(group => group.id),
    ...(settings.key.pair ? { keyName: settings.key.pair } : {}),
    userData,
    template,
    name: ctx.name,
    storeId: ctx.storeId,
  })
  await ec2.allowed('RunInstances', input).catch(error => {
    // The next candidate may do: the launch itself will tell.
    if (worthTrying(error, candidates).length === 0) throw error
  })
}

async function mayImportKey(ec2: Ec2, { settings, ownKey }: Plan, ctx: Ctx): Promise<void> {
  if (settings.key.pair !== undefined) return
  const line = ownKey?.publicLine ?? (await generateKeyPair('ed25519', ctx.name)).publicLine
  await ec2.allowed('ImportKeyPair', {
    KeyName: `${ctx.name}-${ctx.storeId}`,
    PublicKeyMaterial: Buffer.from(line),
    TagSpecifications: [{ ResourceType: 'key-pair', Tags: tagList({ [TAG_STORE]: ctx.storeId }) }],
  })
}

async function mayMakeGroups(ec2: Ec2, { groups, network }: Plan, ctx: Ctx): Promise<void> {
  const [name] = groups.missing
  if (name === undefined) return
  const asked = ec2.allowed('CreateSecurityGroup', {
    GroupName: name,
    Description: 'Docker Machine',
    VpcId: network.vpcId,
    TagSpecifications: [{ ResourceType: 'security-group', Tags: tagList({ [TAG_STORE]: ctx.storeId }) }],
  })
  await asked.catch(error => {
    // Another create has just made it: `create` will take that one.
    if (providerCode(error) !== 'InvalidGroup.Duplicate') throw error
  })
}
