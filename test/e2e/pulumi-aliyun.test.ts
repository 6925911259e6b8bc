/** A Pulumi program's machine at the stand-in Alibaba Cloud, its keys given in the program, from create to destroy. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { nspawnHosts } from '../hosts/aliyun-hosts.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import type { Json, Report } from '../kit/pulumi/report.ts'
import { type Stack, startStack } from '../kit/pulumi/stack.ts'
import { didOf, dockerWith, homesOf, outputsOf } from '../kit/pulumi/stack-machine.ts'
import { filesWith, holds, tracesOf, type Watch, watchCommandLines } from './key-canary.ts'

jest.setTimeout(240_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe

const program = (instanceType: string, label: string, more = '') => `
const secret = process.env.TEST_SECRET
module.exports.web = new m.Machine('web', {
  driver: 'aliyunecs',
  aliyunecs: {
    region: 'cn-qingdao', instanceType: '${instanceType}', ${more}
    accessKeyId: process.env.TEST_KEY_ID, accessKeySecret: secret,
  },
  engine: { agent: 'off', labels: { role: '${label}' } },
})`

suite(
  why ? `a Pulumi program’s machine at Alibaba Cloud [${why}]` : 'a Pulumi program’s machine at Alibaba Cloud',
  () => {
    let cloud: AliyunCloud
    let stack: Stack
    let made: Report
    let traces: string[]
    let watch: Watch
    const web = (report: Report): Json => outputsOf(report, 'Machine', 'web')
    beforeAll(async () => {
      cloud = await startAliyun({ hosts: 'nspawn', makeHost: nspawnHosts(), region: 'cn-qingdao' })
      const { accessKeyId, accessKeySecret } = cloud.keys.canary
      const given = { TEST_KEY_ID: accessKeyId, TEST_SECRET: accessKeySecret }
      stack = startStack({ ...cloud.env, ...given, ECS_ACCESS_KEY_ID: undefined, ECS_ACCESS_KEY_SECRET: undefined })
      traces = tracesOf([{ accessKeyId: accessKeySecret }])
      watch = watchCommandLines(traces)
      stack.program(program('ecs.g5.large', 'web'))
    })
    afterAll(async () => {
      watch?.[Symbol.dispose]()
      await stack?.[Symbol.asyncDispose]()
      await cloud?.[Symbol.asyncDispose]()
    })

    test('preview asks the cloud for nothing', async () => {
      expect(didOf(await stack.preview())).toEqual(['create web'])
      expect(cloud.calls).toEqual([])
    })

    test('up makes it, with tags that derive from the URN, and docker works', async () => {
      made = await stack.up()
      expect(made.failures).toEqual([])
      expect(await dockerWith(stack, web(made), 'info', '--format', '{{json .Labels}}')).toContain('role=web')
      const [folder = ''] = homesOf(stack)
      const [instance] = cloud.instances()
      expect(Object.values(instance?.tags ?? {})).toContain(folder.split('/').at(-1)?.slice(0, 8))
    })

    test('keys given in the program go as secrets, and nowhere else', async () => {
      const registered = made.registered.find(({ urn }) => urn.endsWith('::web'))
      const mark = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270' }
      expect(JSON.stringify(registered?.inputs.aliyunecs)).toContain(JSON.stringify(mark).slice(1, -1))
      const { aliyunecs, ...others } = web(made)
      expect(holds(traces, JSON.stringify(aliyunecs))).toBe(true)
      expect(holds(traces, JSON.stringify(others))).toBe(false)
      expect(holds(traces, JSON.stringify(made.lines))).toBe(false)
      expect(filesWith(traces, stack.path, stack.ownFiles)).toEqual([])
      expect([watch.found, watch.seen > 10]).toEqual([[], true])
    })

    test('an engine’s label changes in place, with the keys out of the program', async () => {
      stack.program(program('ecs.g5.large', 'db'))
      const changed = await stack.up()
      expect([changed.failures, didOf(changed)]).toEqual([[], ['update web']])
      expect(await dockerWith(stack, web(changed), 'info', '--format', '{{json .Labels}}')).toContain('role=db')
      expect(didOf(await stack.up())).toEqual([])
    })

    test('another type and disk: a new one, then the old one goes, by the keys in the state', async () => {
      stack.program(program('ecs.g6.large', 'db', 'systemDiskSize: 50,'))
      const anew = await stack.up()
      expect([anew.failures, didOf(anew)]).toEqual([[], ['replace web', 'delete web']])
      expect(cloud.instances().filter(({ state }) => state === 'Running')).toHaveLength(1)
    })

    test('destroy leaves nothing', async () => {
      const gone = await stack.destroy()
      expect([gone.failures, homesOf(stack), await cloud.left()]).toEqual([[], [], []])
      expect(cloud.complaints).toEqual([])
    })
  },
)
