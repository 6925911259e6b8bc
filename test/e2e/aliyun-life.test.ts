/**
 * A machine at Alibaba Cloud from `create` to `rm`, with real hosts behind the cloud: "coda-demo" by the line that people type,
 * its keys in the environment; "keyed" with its keys as flags, an elastic address and a data disk. Both are made at once.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { nspawnHosts } from '../hosts/aliyun-hosts.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import { type Home, must, type Ran } from '../kit/cli.ts'
import { importBusybox } from '../kit/images.ts'
import { dockerBy, filesOnHost, hostedAs, startWholeHome, unpackExport } from './cloud-life.ts'
import { filesWith, holds, tracesOf } from './key-canary.ts'

jest.setTimeout(240_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe

const TYPED = [
  ...['--aliyunecs-io-optimized', 'optimized', '--aliyunecs-instance-type', 'ecs.g5.large'],
  ...['--aliyunecs-region', 'cn-qingdao'],
]
const MORE = ['--aliyunecs-eip', '--aliyunecs-disk-size', '20', '--aliyunecs-tag', 'team=ops']

suite(why ? `life at Alibaba Cloud [${why}]` : 'life at Alibaba Cloud', () => {
  let cloud: AliyunCloud
  let home: Home
  let created: Ran
  let keyed: Ran
  let traces: string[]
  const said: string[] = []
  /** Runs the CLI; what it says is searched for keys at the end. */
  const cli = async (...args: string[]) => {
    const ran = await home.cli(...args)
    said.push(ran.stdout, ran.stderr)
    return ran
  }
  const ok = async (...args: string[]) => must(`machine ${args.join(' ')}`, await cli(...args))
  beforeAll(async () => {
    cloud = await startAliyun({ hosts: 'nspawn', makeHost: nspawnHosts(), region: 'cn-qingdao' })
    home = await startWholeHome({ ...cloud.env, ECS_REGION: undefined })
    const { accessKeyId, accessKeySecret } = cloud.keys.canary
    traces = tracesOf([cloud.keys.canary])
    const keys = ['--aliyunecs-access-key-id', accessKeyId, '--aliyunecs-access-key-secret', accessKeySecret]
    const env = { ECS_ACCESS_KEY_ID: undefined, ECS_ACCESS_KEY_SECRET: undefined }
    ;[created, keyed] = await Promise.all([
      cli('create', '-d', 'aliyunecs', ...TYPED, 'coda-demo'),
      home.cliWith({ env }, '--debug', 'create', '-d', 'aliyunecs', ...keys, ...TYPED, ...MORE, 'keyed'),
    ])
    said.push(keyed.stdout, keyed.stderr)
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await cloud?.[Symbol.asyncDispose]()
  })

  const instance = (name: string) => hostedAs(name, home, cloud)
  const docker = (name: string, ...args: string[]) => dockerBy({ ...home, ok }, name, ...args)
  const billable = async () => await (await fetch(`${cloud.url}/_kit/billable`)).json()
  /** Where docker's data lies, and what is mounted there. */
  const dataRoot = async () => [
    await docker('keyed', 'info', '--format', '{{.DockerRootDir}}'),
    (await instance('keyed').host.exec('findmnt -n -o SOURCE,FSTYPE /var/lib/docker; blkid -o value -s UUID /dev/vdb'))
      .trim()
      .replace(/ +/g, ' ')
      .split('\n'),
  ]

  test('create, as people type it, ends well', () => {
    expect(created).toMatchObject({ code: 0, stdout: '' })
    expect(created.stderr).toContain('Docker is up and running!\n')
    expect(created.stderr).toMatch(/To point your Docker client at it, run: eval \$\(\S*machine env coda-demo\)\n$/)
    expect(created.stderr).not.toMatch(/warn|error|undefined/i)
    expect([keyed.code, keyed.code === 0 ? '' : keyed.stderr]).toEqual([0, ''])
    const launches = cloud.calls.filter(call => call.action === 'RunInstances' && !call.dryRun)
    expect(launches.map(({ code, region }) => [code, region])).toEqual([
      ['OK', 'cn-qingdao'],
      ['OK', 'cn-qingdao'],
    ])
    for (const { parameters } of launches)
      expect(parameters).toMatchObject({ InstanceType: 'ecs.g5.large', IoOptimized: 'optimized', Amount: 1 })
    expect(cloud.complaints).toEqual([])
  })

  test('docker run on both engines, through env', async () => {
    for (const name of ['coda-demo', 'keyed']) {
      await importBusybox(home, name)
      expect(await docker(name, 'run', '--rm', 'busybox', 'echo', `on ${name}`)).toBe(`on ${name}`)
    }
  })

  test('ls, status, ip, url, ssh, config and inspect', async () => {
    const [demo, other] = [instance('coda-demo'), instance('keyed')]
    const rows = JSON.parse(await ok('ls', '--json')) as Record<string, string>[]
    expect(rows.map(({ name, driver, state, url, error }) => [name, driver, state, url, error])).toEqual([
      ['coda-demo', 'aliyunecs', 'Running', `tcp://${demo.publicAddress}:2376`, ''],
      ['keyed', 'aliyunecs', 'Running', `tcp://${other.eip}:2376`, ''],
    ])
    expect(await ok('status', 'coda-demo')).toBe('Running\n')
    expect(await ok('ip', 'coda-demo', 'keyed')).toBe(`${demo.publicAddress}\n${other.eip}\n`)
    expect(await ok('url', 'coda-demo')).toBe(`tcp://${demo.publicAddress}:2376\n`)
    expect(await ok('config', 'coda-demo')).toContain(`-H=tcp://${demo.publicAddress}:2376\n`)
    expect(await ok('ssh', 'coda-demo', 'id -un')).toBe('root\n')
    expect(await ok('inspect', '-f', '{{.Driver.InstanceId}} {{.Driver.Region}}', 'coda-demo')).toBe(
      `${demo.id} cn-qingdao\n`,
    )
  })

  test('the data disk holds docker’s data', async () => {
    expect(await dataRoot()).toEqual(['/var/lib/docker', ['/dev/vdb ext4', expect.stringMatching(/^[0-9a-f-]{36}$/)]])
    expect(await instance('keyed').host.exec('ls /var/lib/docker')).toContain('containers')
    expect(await instance('coda-demo').host.exec('findmnt -n /var/lib/docker || echo none')).toMatch(/^none/)
  })

  test('stop, and start: the same addresses, and docker works, unasked', async () => {
    const before = [instance('coda-demo').publicAddress, instance('keyed').eip, await dataRoot()]
    for (const name of ['coda-demo', 'keyed']) {
      expect(await cli('stop', name)).toMatchObject({
        code: 0,
        stderr: expect.stringContaining(`"${name}" was stopped`),
      })
      expect(await ok('status', name)).toBe('Stopped\n')
      const started = await cli('start', name)
      expect([started.code, started.stderr]).toEqual([0, expect.not.stringContaining('certificate')])
      expect(await docker(name, 'run', '--rm', 'busybox', 'echo', 'again')).toBe('again')
    }
    const stops = cloud.calls.filter(call => call.action === 'StopInstance')
    expect(stops.map(call => call.parameters.StoppedMode)).toEqual(['KeepCharging', 'KeepCharging'])
    expect([instance('coda-demo').publicAddress, instance('keyed').eip, await dataRoot()]).toEqual(before)
  })

  test('restart reboots; kill pulls the plug; start brings it back', async () => {
    await ok('restart', 'coda-demo')
    expect(instance('coda-demo').reboots).toBe(1)
    await ok('kill', 'coda-demo')
    expect(await ok('status', 'coda-demo')).toBe('Stopped\n')
    await ok('start', 'coda-demo')
    expect(await docker('coda-demo', 'images', '-q', 'busybox')).not.toBe('')
  })

  test('provision changes nothing, and formats no disk again', async () => {
    for (const name of ['coda-demo', 'keyed']) {
      const [done] = JSON.parse(await ok('provision', '--json', name)) as { changed: string[] }[]
      expect([name, done?.changed]).toEqual([name, []])
    }
    expect(await docker('keyed', 'run', '--rm', 'busybox', 'echo', 'still there')).toBe('still there')
  })

  test('the keys are in no file here or on the hosts, and in nothing that is said or handed on', async () => {
    await ok('--debug', 'provision', 'coda-demo')
    await ok('inspect', 'keyed')
    expect(await unpackExport({ ...home, ok }, 'keyed')).toContain(instance('keyed').id)
    expect(filesWith(traces, home.path)).toEqual([])
    expect(said.join('').length).toBeGreaterThan(2000)
    expect(holds(traces, said.join('\n'))).toBe(false)
    for (const name of ['coda-demo', 'keyed']) expect(await filesOnHost(instance(name).host, traces)).toEqual([])
  })

  test('rm leaves nothing', async () => {
    expect(await billable()).toEqual(expect.arrayContaining([expect.stringContaining('eip ')]))
    for (const name of ['coda-demo', 'keyed'])
      expect((await cli('rm', '-y', name)).stderr).toContain(`Successfully removed ${name}\n`)
    expect(cloud.left()).toEqual([])
    expect(await billable()).toEqual([])
    expect(await ok('ls', '-q')).toBe('')
    expect(existsSync(join(home.store, 'machines/coda-demo'))).toBe(false)
    expect(cloud.complaints).toEqual([])
  })
})
