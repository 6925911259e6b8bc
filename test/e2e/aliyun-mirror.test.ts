/**
 * Hosts without an engine in a region of mainland China, whose mirror of Docker's packages they do not reach: where nobody named
 * it, the distribution's package serves, and that is said; where somebody did, nothing else is installed in its stead.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { repositoryBase } from '../../provisioning/mirrors.ts'
import { nspawnHosts } from '../hosts/aliyun-hosts.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import { type Home, type Ran, startHome } from '../kit/cli.ts'
import { importBusybox } from '../kit/images.ts'

jest.setTimeout(600_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe
const MIRROR = repositoryBase('aliyun')

suite(why ? `a mirror out of reach [${why}]` : 'a mirror out of reach', () => {
  let cloud: AliyunCloud
  let home: Home
  let made: Ran
  let named: Ran
  beforeAll(async () => {
    const makeHost = nspawnHosts({ packages: ['-docker.io'] })
    cloud = await startAliyun({ hosts: 'nspawn', makeHost, region: 'cn-qingdao' })
    home = await startHome(cloud.env)
    const userData = join(home.path, 'user-data')
    writeFileSync(userData, `#!/bin/sh\necho 127.0.0.1 ${new URL(MIRROR).hostname} >> /etc/hosts\n`)
    const create = ['create', '-d', 'aliyunecs', '--engine-agent=off', '--aliyunecs-userdata', userData]
    ;[made, named] = await Promise.all([
      home.cli(...create, 'made'),
      home.cli(...create, '--engine-mirror=aliyun', 'named'),
    ])
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await cloud?.[Symbol.asyncDispose]()
  })

  test('that nobody named: the package of the distribution is installed, and said so', async () => {
    expect([made.code, made.code === 0 ? '' : made.stderr]).toEqual([0, ''])
    expect(made.stderr).toMatch(
      new RegExp(`^${MIRROR}\\S+ is out of its reach: installing Debian's own docker.io$`, 'm'),
    )
    const image = await importBusybox(home, 'made')
    expect(await home.dockerOk('made', 'run', '--rm', image, 'echo', 'runs')).toBe('runs')
  })

  test('that somebody named: it is told, and nothing is installed', () => {
    expect(named.code).toBe(1)
    expect(named.stderr).toMatch(
      new RegExp(
        `--engine-mirror needs Docker's repository, and ${MIRROR}\\S+ is out of its reach\\n {2}→ try --engine-mirror`,
      ),
    )
  })
})
