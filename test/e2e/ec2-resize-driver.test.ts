/** Another instance type against the stand-in EC2 cloud, without hosts: what is asked before anything stops, what is refused. */
import { afterAll, beforeAll, expect, jest } from '@jest/globals'
import { amazonec2 } from '../../drivers/amazonec2/index.ts'
import type { State } from '../../drivers/amazonec2/state.ts'
import { type Ec2Cloud, startEc2 } from '../kit/ec2/cloud.ts'
import { needsMoto } from '../kit/ec2/needs-moto.ts'
import { whyNoMoto } from '../kit/ec2/venv.ts'
import { Store } from './ec2-store.ts'

jest.setTimeout(120_000)
let cloud: Ec2Cloud
beforeAll(async () => {
  if (whyNoMoto() === undefined) cloud = await startEc2()
}, 60_000)
afterAll(() => cloud?.[Symbol.asyncDispose]())

const plan = (store: Store, state: State, instanceType: string) =>
  amazonec2.resize?.plan(state, { instanceType }, store.ctx()) ?? Promise.reject(new Error('there is no resize'))

async function made(flags: Record<string, unknown> = {}) {
  const store = new Store(amazonec2, cloud)
  const state = await store.create(flags)
  await cloud.settled()
  return { store, state, [Symbol.asyncDispose]: () => store.remove(state) }
}

needsMoto('it is asked for in a dry run, and made once, stopped', async () => {
  await using m = await made()
  const from = cloud.calls.length
  const planned = await plan(m.store, m.state, 't3.large')
  expect(planned.differences).toEqual([{ setting: 'instanceType', from: 't3.micro', to: 't3.large' }])
  expect([planned.now.InstanceType, planned.next.InstanceType]).toEqual(['t3.micro', 't3.large'])
  expect(cloud.calls.slice(from).map(({ action, dryRun }) => [action, dryRun])).toEqual([
    ['DescribeInstances', false],
    ['DescribeInstanceTypes', false],
    ['StopInstances', true],
    ['ModifyInstanceAttribute', true],
    ['StartInstances', true],
  ])
  const ctx = m.store.ctx()
  await expect(amazonec2.resize?.apply(planned.next, ctx)).rejects.toThrow('is in no state for that')
  await amazonec2.power?.stop?.(m.state, ctx)
  await amazonec2.resize?.apply(planned.next, ctx)
  await amazonec2.resize?.apply(planned.next, ctx)
  expect(m.store.calls('ModifyInstanceAttribute').map(call => call.code)).toEqual(['IncorrectInstanceState', 'OK'])
  // What counts is what EC2 says, not the record.
  expect((await plan(m.store, m.state, 't3.large')).differences).toEqual([])
  expect((await plan(m.store, m.state, 't3.micro')).differences).toEqual([
    { setting: 'instanceType', from: 't3.large', to: 't3.micro' },
  ])
})

needsMoto('what cannot be is refused while it runs', async () => {
  await using m = await made()
  const refusal = async (type: string) => {
    const { message, suggestions } = await plan(m.store, m.state, type).then(
      () => ({ message: 'taken', suggestions: [] }),
      error => error,
    )
    return [message, ...suggestions]
  }
  expect(await refusal('t4g.micro')).toEqual([
    'instance type t4g.micro is arm64, and the machine runs on x86_64 (t3.micro)',
    'its disk boots on no other: take a type of x86_64, or make another machine',
  ])
  expect(await refusal('t3.micro,t3.large')).toEqual([
    '--amazonec2-instance-type takes one type here: there is nothing to try them in turn for',
  ])
  expect(await refusal('large')).toEqual(['"large" is no instance type', 'types are called as t3.micro or m7g.large'])
  expect((await refusal('t9.large'))[0]).toBe(`there is no instance type t9.large in region ${cloud.region}`)
  for (const action of ['StopInstances', 'ModifyInstanceAttribute', 'StartInstances']) {
    cloud.deny(action)
    expect((await refusal('t3.large'))[0]).toBe(`these credentials are not allowed to call ec2:${action}`)
    cloud.allow(action)
  }
  expect(await refusal('t3.large')).toEqual(['taken'])
  expect(m.store.calls('StopInstances')).toEqual([])
})

needsMoto('a spot instance keeps its type, also where the record does not say that it is one', async () => {
  await using m = await made({ 'request-spot-instance': true, 'spot-interruption': 'stop' })
  const from = cloud.calls.length
  const text = '"web" is a spot instance: EC2 does not change the type of one'
  await expect(plan(m.store, m.state, 't3.large')).rejects.toThrow(text)
  expect(cloud.calls.length).toBe(from)
  await expect(plan(m.store, { ...m.state, RequestSpotInstance: false }, 't3.large')).rejects.toThrow(text)
})

needsMoto('an instance that is gone', async () => {
  const m = await made()
  await m[Symbol.asyncDispose]()
  await expect(plan(m.store, m.state, 't3.large')).rejects.toThrow(
    `instance ${m.state.InstanceId} is not there any more`,
  )
})

needsMoto('the cloud: one attribute a call, a stopped instance, no other CPU, no spot', async () => {
  const seen = await cloud.boto(`
def become(i, name): until(lambda: state(i) == name)
def typed(i, t, **more): return code(lambda: ec2.modify_instance_attribute(InstanceId=i, InstanceType=dict(Value=t), **more))
i = launch(InstanceType="t3.micro")["InstanceId"]
become(i, "running")
got = [typed(i, "t3.large")]
ec2.stop_instances(InstanceIds=[i]); become(i, "stopped")
got += [typed(i, "t3.large", UserData=dict(Value=b"x")), typed(i, "t4g.micro"), typed(i, "t9.large"), typed(i, "t3.large", DryRun=True), typed(i, "t3.large")]
spot = dict(MarketType="spot", SpotOptions=dict(SpotInstanceType="persistent", InstanceInterruptionBehavior="stop"))
s = launch(InstanceMarketOptions=spot)["InstanceId"]
become(s, "running")
ec2.stop_instances(InstanceIds=[s]); become(s, "stopped")
got += [typed(s, "t3.large"), instance(i)["InstanceType"]]
ec2.start_instances(InstanceIds=[i]); become(i, "running")
show(got + [instance(i)["InstanceType"]])`)
  const no = 'InvalidInstanceAttributeValue'
  expect(seen).toEqual([
    ...['IncorrectInstanceState', 'InvalidParameterCombination', no, no, 'DryRunOperation', 'OK'],
    ...['UnsupportedOperation', 't3.large', 't3.large'],
  ])
})
