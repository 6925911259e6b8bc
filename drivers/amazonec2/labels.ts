/** Labels of a machine as tags of its instance. */
import { UsageError } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import { connect } from './api.ts'
import { accessOf, type State } from './state.ts'
import { checkTags, tagList } from './tags.ts'

/** EC2 takes no more in one call. */
const AT_ONCE = 40

/** Sets these tags and keeps the others. */
export async function updateLabels(state: State, labels: Readonly<Record<string, string>>, ctx: Ctx): Promise<void> {
  checkTags(labels, '--label')
  if (!state.InstanceId) throw new UsageError(`machine "${ctx.name}" has no instance to label`)
  const ec2 = await connect(accessOf(state), ctx)
  const tags = tagList(labels)
  for (let i = 0; i < tags.length; i += AT_ONCE)
    await ec2.call('CreateTags', { Resources: [state.InstanceId], Tags: tags.slice(i, i + AT_ONCE) })
  ctx.point('ec2 labels set')
}
