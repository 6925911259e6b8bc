/** `machine aliyunecs sweep`: finds what lost records made, and removes on --yes what is this store's and no machine's. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import { QUICK } from '../kit/aliyun/delays.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { runDoomed } from '../kit/cloud/doomed.ts'
import { until } from '../kit/until.ts'
import { kindsIn, plain, sweepOf } from './cloud-sweep.ts'

jest.setTimeout(120_000)
const create = (name: string, ...flags: string[]) => ['create', '-d', 'aliyunecs', ...flags, name]
const IDS = /\b(i|sg|eip|vsw|vpc)-bp1[0-9a-z]+/g
const WHOLE = ['--aliyunecs-eip', '--aliyunecs-disk-size', '20']

describe('sweep', () => {
  let cloud: AliyunCloud
  let home: Home
  let neighbour: Home
  /** What is not this store's. */
  let foreign: string[]
  let sweep: ReturnType<typeof sweepOf>['sweep']
  let look: ReturnType<typeof sweepOf>['look']
  let lose: ReturnType<typeof sweepOf>['lose']

  beforeAll(async () => {
    cloud = await startAliyun({ delays: QUICK, defaultVpc: false })
    home = await startHome(cloud.env)
    ;({ sweep, look, lose } = sweepOf('aliyunecs', home))
    neighbour = await startHome(cloud.env)
    await runDoomed(neighbour, cloud, create('web', ...WHOLE))
    // Somebody else's altogether; the name of a machine alone is no mark.
    const tag = { 'Tag.1.Key': 'machine:name', 'Tag.1.Value': 'web' }
    await cloud.ask('AllocateEipAddress', { RegionId: cloud.region, ...tag }, { service: 'vpc' })
    foreign = cloud.left()
    expect(foreign.filter(thing => thing.startsWith('eip'))).toHaveLength(2)
  })
  afterEach(async () => {
    await cloud.settled()
    expect([cloud.left(), cloud.complaints]).toEqual([foreign, []])
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await neighbour?.[Symbol.asyncDispose]()
    await cloud?.[Symbol.asyncDispose]()
  })

  test('what a machine has is not listed; what a lost record made is, and goes on --yes', async () => {
    await runDoomed(home, cloud, create('web', ...WHOLE))
    expect(await sweep()).toMatchObject({ code: 0, stdout: '', stderr: 'Nothing is left behind.\n' })
    expect(await look()).toEqual({ leftovers: [], removed: [], left: [] })

    lose('web')
    const before = cloud.left()
    const address = cloud.instances().find(each => !foreign.some(thing => thing.includes(each.id)))?.eip
    expect(plain(await sweep(), IDS)).toEqual({
      code: 0,
      stdout: `KIND  ID  WHERE  MACHINE  WHAT
instance  i-1  cn-hangzhou  web  running, ecs.u1-c1m2.large since TIME
elastic address  eip-1  cn-hangzhou  web  ${address} since TIME
key pair  web-STORE-RANDOM  cn-hangzhou  web
security group  sg-1  cn-hangzhou  docker-machine
vSwitch  vsw-1  cn-hangzhou  cn-hangzhou-b
VPC  vpc-1  cn-hangzhou  10.0.0.0/16
`,
      stderr: 'machine aliyunecs sweep --yes removes them\n',
    })
    const seen = await look()
    expect([seen.leftovers.length, seen.removed, seen.left]).toEqual([6, [], []])
    expect(cloud.left()).toEqual(before)

    const swept = await look('--yes')
    expect(kindsIn(swept)).toEqual(kindsIn(seen))
    expect([swept.removed, swept.left]).toEqual([swept.leftovers, []])
    expect(await sweep('--yes')).toMatchObject({ code: 0, stdout: '', stderr: 'Nothing is left behind.\n' })
  })

  test('a create that goes on in another process keeps what it has, also before it knows its instance', async () => {
    await runDoomed(home, cloud, create('lost'))
    const held = cloud.faults.add({ action: 'RunInstances', times: 1, gives: { delayMs: 4000 } })
    const going = runDoomed(home, cloud, create('going'), () => {})
    await until(() => held.hits === 1)
    lose('lost')
    const swept = plain(await sweep('--yes'), IDS)
    expect([swept.code, swept.stderr]).toEqual([0, '2 of 2 removed\n'])
    expect(swept.stdout).toMatch(/^KIND .*\ninstance .* lost .*\nkey pair .* lost\n$/)
    expect((await going).text).toContain('Waiting for SSH')
    cloud.faults.clear()
    expect(await look()).toMatchObject({ leftovers: [] })
    await home.ok('rm', '-y', 'going')
  })

  test('what may not be removed is told, with its reason; the rest goes', async () => {
    await runDoomed(home, cloud, create('web'))
    lose('web')
    cloud.deny('DeleteKeyPairs')
    const swept = await sweep('--yes')
    cloud.allow('DeleteKeyPairs')
    expect([swept.code, swept.stderr.replace(/web-[0-9a-f-]+/, 'web-KEY')]).toEqual([
      1,
      expect.stringMatching(/^4 of 5 removed\nkey pair web-KEY: .*ecs:DeleteKeyPairs/),
    ])
    expect(kindsIn(await look())).toEqual(['key pair web'])
    expect(await sweep('-y')).toMatchObject({ code: 0, stderr: '1 of 1 removed\n' })
  })

  test('several regions', async () => {
    await runDoomed(home, cloud, create('far', '--aliyunecs-region', 'ap-southeast-1'))
    lose('far')
    expect(await look()).toMatchObject({ leftovers: [] })
    const both = ['--aliyunecs-region', 'cn-hangzhou,ap-southeast-1']
    const swept = await look('--yes', ...both)
    expect(swept.leftovers.map(thing => thing.place)).toEqual(Array(5).fill('ap-southeast-1'))
    expect(await look('--aliyunecs-region', 'all')).toMatchObject({ leftovers: [] })
  })

  test('the neighbour’s machine is still its', async () => {
    expect(await neighbour.ok('aliyunecs', 'sweep')).toBe('')
    expect(readdirSync(join(neighbour.store, 'machines'))).toEqual(['web'])
    await neighbour.ok('rm', '-y', 'web')
    const gone = foreign.filter(thing => !cloud.left().includes(thing)).map(thing => thing.split(' ')[0])
    expect(gone.sort()).toEqual(['eip', 'instance', 'key-pair', 'security-group', 'vpc', 'vswitch'])
    foreign = cloud.left()
  })
})
