/** Labels of a machine as tags of its instance. */
import { UsageError } from '../../src/errors.ts'
import { checkTags } from '../cloud/tags.ts'
import type { Ctx } from '../driver.ts'
import { connect } from './api.ts'
import { accessOf, type State } from './state.ts'
import { TAG_LIMITS, tagList } from './tags.ts'

/** Sets these tags and keeps the others. */
export async function updateLabels(state: State, labels: Readonly<Record<string, string>>, ctx: Ctx): Promise<void> {
  checkTags(labels, '--label', TAG_LIMITS)
  if (!state.InstanceId) throw new UsageError(`machine "${ctx.name}" has no instance to label`)
  if (Object.keys(labels).length === 0) return
  const ecs = await connect(accessOf(state), ctx)
  await ecs.call('TagResources', { ResourceType: 'instance', ResourceId: [state.InstanceId], Tag: tagList(labels) })
  ctx.point('ecs labels set')
}
