/** What the driver aliyunecs must do: see mutants.ts. */
import assert from 'node:assert/strict'
import type { EcsConfig } from '../../drivers/aliyunecs/flags.ts'
import type { State } from '../../drivers/aliyunecs/state.ts'
import { PUBLIC_KEY } from '../kit/aliyun/public-key.ts'
import { longAgo } from '../kit/cloud/records.ts'
import { until } from '../kit/until.ts'
import { CALLER, foreignNetwork, Store } from './aliyun-store.ts'

const MAKING = ['ImportKeyPair', 'CreateVpc', 'CreateSecurityGroup', 'CreateVSwitch', 'RunInstances'] as const

/** A create that is aborted when this action is asked for; its answer is lost. */
async function abortedAt(store: Store, action: string, flags: Record<string, unknown> = {}): Promise<State[]> {
  const abort = new AbortController()
  const when = () => {
    abort.abort(new Error('aborted'))
    return true
  }
  const fault = store.cloud.faults.add({ action, when, times: 1, gives: 'lost-answer' })
  const saved: State[] = []
  await assert.rejects(store.create(flags, { saved, signal: abort.signal }), /aborted/)
  await until(() => store.calls(action).at(-1)?.code === 'LostAnswer')
  assert.equal(fault.hits, 1)
  return saved
}

/** A removal that has no reason to take long: what is left behind would hold the key pair for half a minute. */
async function removeSoon(store: Store, state: State): Promise<void> {
  await assert.doesNotReject(store.driver.remove(state, store.ctx('web', AbortSignal.timeout(12_000))))
  await store.cloud.settled()
}

const ofKind = (store: Store, kind: string) => store.cloud.left().filter(thing => thing.startsWith(`${kind} `))

