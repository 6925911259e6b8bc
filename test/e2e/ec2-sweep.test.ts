/** `machine amazonec2 sweep`: finds what lost records made, and removes on --yes what is this store's and no machine's. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Home, startHome } from '../kit/cli.ts'
import { runDoomed } from '../kit/cloud/doomed.ts'
import { type Ec2Cloud, startEc2, whyNoMoto } from '../kit/ec2/cloud.ts'
import { until } from '../kit/until.ts'
import { kindsIn, plain, sweepOf } from './cloud-sweep.ts'
import { kindsOf } from './ec2-left.ts'

jest.setTimeout(120_000)
const why = whyNoMoto()
const create = (name: string, ...flags: string[]) => ['create', '-d', 'amazonec2', ...flags, name]
const SPOT = ['--amazonec2-request-spot-instance', '--amazonec2-spot-interruption', 'stop']

const IDS = /\b(i|sg|vol|sir)-[0-9a-f]+/g

const suite = why ? describe.skip : describe
suite(why ? `sweep [${why}]` : 'sweep', () => {
  let cloud: Ec2Cloud
  let home: Home
  let neighbour: Home
  /** What is not this store's. */
  let foreign: string[]
  let sweep: ReturnType<typeof sweepOf>['sweep']
  let look: ReturnType<typeof sweepOf>['look']
  let lose: ReturnType<typeof sweepOf>['lose']

  beforeAll(async () => {
    cloud = await startEc2({ delays: { pending: 0, shuttingDown: 0 } })
    home = await startHome(cloud.env)
    ;({ sweep, look, lose } = sweepOf('amazonec2', home))
    neighbour = await startHome(cloud.env)
    await runDoomed(neighbour, cloud, create('web', '--amazonec2-security-group', 'theirs'))
    // Somebody else's altogether; the name of a machine alone is no mark.
    await cloud.boto(`
ec2.create_key_pair(KeyName="web")
tags = [{"Key": "Name", "Value": "web"}, {"Key": "machine:name", "Value": "web"}]
launch(TagSpecifications=[{"ResourceType": kind, "Tags": tags} for kind in ["instance", "volume"]])`)
    await cloud.settled()
    foreign = await cloud.left()
    expect(foreign.filter(thing => thing.startsWith('instance'))).toHaveLength(2)
  })
  afterEach(async () => {
    await cloud.settled()
    expect(await cloud.left()).toEqual(foreign)
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await neighbour?.[Symbol.asyncDispose]()
    await cloud?.[Symbol.asyncDispose]()
  })

  test('what a machine has is not listed; what a lost record made is, and goes on --yes', async () => {
    await runDoomed(home, cloud, create('web', ...SPOT))
    expect(await sweep()).toMatchObject({ code: 0, stdout: '', stderr: 'Nothing is left behind.\n' })
    expect(await look()).toEqual({ leftovers: [], removed: [], left: [] })

    lose('web')
    const before = await cloud.left()
    expect(plain(await sweep(), IDS)).toEqual({
      code: 0,
      stdout: `KIND  ID  WHERE  MACHINE  WHAT
instance  i-1  eu-central-1  web  running, t3.micro since TIME
spot request  sir-1  eu-central-1  web  active, of i-1
key pair  web-STORE-RANDOM  eu-central-1  web
security group  sg-1  eu-central-1  docker-machine
`,
      stderr: 'machine amazonec2 sweep --yes removes them\n',
    })
    const seen = await look()
    expect(kindsIn(seen)).toEqual(['instance web', 'key pair web', 'security group', 'spot request web'])
    expect([seen.removed, seen.left]).toEqual([[], []])
    expect(await cloud.left()).toEqual(before)

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
    expect(await home.ok('ls', '--json')).toContain('"going"')
    expect(await look()).toMatchObject({ leftovers: [] })
    await home.ok('rm', '-y', 'going')
  })

  test('what may not be removed is told, with its reason; the rest goes', async () => {
    await runDoomed(home, cloud, create('web'))
    lose('web')
    cloud.deny('DeleteKeyPair')
    const swept = await sweep('--yes')
    cloud.allow('DeleteKeyPair')
    expect([swept.code, swept.stderr.replace(/web-[0-9a-f-]+/, 'web-KEY')]).toEqual([
      1,
      expect.stringMatching(/^2 of 3 removed\nkey pair web-KEY: .*ec2:DeleteKeyPair/),
    ])
    expect(kindsIn(await look())).toEqual(['key pair web'])
    expect(await sweep('-y')).toMatchObject({ code: 0, stderr: '1 of 1 removed\n' })
  })

  test('a protected instance goes; the volume that was to stay does, and is not found again', async () => {
    const kept = 'DeviceName=/dev/sdf,VolumeSize=1,DeleteOnTermination=false'
    await runDoomed(
      home,
      cloud,
      create('web', '--amazonec2-termination-protection', '--amazonec2-block-device-mapping', kept),
    )
    lose('web')
    const swept = await sweep('--yes')
    expect(swept.code).toBe(0)
    expect(swept.stderr).toMatch(/^Not deleted with the instance, as it was made: vol-[0-9a-f]+ .*\n3 of 3 removed\n$/)
    const volume = /vol-[0-9a-f]+/.exec(swept.stderr)?.[0]
    expect((await cloud.left()).filter(thing => !foreign.includes(thing))).toEqual([`volume ${volume}`])
    expect(await look()).toMatchObject({ leftovers: [] })
    await cloud.boto(`ec2.delete_volume(VolumeId="${volume}")`)
  })

  test('several regions', async () => {
    await runDoomed(home, cloud, create('far', '--amazonec2-region', 'us-west-2'))
    lose('far')
    expect(await look()).toMatchObject({ leftovers: [] })
    const both = ['--amazonec2-region', 'eu-central-1,us-west-2']
    const swept = await look('--yes', ...both)
    expect(swept.leftovers.map(thing => thing.place)).toEqual(['us-west-2', 'us-west-2', 'us-west-2'])
    expect(await look(...both)).toMatchObject({ leftovers: [] })
  })

  test('the neighbour’s machine is still its', async () => {
    expect(await neighbour.ok('amazonec2', 'sweep')).toBe('')
    expect(readdirSync(join(neighbour.store, 'machines'))).toEqual(['web'])
    await neighbour.ok('rm', '-y', 'web')
    const left = await cloud.left()
    const gone = foreign.filter(thing => !left.includes(thing))
    expect(kindsOf(gone)).toEqual(['instance', 'key-pair', 'network-interface', 'security-group', 'volume'])
    foreign = left
  })
})
