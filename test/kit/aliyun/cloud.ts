/**
 * A cloud that stands in for Alibaba Cloud's: ECS, VPC, SLB and STS with what a machine's life needs of them, written after the
 * API's documentation, which each table of parameters cites. It believes nothing the driver believes: what it refuses is what the
 * documentation refuses, and what no good client sends. Where no page tells the code of an error, ours has the name that says it.
 */
import { Calls } from '../cloud/calls.ts'
import { CheckService } from '../cloud/check-service.ts'
import { Faults } from '../cloud/faults.ts'
import { listen } from '../cloud/serve.ts'
import { known, makeClock, makerOf } from '../cloud/stand-in.ts'
import { Api } from './api.ts'
import type { AliyunAbout, AliyunCall } from './calls.ts'
import { request } from './client.ts'
import type { Own } from './faults.ts'
import { makeWorld } from './fresh-world.ts'
import { Gateway } from './gateway.ts'
import { handlersOf } from './handlers/index.ts'
import { type Key, makeKeys } from './keys.ts'
import { listThings } from './left.ts'
import { Metadata } from './metadata.ts'
import type { AliyunCloud, AliyunOptions, InstanceNow } from './seen.ts'
import { type ServerParts, serveApi } from './server.ts'
import type { Service } from './tables/index.ts'
import { type Instance, newId, type World } from './world.ts'

export type { AliyunCall, AliyunCloud, Key }

async function settle({ instances, tasks }: World): Promise<void> {
  for (const each of instances.values()) await each.life.settled()
  await Promise.all(tasks)
}

const viewOf = (i: Instance): InstanceNow => ({
  id: i.id,
  name: i.name,
  region: i.region,
  zone: i.zone,
  state: i.life.state,
  privateAddress: i.privateAddress,
  publicAddress: i.publicAddress,
  eip: i.eip?.address,
  host: i.host,
  reboots: i.reboots,
  tags: Object.fromEntries(i.tags),
})

export async function startAliyun(options: AliyunOptions = {}): Promise<AliyunCloud> {
  const { port = 0 } = options
  const maker = makerOf(options)
  const world = makeWorld(options, maker)
  await maker?.prepare(world.say)
  const { clock, now } = makeClock()
  const keys = makeKeys(now)
  const asideKeys = makeKeys(Date.now)
  const calls = new Calls<AliyunAbout>()
  const faults = new Faults<Own>()
  const metadata = new Metadata(keys)
  const check = new CheckService()
  const defaultVpc = options.defaultVpc !== false
  const api = new Api(world, new Gateway(keys, now), handlersOf(keys), faults, defaultVpc)
  const aside = new Api(world, new Gateway(asideKeys, Date.now), handlersOf(asideKeys), new Faults<Own>(), defaultVpc)
  let fresh = new Set<string>()
  const left = () => listThings(world).filter(thing => !fresh.has(thing))
  const parts: ServerParts = { calls, api, asides: { api: aside, keys: asideKeys }, check, billable: left, now }

  await using stack = new AsyncDisposableStack()
  stack.defer(async () => {
    await settle(world)
    for (const each of world.instances.values()) await each.host?.remove()
  })
  const serve = async (service: Service, on: number, orAny: boolean) =>
    stack.use(await listen((request, response) => serveApi(service, request, response, parts), { port: on, orAny }))
  const ecs = await serve('ecs', port, false)
  const beside = (n: number) => (port === 0 ? 0 : port + n)
  const vpc = await serve('vpc', beside(1), true)
  const slb = await serve('slb', beside(2), true)
  const sts = await serve('sts', beside(3), true)
  const imds = stack.use(
    await listen((request, response) => metadata.serve(request, response), { port: beside(4), orAny: true }),
  )
  const urls: Readonly<Record<Service, string>> = { ecs: ecs.url, vpc: vpc.url, slb: slb.url, sts: sts.url }
  const balancer = { id: newId('lb'), region: world.region, address: '198.51.100.254', backends: [] }
  world.balancers.set(balancer.id, balancer)
  const end = stack.move()
  return {
    url: ecs.url,
    vpcUrl: vpc.url,
    slbUrl: slb.url,
    stsUrl: sts.url,
    metadataUrl: imds.url,
    checkUrl: `${ecs.url}/check-address`,
    region: world.region,
    env: {
      ECS_ENDPOINT: ecs.url,
      ECS_ACCESS_KEY_ID: keys.canary.accessKeyId,
      ECS_ACCESS_KEY_SECRET: keys.canary.accessKeySecret,
      ECS_REGION: world.region,
      MACHINE_ALIYUNECS_VPC_ENDPOINT: vpc.url,
      MACHINE_ALIYUNECS_SLB_ENDPOINT: slb.url,
      MACHINE_ALIYUNECS_STS_ENDPOINT: sts.url,
      MACHINE_ALIYUNECS_CHECK_URL: `${ecs.url}/check-address`,
      MACHINE_ALIYUNECS_METADATA_URL: imds.url,
    },
    keys,
    calls: calls.list,
    complaints: api.complaints,
    faults,
    stock: world.stock,
    check,
    metadata,
    roles: world.roles,
    slbId: balancer.id,
    clock,
    delays: world.delays,
    quotas: world.quotas,
    get killed() {
      return calls.killed
    },
    deny: (...actions) => void actions.map(action => api.denied.add(action)),
    allow: (...actions) => void actions.map(action => api.denied.delete(action)),
    killAt: (n, when, kill, action) => calls.killAt({ n, when, kill, action }),
    left,
    markFresh() {
      fresh = new Set(listThings(world))
    },
    instances: () => [...world.instances.values()].filter(i => i.life.goneAt === undefined).map(viewOf),
    settled: () => settle(world),
    takeAway: id => known(id, world.instances).life.release(true),
    lock: (id, reason) => Object.assign(known(id, world.instances), { lock: reason }),
    stopFromInside: id => known(id, world.instances).life.stop(false),
    ask: (action, parameters = {}, { counted = false, key, service = 'ecs', ...rest } = {}) =>
      request(action, parameters, {
        ...rest,
        service,
        key: key ?? (counted ? keys.canary : asideKeys.canary),
        url: urls[service],
      }),
    [Symbol.asyncDispose]: () => end.disposeAsync(),
  }
}