export const CHECKS = {
  async 'all is asked with POST'(store) {
    await store.remove(await store.create())
    const methods = store.cloud.calls.slice(store.from).map(call => call.method)
    assert.deepEqual([...new Set(methods)], ['POST'])
  },
  async 'the API knows all it is asked'(store) {
    await store.remove(await store.create({ eip: true, 'disk-size': 20 }))
  },
  async 'a launch whose answer is lost is one launch'(store) {
    const fault = store.cloud.faults.add({ action: 'RunInstances', nth: 1, gives: 'lost-answer' })
    const state = await store.create()
    assert.equal(fault.hits, 1)
    assert.deepEqual(ofKind(store, 'instance'), [`instance ${state.InstanceId} Running`])
    await store.remove(state)
  },
  async 'what an aborted create made is removed from its record'(store) {
    for (const action of [...MAKING, 'AllocateEipAddress']) {
      const saved = await abortedAt(store, action, { eip: true })
      await removeSoon(store, longAgo(saved.at(-1) ?? ({} as State)))
      assert.deepEqual([action, store.cloud.left()], [action, []])
    }
  },
  async 'a launch that ECS does not tell of yet is waited for'(store) {
    store.cloud.delays.instanceUnseen = 1500
    const saved = await abortedAt(store, 'RunInstances')
    await removeSoon(store, saved.at(-1) as State)
  },
  async 'a launch that would be refused is refused before anything is made'(store) {
    const network = await foreignNetwork(store.cloud)
    store.cloud.quotas.balance = false
    try {
      const config = store.config(network.flags)
      await assert.rejects(store.driver.preflight(config, store.ctx()), /balance/)
    } finally {
      store.cloud.quotas.balance = true
      await network.remove()
    }
  },
  async 'all it makes is marked'(store) {
    const state = await store.create({ eip: true })
    for (const action of [...MAKING, 'AllocateEipAddress']) {
      const tags = (store.calls(action).at(-1)?.parameters.Tag ?? []) as { Key: string; Value: string }[]
      assert.deepEqual([action, tags.find(tag => tag.Key === 'machine:store')?.Value], [action, store.id])
    }
    await store.remove(state)
  },
  async 'machines made at once agree on one network'(store) {
    const config = ['a', 'b'].map(() => store.config())
    const states = await Promise.all(
      ['a', 'b'].map((name, i) => store.create({}, { name, config: config[i] as EcsConfig })),
    )
    const kinds = ['vpc', 'vswitch', 'security-group'].map(kind => ofKind(store, kind).length)
    assert.deepEqual(kinds, [1, 1, 1])
    await store.remove(states[0], 'a')
    await store.remove(states[1], 'b')
  },
  async 'a group is deleted with the last machine in it'(store) {
    const first = await store.create({}, { name: 'a' })
    const second = await store.create({}, { name: 'b' })
    await store.remove(first, 'a')
    assert.deepEqual(store.calls('DeleteSecurityGroup'), [])
    await store.remove(second, 'b')
    assert.equal(store.calls('DeleteSecurityGroup').at(-1)?.code, 'OK')
  },
  async 'a network it did not make stays'(store) {
    const network = await foreignNetwork(store.cloud)
    const state = await store.create(network.flags)
    assert.deepEqual(store.calls('AuthorizeSecurityGroup'), [])
    await store.remove(state)
    assert.deepEqual(store.cloud.left(), network.things)
    await network.remove()
  },
  async 'only the caller is let in'(store) {
    const state = await store.create()
    const rules = store.calls('AuthorizeSecurityGroup')[0]?.parameters.Permissions as Record<string, string>[]
    assert.deepEqual(
      rules.map(({ PortRange, SourceCidrIp }) => `${PortRange} ${SourceCidrIp}`),
      [`22/22 ${CALLER}/32`, `2376/2376 ${CALLER}/32`],
    )
    await store.remove(state)
  },
  async 'its metadata wants tokens'(store) {
    const state = await store.create()
    assert.equal(store.calls('RunInstances')[0]?.parameters.HttpTokens, 'required')
    await store.remove(state)
  },
  async 'its disks go with it'(store) {
    await store.remove(await store.create({ 'disk-size': 20 }))
  },
  async 'its elastic address is given back'(store) {
    await store.remove(await store.create({ eip: true }))
  },
  async 'stop keeps its place, and waits until it is stopped'(store) {
    const state = await store.create()
    store.cloud.delays.stopping = 500
    await store.driver.power?.stop?.(state, store.ctx())
    assert.equal((await store.inspect(state)).status, 'Stopped')
    assert.equal(store.calls('StopInstance')[0]?.parameters.StoppedMode, 'KeepCharging')
    await store.remove(state)
  },
  async 'start waits until it runs'(store) {
    const state = await store.create()
    await store.driver.power?.stop?.(state, store.ctx())
    store.cloud.delays.starting = 500
    await store.driver.power?.start?.(state, store.ctx())
    assert.equal((await store.inspect(state)).status, 'Running')
    await store.remove(state)
  },
  async 'what is gone is removed'(store) {
    const state = await store.create({ eip: true })
    store.cloud.delays.deleting = 1000
    store.cloud.takeAway(state.InstanceId) // it is told of for a second yet
    await store.remove(state)
    await store.remove(state)
  },
  async 'no key stands in its record'(store) {
    const saved: State[] = []
    const state = await store.create({}, { saved })
    const { ECS_ACCESS_KEY_ID: id = '?', ECS_ACCESS_KEY_SECRET: secret = '?' } = store.cloud.env
    const text = JSON.stringify([saved, state, store.said])
    assert.deepEqual([text.includes(id), text.includes(secret)], [false, false])
    await store.remove(state)
  },
  async 'where one zone has none left the next is tried'(store) {
    const fault = store.cloud.faults.add({ action: 'RunInstances', nth: 1, gives: 'noStock' })
    const state = await store.create()
    const [first, second] = store.calls('CreateVSwitch').map(call => call.parameters.ZoneId)
    assert.deepEqual([fault.hits, first === second, state.Zone], [1, false, second])
    await store.remove(state)
  },
  async 'a throttled call is repeated'(store) {
    const fault = store.cloud.faults.add({ action: 'CreateSecurityGroup', nth: 1, gives: 'throttle' })
    const state = await store.create()
    assert.equal(fault.hits, 1)
    await store.remove(state)
  },
  async 'a key pair whose answer was lost is its own'(store) {
    const fault = store.cloud.faults.add({ action: 'ImportKeyPair', nth: 1, gives: 'lost-answer' })
    const state = await store.create()
    assert.equal(fault.hits, 1)
    await store.remove(state)
  },
  async 'a sweep finds what is its store’s alone'(store) {
    const state = await store.create({ eip: true })
    const other = new Store(store.driver, store.cloud)
    const find = (its: Store) => store.driver.sweep?.find(its.config(), its.ctx())
    const kinds = (await find(store))?.map(thing => thing.kind).sort()
    assert.deepEqual(kinds, ['VPC', 'elastic address', 'instance', 'key pair', 'security group', 'vSwitch'])
    assert.deepEqual(await find(other), [])
    await store.remove(state)
  },
  async 'what stands on later pages is found'(store) {
    const { cloud, driver } = store
    const tag = { 'Tag.1.Key': 'machine:store', 'Tag.1.Value': store.id }
    const names = Array.from({ length: 51 }, (_, i) => `pair-${i}`) // fifty are one page of numbered ones
    for (const KeyPairName of names)
      await cloud.ask('ImportKeyPair', { RegionId: cloud.region, KeyPairName, PublicKeyBody: PUBLIC_KEY, ...tag })
    const states = [await store.create({}, { name: 'a' }), await store.create({}, { name: 'b' })]
    cloud.quotas.page = 1 // of those with tokens
    try {
      const found = (await driver.sweep?.find(store.config(), store.ctx())) ?? []
      const count = (kind: string) => found.filter(thing => thing.kind === kind).length
      assert.deepEqual([count('instance'), count('key pair')], [2, 53])
    } finally {
      cloud.quotas.page = 100
      const KeyPairNames = JSON.stringify(names)
      await cloud.ask('DeleteKeyPairs', { RegionId: cloud.region, KeyPairNames })
    }
    await store.remove(states[0], 'a')
    await store.remove(states[1], 'b')
  },
} as const satisfies Record<string, (store: Store) => Promise<void>>

export type CheckName = keyof typeof CHECKS
