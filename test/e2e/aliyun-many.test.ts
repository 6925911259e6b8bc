/** Ten machines at once in an account without a network: by one process and by ten; then ten removals at once. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { countKinds, makeTen, TEN } from './ten-at-once.ts'

jest.setTimeout(120_000)
const CREATE = ['create', '-d', 'aliyunecs', '--aliyunecs-eip']

let cloud: AliyunCloud
let home: Home
beforeEach(async () => {
  cloud = await startAliyun({ defaultVpc: false })
  home = await startHome(cloud.env)
})
afterEach(async () => {
  await home?.[Symbol.asyncDispose]()
  await cloud?.[Symbol.asyncDispose]()
})

function isTen(): void {
  const kinds = { eip: 10, instance: 10, 'key-pair': 10, 'security-group': 1, vpc: 1, vswitch: 1 }
  expect(countKinds(cloud.left())).toEqual(kinds)
  expect(cloud.calls.filter(call => call.action === 'RunInstances' && !call.dryRun)).toHaveLength(10)
}

async function isEmpty(): Promise<void> {
  await cloud.settled()
  const remains = ['machines', 'locks'].flatMap(folder => readdirSync(join(home.store, folder)))
  expect([cloud.left(), remains, cloud.complaints]).toEqual([[], [], []])
}

test('one process makes them, ten remove them', async () => {
  await makeTen(home, [...CREATE, ...TEN])
  isTen()
  const looked = cloud.calls.filter(call => call.action === 'DescribeImageFromFamily')
  expect(looked).toHaveLength(1) // planned once for all
  const removed = await Promise.all(TEN.map(name => home.cli('rm', '-y', name)))
  expect(removed.filter(ran => ran.code !== 0)).toEqual([])
  await isEmpty()
})

test('ten processes make them, one removes them', async () => {
  cloud.delays.groupUnseen = 500 // so that those who come second do not see it at once
  await makeTen(home, ...TEN.map(name => [...CREATE, name]))
  isTen()
  await home.ok('rm', '-y', ...TEN)
  await isEmpty()
})
