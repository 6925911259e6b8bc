/** Ten machines at once with one group, in an account without it: by one process and by ten; then ten removals at once. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { type Home, startHome } from '../kit/cli.ts'
import { type Ec2Cloud, startEc2, whyNoMoto } from '../kit/ec2/cloud.ts'
import { countKinds, makeTen, TEN } from './ten-at-once.ts'

jest.setTimeout(120_000)
const why = whyNoMoto()

const suite = why ? describe.skip : describe
suite(why ? `ten at once [${why}]` : 'ten at once', () => {
  let cloud: Ec2Cloud
  let home: Home
  beforeAll(async () => {
    cloud = await startEc2({ delays: { pending: 200, shuttingDown: 200 } })
  })
  afterAll(async () => await cloud?.[Symbol.asyncDispose]())
  beforeEach(async () => {
    home = await startHome(cloud.env)
  })
  afterEach(async () => await home?.[Symbol.asyncDispose]())

  async function isTen(from: number): Promise<void> {
    expect(countKinds(await cloud.left())).toEqual({
      instance: 10,
      'key-pair': 10,
      'network-interface': 10,
      'security-group': 1,
      volume: 10,
    })
    expect(cloud.calls.slice(from).filter(call => call.action === 'RunInstances' && !call.dryRun)).toHaveLength(10)
  }

  async function isEmpty(): Promise<void> {
    await cloud.settled()
    expect([
      await cloud.left(),
      readdirSync(join(home.store, 'machines')),
      readdirSync(join(home.store, 'locks')),
    ]).toEqual([[], [], []])
  }

  test('one process makes them, ten remove them', async () => {
    const from = cloud.calls.length
    await makeTen(home, ['create', '-d', 'amazonec2', ...TEN])
    await isTen(from)
    const made = cloud.calls.slice(from).map(call => call.action)
    expect(made.filter(action => action === 'DescribeImages')).toHaveLength(1) // planned once for all
    const removed = await Promise.all(TEN.map(name => home.cli('rm', '-y', name)))
    expect(removed.filter(ran => ran.code !== 0)).toEqual([])
    await isEmpty()
  })

  test('ten processes make them, one removes them', async () => {
    const from = cloud.calls.length
    cloud.delays.groupUnseen = 500 // so that those who come second do not see it at once
    await makeTen(home, ...TEN.map(name => ['create', '-d', 'amazonec2', name]))
    await isTen(from)
    await home.ok('rm', '-y', ...TEN)
    await isEmpty()
  })
})
