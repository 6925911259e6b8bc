/** What the driver amazonec2 must do: see mutants.ts. */
import assert from 'node:assert/strict'
import type { State } from '../../drivers/amazonec2/state.ts'
import { until } from '../kit/until.ts'
import { CALLER, Store } from './ec2-store.ts'

/** A check gets an account in which it leaves nothing. */
export type Check = (store: Store) => Promise<void>

const launchOf = (store: Store) => store.calls('RunInstances').at(-1)?.parameters ?? {}

export const CHECKS = {
  async 'a launch whose answer is lost is one launch'(store) {
    const fault = store.cloud.faults.add({ action: 'RunInstances', nth: 1, gives: 'lost-answer' })
    const state = await store.create()
    assert.equal(fault.hits, 1)
    const running = (await store.cloud.left()).filter(thing => thing.startsWith('instance '))
    assert.deepEqual(running, [`instance ${state.InstanceId} running`])
    await store.remove(state)
  },
  async 'what an aborted create made is removed from its record'(store) {
    for (const action of ['ImportKeyPair', 'CreateSecurityGroup', 'AuthorizeSecurityGroupIngress', 'RunInstances']) {
      const abort = new AbortController()
      const when = () => {
        abort.abort(new Error('aborted'))
        return true
      }
      const fault = store.cloud.faults.add({ action, when, times: 1, gives: 'lost-answer' })
      const saved: State[] = []
      await assert.rejects(store.create({}, { saved, signal: abort.signal }), /aborted/)
      await until(() => store.calls(action).at(-1)?.code === 'LostAnswer')
      assert.equal(fault.hits, 1)
      await store.remove(saved.at(-1))
      assert.deepEqual([action, await store.cloud.left()], [action, []])
    }
  },
  async 'a launch that EC2 does not tell of yet is waited for'(store) {
    store.cloud.delays.instanceUnseen = 1500
    const abort = new AbortController()
    const when = () => {
      abort.abort(new Error('aborted'))
      return true
    }
    store.cloud.faults.add({ action: 'RunInstances', when, times: 1, gives: 'lost-answer' })
    const saved: State[] = []
    await assert.rejects(store.create({}, { saved, signal: abort.signal }), /aborted/)
    await until(() => store.calls('RunInstances').at(-1)?.code === 'LostAnswer')
    await store.driver.remove(saved.at(-1) as State, store.ctx())
  },
  async 'its group is on its interface'(store) {
    const state = await store.create()
    const [nic] = (launchOf(store).NetworkInterfaces ?? []) as { Groups?: string[]; SecurityGroupId?: string[] }[]
    assert.deepEqual(nic?.Groups ?? nic?.SecurityGroupId, state.SecurityGroupIds)
    assert.equal(launchOf(store).SecurityGroupIds, undefined)
    await store.remove(state)
  },
  async 'its metadata wants tokens'(store) {
    const state = await store.create()
    const options = launchOf(store).MetadataOptions as Record<string, unknown>
    assert.deepEqual([options.HttpTokens, String(options.HttpPutResponseHopLimit)], ['required', '1'])
    await store.remove(state)
  },
  async 'all it makes is marked'(store) {
    const state = await store.create()
    const marked = await store.cloud.boto<string[]>(`
tags = ec2.describe_tags(Filters=[{"Name": "key", "Values": ["machine:store"]}, {"Name": "value", "Values": ["${store.id}"]}])["Tags"]
show(sorted(t["ResourceType"] for t in tags))`)
    assert.deepEqual(marked, ['instance', 'key-pair', 'network-interface', 'security-group', 'volume'])
    await store.remove(state)
  },
  async 'its volume goes with it'(store) {
    await store.remove(await store.create())
  },
  async 'only the caller is let in'(store) {
    const state = await store.create()
    const open = await store.cloud.boto<[number, string][]>(`
group = ec2.describe_security_groups(GroupIds=["${state.SecurityGroupIds?.[0]}"])["SecurityGroups"][0]
show(sorted([p["FromPort"], r["CidrIp"]] for p in group["IpPermissions"] for r in p["IpRanges"]))`)
    assert.deepEqual(open, [
      [22, `${CALLER}/32`],
      [2376, `${CALLER}/32`],
    ])
    await store.remove(state)
  },
  async 'a group is deleted with the last machine in it'(store) {
    const first = await store.create({}, { name: 'a' })
    const second = await store.create({}, { name: 'b' })
    await store.remove(first, 'a')
    assert.deepEqual(store.calls('DeleteSecurityGroup'), [])
    await store.remove(second, 'b')
    assert.equal(store.calls('DeleteSecurityGroup').at(-1)?.code, 'OK')
  },
  async 'a group it did not make stays'(store) {
    const [id] = await store.cloud.boto<[string]>(`
vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
show([ec2.create_security_group(GroupName="${store.group}", Description="theirs", VpcId=vpc)["GroupId"]])`)
    const state = await store.create()
    await store.remove(state)
    assert.deepEqual(await store.cloud.left(), [`security-group ${id} ${store.group}`])
    assert.deepEqual(store.calls('AuthorizeSecurityGroupIngress'), [])
    await store.cloud.boto(`ec2.delete_security_group(GroupId="${id}")`)
  },
  async 'a group that vanished meanwhile is made again'(store) {
    const first = await store.create({}, { name: 'a' })
    const config = store.config()
    const second = await store.create({}, { name: 'b', config })
    await store.remove(first, 'a')
    await store.remove(second, 'b')
    const third = await store.create({}, { config }) // it knows the group from before
    assert.notDeepEqual(third.SecurityGroupIds, second.SecurityGroupIds)
    await store.remove(third)
  },
  async 'stop waits until it is stopped'(store) {
    const state = await store.create()
    store.cloud.delays.stopping = 500
    await store.driver.power?.stop?.(state, store.ctx())
    assert.equal((await store.inspect(state)).status, 'Stopped')
    await store.remove(state)
  },
  async 'start waits until it runs, and it has another address'(store) {
    const state = await store.create()
    await store.driver.power?.stop?.(state, store.ctx())
    store.cloud.delays.pending = 500
    await store.driver.power?.start?.(state, store.ctx())
    const { status, address } = await store.inspect(state)
    assert.equal(status, 'Running')
    assert.ok(address !== undefined && address !== state.IPAddress)
    await store.remove(state)
  },
  async 'what is gone is removed'(store) {
    const state = await store.create()
    const fault = store.cloud.faults.add({
      action: 'TerminateInstances',
      nth: 1,
      gives: { code: 'InvalidInstanceID.NotFound' },
    })
    // It is still there, and so is its group; a second removal takes it away.
    store.cloud.faults.add({ action: 'DeleteKeyPair', nth: 1, gives: { code: 'InvalidKeyPair.NotFound' } })
    await store.driver.remove({ ...state, SecurityGroupNames: [] }, store.ctx())
    assert.equal(fault.hits, 1)
    await store.remove(state)
    await store.remove(state)
  },
  async 'no key stands in its record'(store) {
    const saved: State[] = []
    const state = await store.create({}, { saved })
    const { AWS_ACCESS_KEY_ID: id = '?', AWS_SECRET_ACCESS_KEY: secret = '?' } = store.cloud.env
    const text = JSON.stringify([saved, state, store.said])
    assert.deepEqual([text.includes(id), text.includes(secret)], [false, false])
    await store.remove(state)
  },
  async 'a protected one is removed'(store) {
    await store.remove(await store.create({ 'termination-protection': true }))
  },
  async 'a spot instance is asked for once'(store) {
    const state = await store.create({ 'request-spot-instance': true })
    store.cloud.takeAway(state.InstanceId)
    await store.cloud.settled()
    assert.deepEqual(
      (await store.cloud.left()).filter(thing => /^(spot|instance)/.test(thing)),
      [],
    )
    await store.remove(state)
  },
  async 'a spot request ends with its machine'(store) {
    await store.remove(await store.create({ 'request-spot-instance': true, 'spot-interruption': 'stop' }))
  },
  async 'a spot request ends before the next is made'(store) {
    store.cloud.delays.pending = 1000
    const made = store.create({ 'request-spot-instance': true, 'spot-interruption': 'stop' })
    await until(() => store.calls('RunInstances')[0]?.code === 'OK')
    const [first] = store.cloud.instances().filter(each => each.state === 'pending')
    store.cloud.takeAway(first?.id ?? '')
    const state = await made
    assert.notEqual(state.InstanceId, first?.id)
    assert.equal((await store.cloud.left()).filter(thing => thing.startsWith('spot-request')).length, 1)
    await store.remove(state)
  },
  async 'where one zone is full the next is tried'(store) {
    const fault = store.cloud.faults.add({ action: 'RunInstances', zone: 'a', gives: 'capacity' })
    const state = await store.create()
    assert.deepEqual([fault.hits, state.Zone], [1, 'b'])
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
    const state = await store.create()
    const other = new Store(store.driver, store.cloud)
    const find = (its: Store) => store.driver.sweep?.find(its.config(), its.ctx())
    const kinds = (await find(store))?.map(thing => thing.kind).sort()
    assert.deepEqual(kinds, ['instance', 'key pair', 'security group'])
    assert.deepEqual(await find(other), [])
    await store.remove(state)
  },
} as const satisfies Record<string, Check>

export type CheckName = keyof typeof CHECKS
