/** The stand-in Alibaba Cloud with states that last long enough to be seen, also on a busy computer. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach } from '@jest/globals'
import type { Sent } from '../kit/aliyun/client.ts'
import { type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import { codeOf, findPlace, type Place } from '../kit/aliyun/first-steps.ts'

/** How long each state lasts, in ms. */
export const LONG = 400
const STATES = ['pending', 'starting', 'stopping', 'deleting', 'groupHeld', 'vpc', 'vswitch', 'eip', 'route']

interface SlowCloud {
  readonly cloud: AliyunCloud
  readonly place: Place
  /** What most requests have. */
  readonly R: { readonly RegionId: string }
  /** The code of an answer of ECS. */
  ecs(action: string, parameters: Sent): Promise<string>
  /** An answer of VPC. */
  vpc<T>(action: string, parameters: Sent): Promise<T>
}

/** Gives each test of the file a cloud of its own: the function returned is called in the test. */
export function slowClouds(): () => SlowCloud {
  let cloud: AliyunCloud
  let place: Place
  beforeEach(async () => {
    cloud = await startAliyun({ delays: Object.fromEntries(STATES.map(state => [state, LONG])) })
    place = await findPlace(cloud)
  })
  afterEach(() => cloud[Symbol.asyncDispose]())
  return () => ({
    cloud,
    place,
    R: { RegionId: place.RegionId },
    ecs: (action, parameters) => codeOf(cloud.ask(action, parameters)),
    vpc: (action, parameters) => cloud.ask(action, parameters, { service: 'vpc' }),
  })
}

/** Until a state that takes its time is over. */
export const pass = (times = 1) => sleep(LONG * times + 50)
