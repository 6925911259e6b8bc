/** A Pulumi program's machine at the stand-in EC2 cloud, from create to destroy. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { nspawnHosts } from '../hosts/ec2-hosts.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { type Ec2Cloud, startEc2, whyNoMoto } from '../kit/ec2/cloud.ts'
import type { Json, Report } from '../kit/pulumi/report.ts'
import { type Stack, startStack } from '../kit/pulumi/stack.ts'
import { didOf, dockerWith, homesOf, outputsOf } from '../kit/pulumi/stack-machine.ts'
import { tracesOf } from './key-canary.ts'

jest.setTimeout(240_000)
const why = (await whyNoHosts()) ?? whyNoMoto()
const suite = why ? describe.skip : describe

const program = (amazonec2: string, more = '') =>
  `module.exports.web = new m.Machine('web', { driver: 'amazonec2', amazonec2: { ${amazonec2} }, engine: { agent: 'off' }, ${more} })`

suite(why ? `a Pulumi program’s machine at EC2 [${why}]` : 'a Pulumi program’s machine at EC2', () => {
  let cloud: Ec2Cloud
  let stack: Stack
  let made: Report
  const web = (report: Report): Json => outputsOf(report, 'Machine', 'web')
  const instance = (outputs: Json) => {
    const found = cloud.instances().find(each => String(outputs.files).includes(each.id) && each.host)
    if (!found) throw new Error(`${outputs.name} is no instance`)
    return found
  }
  beforeAll(async () => {
    cloud = await startEc2({ hosts: 'nspawn', makeHost: nspawnHosts() })
    stack = startStack(cloud.env)
    stack.program(program("instanceType: 't3.micro'", "labels: { team: 'infra' }"))
  })
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]()
    await cloud?.[Symbol.asyncDispose]()
  })

  test('preview asks the cloud for nothing', async () => {
    expect(didOf(await stack.preview())).toEqual(['create web'])
    expect(cloud.calls).toEqual([])
  })

  test('up makes an instance whose tags derive from the URN, and docker works', async () => {
    made = await stack.up()
    expect(made.failures).toEqual([])
    expect(await dockerWith(stack, web(made), 'info', '--format', '{{.OSType}}')).toBe('linux')
    const [folder = ''] = homesOf(stack)
    const tags = await cloud.boto<{ Key: string; Value: string }[]>(
      "show(ec2.describe_instances()['Reservations'][0]['Instances'][0]['Tags'])",
    )
    const values = Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
    expect(Object.values(values)).toContain(folder.split('/').at(-1)?.slice(0, 8))
    expect(values).toMatchObject({ team: 'infra' })
  })

  test('the keys of the account are nowhere in the state', () => {
    for (const trace of tracesOf([cloud.keys.canary])) expect(stack.stateText()).not.toContain(trace)
  })

  test('stopped at the cloud: refresh sees it, up starts it with another address', async () => {
    const { id, host } = instance(web(made))
    await host?.exec('systemctl poweroff')
    cloud.stopFromInside(id)
    const seen = await stack.refresh()
    expect([seen.failures, web(seen).state]).toEqual([[], expect.stringMatching(/^Stopp/)])
    const mended = await stack.up()
    expect([mended.failures, didOf(mended)]).toEqual([[], ['update web']])
    expect(web(mended).address).not.toBe(web(made).address)
    expect(await dockerWith(stack, web(mended), 'info', '--format', '{{.OSType}}')).toBe('linux')
  })

  test('another instance type: the same instance, changed and started again', async () => {
    const before = web(await stack.refresh())
    stack.program(program("instanceType: 't3.small'", "labels: { team: 'infra' }"))
    expect(didOf(await stack.preview())).toEqual(['update web'])
    const changed = await stack.up()
    expect([changed.failures, didOf(changed)]).toEqual([[], ['update web']])
    expect(instance(web(changed)).id).toBe(instance(before).id)
    const types = await cloud.boto<string[]>(
      "show([i['InstanceType'] for r in ec2.describe_instances()['Reservations'] for i in r['Instances']])",
    )
    expect(types).toEqual(['t3.small'])
    expect(web(changed)).toMatchObject({ state: 'Running', drift: [], ca: before.ca })
    expect(await dockerWith(stack, web(changed), 'info', '--format', '{{.OSType}}')).toBe('linux')
    expect(didOf(await stack.up())).toEqual([])
  })

  test('terminated by somebody: refresh forgets it, up makes another and removes what was left', async () => {
    const { id } = instance(web(await stack.refresh()))
    await cloud.boto(`ec2.terminate_instances(InstanceIds=['${id}'])`)
    await cloud.settled()
    const seen = await stack.refresh()
    expect([seen.failures, seen.steps.map(({ op }) => op).sort()]).toEqual([[], ['gone', 'read']])
    const again = await stack.up()
    expect([again.failures, didOf(again)]).toEqual([[], ['create web']])
  })

  test('destroy leaves nothing', async () => {
    const gone = await stack.destroy()
    expect([gone.failures, homesOf(stack), await cloud.left()]).toEqual([[], [], []])
  })
})
