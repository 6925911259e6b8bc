/**
 * A cloud that stands in for EC2: moto as the API, behind a proxy of ours that refuses what EC2 refuses, takes its time, and
 * boots real hosts. It believes nothing the driver believes: what actions there are comes from AWS' own model, and `boto` asks
 * it back as somebody else. Written after EC2's documentation; where we know of no text of EC2's, the code of the error counts.
 */

import { type Call, Calls } from '../cloud/calls.ts'
import { CheckService } from '../cloud/check-service.ts'
import { Faults } from '../cloud/faults.ts'
import { type HostMaker, paperAddresses } from '../cloud/hosts.ts'
import { type CloudOptions, type HostedNow, known, makeClock, makerOf, type StandIn } from '../cloud/stand-in.ts'
import { runBoto } from './boto.ts'
import type { Own } from './faults.ts'
import { makeImages, motoImage } from './images.ts'
import { type Key, type Keys, makeKeys } from './keys.ts'
import { listInstances, listSpots, listThings } from './left.ts'
import { loadModel } from './model.ts'
import { startMoto } from './moto.ts'
import { startProxy } from './proxy.ts'
import type { StateName } from './states.ts'
import { dropDefaultVpc } from './vpc.ts'
import type { Delays, Quotas, World } from './world.ts'

export { whyNoMoto } from './venv.ts'
export type { Call, Key }

type Ec2Options = CloudOptions<HostMaker, Delays, Quotas>

export interface Ec2Cloud extends StandIn {
  readonly keys: Keys
  readonly calls: readonly Call[]
  readonly faults: Faults<Own>
  readonly delays: Delays
  readonly quotas: Quotas
  /** What is there and not in a fresh account, of all regions used: 'key-pair web', 'instance i-… running'. */
  left(): Promise<string[]>
  /** From now on what is there counts as fresh: what a test made for the driver to find. */
  markFresh(): Promise<void>
  instances(): HostedNow<StateName>[]
  /** Runs Python with boto3 (see boto.ts) against it: neither counted nor broken. `counted`: as any client, with the canary key. */
  boto<T = unknown>(
    script: string,
    options?: { counted?: boolean; key?: Key; region?: string; env?: Record<string, string> },
  ): Promise<T>
}

const DELAYS: Delays = {
  pending: 300,
  stopping: 300,
  shuttingDown: 300,
  terminatedSeen: 60_000,
  instanceUnseen: 0,
  groupUnseen: 0,
  keyUnseen: 0,
}
const QUOTAS: Quotas = { vcpus: 64, spotVcpus: 64, groupsPerVpc: 500, rulesPerGroup: 60 }

export async function startEc2(options: Ec2Options = {}): Promise<Ec2Cloud> {
  const { region = 'eu-central-1', say = () => {} } = options
  const maker = makerOf(options)
  await maker?.prepare(say)
  const { clock, now } = makeClock()
  const model = loadModel()
  const images = makeImages()
  await using stack = new AsyncDisposableStack()
  const moto = stack.use(await startMoto(model, images.map(motoImage)))
  const world: World = {
    model,
    moto,
    images,
    delays: { ...DELAYS, ...options.delays },
    quotas: { ...QUOTAS, ...options.quotas },
    instances: new Map(),
    spots: new Map(),
    tokens: new Map(),
    volumes: new Map(),
    madeAt: new Map(),
    launching: new Set(),
    maker,
    addresses: maker ?? paperAddresses(),
    say,
  }
  const settled = async () => {
    for (const each of world.instances.values()) await each.life.settled()
  }
  stack.defer(async () => {
    await Promise.allSettled(world.launching)
    await settled()
    for (const each of world.instances.values()) await each.host?.remove()
  })
  const keys = makeKeys(now)
  const asides = makeKeys(now)
  const rules = { calls: new Calls(), faults: new Faults<Own>(), denied: new Set<string>() }
  const check = new CheckService()
  const fresh = new Map<string, Promise<Set<string>>>()
  const enter = (asked: string) => {
    const begun =
      fresh.get(asked) ??
      (async () => {
        // moto makes a region when it is first asked, and not well when it is asked twice at that moment.
        await moto.call(asked, 'DescribeVpcs')
        if (options.defaultVpc === false) await dropDefaultVpc(asked, moto)
        return new Set(await listThings(asked, moto))
      })()
    fresh.set(asked, begun)
    return begun
  }
  const entered = async (asked: string) => void (await enter(asked))
  const proxy = stack.use(await startProxy(options.port ?? 0, { world, rules, keys, asides, check, now, entered }))
  await entered(region)
  const thereNow = async (asked: string) => [
    ...(await listInstances(asked, world)),
    ...(await listThings(asked, moto)),
    ...listSpots(asked, world),
  ]
  const end = stack.move()
  return {
    url: proxy.url,
    region,
    env: {
      AWS_ACCESS_KEY_ID: keys.canary.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.canary.secretAccessKey,
      AWS_DEFAULT_REGION: region,
      AWS_ENDPOINT: proxy.url,
      AWS_EC2_METADATA_DISABLED: 'true',
      MACHINE_AMAZONEC2_CHECK_URL: `${proxy.url}/check-address`,
    },
    keys,
    calls: rules.calls.list,
    faults: rules.faults,
    check,
    clock,
    delays: world.delays,
    quotas: world.quotas,
    get killed() {
      return rules.calls.killed
    },
    deny: (...actions) => void actions.map(action => rules.denied.add(action)),
    allow: (...actions) => void actions.map(action => rules.denied.delete(action)),
    killAt: (n, when, kill, action) => rules.calls.killAt({ n, when, kill, action }),
    async left() {
      const lists = [...fresh].map(async ([each, before]) => {
        const was = await before
        return (await thereNow(each)).filter(thing => !was.has(thing))
      })
      return (await Promise.all(lists)).flat()
    },
    async markFresh() {
      for (const each of fresh.keys()) fresh.set(each, Promise.resolve(new Set(await thereNow(each))))
    },
    instances: () =>
      [...world.instances.values()].map(
        ({ id, region: where, life, privateAddress, publicAddress, host, reboots }) => ({
          id,
          region: where,
          state: life.state,
          privateAddress,
          publicAddress,
          host,
          reboots,
        }),
      ),
    settled,
    takeAway: id =>
      known(id, world.instances).life.terminate({
        Code: 'Server.SpotInstanceTermination',
        Message: 'Server.SpotInstanceTermination: Spot instance termination',
      }),
    stopFromInside: id => {
      const { life, asked } = known(id, world.instances)
      if (asked.InstanceInitiatedShutdownBehavior === 'terminate') life.terminate(FROM_INSIDE)
      else life.stop({ why: FROM_INSIDE })
    },
    boto: (script, { counted = false, key, region: where = region, env = {} } = {}) =>
      runBoto(script, { key: key ?? (counted ? keys.canary : asides.canary), url: proxy.url, region: where, env }),
    [Symbol.asyncDispose]: () => end.disposeAsync(),
  }
}

const FROM_INSIDE = {
  Code: 'Client.InstanceInitiatedShutdown',
  Message: 'Client.InstanceInitiatedShutdown: Instance initiated shutdown',
}
