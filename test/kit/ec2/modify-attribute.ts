/** ModifyInstanceAttribute: one attribute a call, and what a type must fit for an instance to have it. */
import type { Data } from '../cloud/data.ts'
import { refuseUnless } from '../cloud/problem.ts'
import { readType, type TypeFacts } from './launch-place.ts'
import { type Ask, type Effect, type Instance, instanceOf, type World } from './world.ts'

/** Those that want a stopped instance. */
const STOPPED = ['InstanceType', 'UserData', 'EbsOptimized', 'EnaSupport', 'Kernel', 'Ramdisk']

export async function modifyAttribute(ask: Ask, world: World): Promise<Effect> {
  const { InstanceId: id, DryRun: _, ...attributes } = ask.parameters as Record<string, Data | undefined>
  const instance = instanceOf(String(id), ask.region, world)
  const names = Object.keys(attributes)
  refuseUnless(names.length > 0, 'InvalidParameterCombination', 'No attributes specified.')
  refuseUnless(
    names.length === 1,
    'InvalidParameterCombination',
    `Fields for multiple attribute types specified: ${names.join(', ')}`,
  )
  refuseUnless(
    !STOPPED.some(name => names.includes(name)) || instance.life.state === 'stopped',
    'IncorrectInstanceState',
    `The instance '${instance.id}' is not in the 'stopped' state.`,
  )
  const { InstanceType: type, DisableApiTermination: protection } = attributes
  const facts = type && (await fitting(instance, String(type.Value), world))
  return async () => {
    const answer = await world.moto.call(ask.region, ask.action, ask.parameters)
    if (protection) instance.protected = protection.Value === true
    if (facts) {
      Object.assign(instance.asked, { InstanceType: facts.name })
      instance.vcpus = facts.vcpus
    }
    return answer as Data
  }
}

/** AWS documents no code for each of these: those that its users were told stand here, and its guide's reasons. */
async function fitting(instance: Instance, name: string, world: World): Promise<TypeFacts> {
  const no = 'InvalidInstanceAttributeValue'
  refuseUnless(
    !instance.spot,
    'UnsupportedOperation',
    `The instance type of the Spot Instance '${instance.id}' cannot be modified.`,
  )
  const facts = await readType(name, instance.region, world).catch(() => undefined)
  refuseUnless(facts, no, `The instance type '${name}' is invalid.`)
  const fits = facts.architectures.includes(instance.image?.Architecture ?? 'x86_64')
  refuseUnless(fits, no, `Modifying the instance type from ${instance.asked.InstanceType} to ${name} is not allowed.`)
  return facts
}
