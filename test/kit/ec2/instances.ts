/** Instances: described as they are by now, and moved from state to state. */
import type { Instance as Described, Reservation } from '@aws-sdk/client-ec2'
import type { Data } from '../cloud/data.ts'
import { Problem, refuseUnless } from '../cloud/problem.ts'
import { describeList, matchesFilters } from './describe.ts'
import { complete } from './instance-view.ts'
import { modifyAttribute } from './modify-attribute.ts'
import { type Ask, type Effect, type Handlers, type Instance, instanceOf, isSeen, type World } from './world.ts'

/** Those named, all of them there; or all that are seen. */
function named(ask: Ask, world: World): Instance[] {
  const ids = ask.parameters.InstanceIds as string[] | undefined
  if (ids && ids.length > 0) return [...new Set(ids)].map(id => instanceOf(id, ask.region, world))
  return [...world.instances.values()].filter(i => i.region === ask.region && isSeen(i, world))
}

async function describeInstances(ask: Ask, world: World): Promise<Effect> {
  refuseUnless(
    ask.parameters.InstanceIds === undefined || ask.parameters.MaxResults === undefined,
    'InvalidParameterCombination',
    'The parameter instancesSet cannot be used with the parameter maxResults',
  )
  checkPage(ask, 5, 1000)
  const passes = matchesFilters(ask)
  const wanted = new Set(named(ask, world).map(each => each.id))
  return async () => {
    if (wanted.size === 0) return { Reservations: [] }
    const all = await world.moto.call<{ Reservations: Reservation[] }>(ask.region, 'DescribeInstances', {
      InstanceIds: [...wanted],
    })
    const reservations = all.Reservations.map(each => ({
      ...each,
      Instances: (each.Instances ?? [])
        .map(described => ({ described, instance: world.instances.get(described.InstanceId ?? '') }))
        .flatMap(({ described, instance }) => (instance ? [complete(described, instance)] : []))
        .filter(described => passes(described as unknown as Data)),
    })).filter(each => each.Instances.length > 0)
    return describeList('Reservations', reservations as unknown as Data[], ask)
  }
}

/** MaxResults has bounds. */
function checkPage(ask: Ask, least: number, most: number): void {
  const size = ask.parameters.MaxResults as number | undefined
  refuseUnless(
    size === undefined || (size >= least && size <= most),
    'InvalidParameterValue',
    `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value between ${least} and ${most}.`,
  )
}

function describeStatus(ask: Ask, world: World): Effect {
  const all = ask.parameters.IncludeAllInstances === true
  const chosen = named(ask, world).filter(each => all || each.life.state === 'running')
  return async () => {
    const { Reservations: made } = await world.moto.call<{ Reservations: Reservation[] }>(
      ask.region,
      'DescribeInstances',
      {
        InstanceIds: chosen.length > 0 ? chosen.map(each => each.id) : undefined,
      },
    )
    const zones = new Map(
      made.flatMap(r => r.Instances ?? []).map(i => [i.InstanceId, i.Placement?.AvailabilityZone ?? '']),
    )
    const statuses = chosen.map(({ id, life }) => {
      const status = life.state === 'running' ? 'ok' : 'not-applicable'
      const summary = {
        Status: status,
        Details: [{ Name: 'reachability', Status: status === 'ok' ? 'passed' : 'initializing' }],
      }
      return {
        InstanceId: id,
        AvailabilityZone: zones.get(id) ?? '',
        InstanceState: { ...life.now },
        InstanceStatus: summary,
        SystemStatus: summary,
      }
    })
    return describeList('InstanceStatuses', statuses, ask)
  }
}

/** A verb over all named: all may, or none does. */
function change(list: string, may: (each: Instance) => void, act: (each: Instance) => void) {
  return (ask: Ask, world: World): Effect => {
    refuseUnless(
      (ask.parameters.InstanceIds as string[]).length > 0,
      'MissingParameter',
      'The request must contain the parameter InstanceId',
    )
    const chosen = named(ask, world)
    for (const each of chosen) may(each)
    return async () => {
      const before = chosen.map(each => each.life.now)
      for (const each of chosen) act(each)
      const states = chosen.map((each, i) => ({
        InstanceId: each.id,
        CurrentState: { ...each.life.now },
        PreviousState: { ...(before[i] ?? each.life.now) },
      }))
      return list === '' ? {} : { [list]: states }
    }
  }
}

function mayStop({ id, life, spot, asked }: Instance): void {
  refuseUnless(
    !spot?.once,
    'UnsupportedOperation',
    `You can't stop the Spot Instance '${id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
  )
  refuseUnless(
    asked.DisableApiStop !== true,
    'OperationNotPermitted',
    `The instance '${id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
  )
  if (life.state !== 'stopped' && life.state !== 'stopping') life.mustRun('stopped')
}

function mayStart({ id, life, spot }: Instance): void {
  refuseUnless(
    !spot?.once,
    'UnsupportedOperation',
    `You can't start the Spot Instance '${id}' because it is associated with a one-time Spot Instance request.`,
  )
  if (/^(stopping|shutting-down|terminated)$/.test(life.state)) life.mustRun('started')
}

function mayTerminate({ id, protected: isProtected, life }: Instance): void {
  refuseUnless(
    !isProtected || life.state === 'terminated',
    'OperationNotPermitted',
    `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
  )
}

export const instanceHandlers: Handlers = {
  DescribeInstances: describeInstances,
  DescribeInstanceStatus: describeStatus,
  StartInstances: change('StartingInstances', mayStart, each => each.life.start()),
  StopInstances: (ask, world) =>
    change('StoppingInstances', mayStop, each => each.life.stop({ force: ask.parameters.Force === true }))(ask, world),
  TerminateInstances: change('TerminatingInstances', mayTerminate, each => each.life.terminate()),
  RebootInstances: change(
    '',
    each => each.life.mustRun('rebooted'),
    each => {
      each.reboots += 1
      each.host?.reboot().catch(error => console.error(`the reboot of ${each.id} failed: ${error}`))
    },
  ),
  ModifyInstanceMetadataOptions: (ask, world) => {
    const { InstanceId: id, DryRun: _, ...options } = ask.parameters
    const instance = instanceOf(String(id), ask.region, world)
    return async () => {
      const answer = await world.moto.call(ask.region, ask.action, ask.parameters)
      Object.assign(instance.asked, { MetadataOptions: { ...instance.asked.MetadataOptions, ...options } })
      return answer
    }
  },
  ModifyInstanceAttribute: modifyAttribute,
  DescribeInstanceAttribute: (ask, world) => {
    const instance = instanceOf(String(ask.parameters.InstanceId), ask.region, world)
    return async () => {
      if (ask.parameters.Attribute === 'disableApiTermination')
        return { InstanceId: instance.id, DisableApiTermination: { Value: instance.protected } }
      return world.moto.call(ask.region, ask.action, ask.parameters)
    }
  },
  DescribeInstanceCreditSpecifications: (ask, world) => {
    const chosen = named(ask, world).filter(each => /^t\d/.test(each.asked.InstanceType ?? ''))
    return async () => {
      const list = chosen.map(({ id, asked }) => ({
        InstanceId: id,
        CpuCredits:
          asked.CreditSpecification?.CpuCredits ?? (/^t2\./.test(asked.InstanceType ?? '') ? 'standard' : 'unlimited'),
      }))
      return describeList('InstanceCreditSpecifications', list, ask)
    }
  },
  GetConsoleOutput: (ask, world) => {
    const instance = instanceOf(String(ask.parameters.InstanceId), ask.region, world)
    return async () => {
      const text = (await instance.host?.console()) ?? ''
      return {
        InstanceId: instance.id,
        Timestamp: new Date().toISOString(),
        Output: Buffer.from(text.slice(-65_536)).toString('base64'),
      }
    }
  },
  GetInstanceMetadataDefaults: () => async () => ({ AccountLevel: {} }),
}

/** Launches by other doors than RunInstances would make instances this cloud knows nothing of. */
const OTHER_DOORS = [
  'RequestSpotInstances',
  'RequestSpotFleet',
  'CreateFleet',
  'ImportInstance',
  'RunScheduledInstances',
]
export const closedDoors: Handlers = Object.fromEntries(
  OTHER_DOORS.map(action => [
    action,
    () => {
      throw new Problem('KitNotImplemented', `the stand-in cloud launches through RunInstances only, not ${action}`)
    },
  ]),
)

export type { Described }
