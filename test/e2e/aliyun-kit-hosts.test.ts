/** The stand-in Alibaba Cloud: real hosts behind it, as far as its API and ssh can tell; and the kit as a person starts it. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { nspawnHosts } from '../hosts/aliyun-hosts.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import { describe, findPlace, launchOne, type Place } from '../kit/aliyun/first-steps.ts'
import { must, run } from '../kit/cli.ts'
import { SSH, sshOnce, sshOnceUp } from '../kit/ssh-up.ts'
import { unless } from '../kit/tools.ts'
import { startKitProgram } from './kit-program.ts'

const noHosts = await whyNoHosts()
const needsHosts = unless(noHosts)

let folder: string
let cloud: AliyunCloud
let place: Place
let hadDisks: string
const loops = () =>
  execFileSync('losetup', ['--list', '--noheadings', '--output', 'NAME,BACK-FILE'], { encoding: 'utf8' })
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'machine-aliyun-'))
  if (noHosts !== undefined) return
  hadDisks = loops()
  cloud = await startAliyun({ hosts: 'nspawn', makeHost: nspawnHosts() })
  place = await findPlace(cloud)
  await writeFile(join(folder, 'key'), place.privateKey, { mode: 0o600 })
}, 300_000)
afterAll(async () => {
  await cloud?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

const ssh = (user: string, address: string | undefined, command: string) =>
  sshOnceUp(join(folder, 'key'), `${user}@${address}`, command)
const now = (id: string) => cloud.instances().find(each => each.id === id)

needsHosts(
  'an instance is a host: root logs in, user data is done, its data disk is formatted, and is there after reboot, stop and start',
  async () => {
    const UserData = Buffer.from('#cloud-config\nwrite_files: [{path: /root/asked, content: hello}]\n').toString(
      'base64',
    )
    const InstanceId = await launchOne(cloud, place, {
      UserData,
      HostName: 'coda-demo',
      InternetMaxBandwidthOut: 5,
      'DataDisk.1.Size': 40,
    })
    await cloud.settled()
    const address = now(InstanceId)?.publicAddress
    const told = await describe(cloud, InstanceId)
    expect(told).toMatchObject({ Status: 'Running', PublicIpAddress: { IpAddress: [address] } })
    expect(await ssh('root', address, 'cloud-init status --wait >/dev/null; hostname; cat /root/asked')).toBe(
      'coda-demo\nhello',
    )
    const disks = await cloud.ask<{ Disks: { Disk: { SerialNumber: string }[] } }>('DescribeDisks', {
      RegionId: place.RegionId,
      InstanceId,
      DiskType: 'data',
    })
    const byId = `/dev/disk/by-id/virtio-${disks.Disks.Disk[0]?.SerialNumber}`
    expect(
      await ssh('root', address, `readlink -f ${byId}; blockdev --getsize64 ${byId}; blkid -p ${byId} || echo empty`),
    ).toBe(`/dev/vdb\n${40 * 2 ** 30}\nempty`)
    await ssh(
      'root',
      address,
      `set -e; mkfs.ext4 -q ${byId}; mkdir -p /data
      echo "UUID=$(blkid -s UUID -o value ${byId}) /data ext4 defaults 0 2" >> /etc/fstab
      mount /data; echo kept > /data/file; sync`,
    )
    const kept = () =>
      ssh('root', address, 'findmnt -n -o SOURCE,FSTYPE /data && cat /data/file').then(t => t.replace(/ +/g, ' '))
    expect(await kept()).toBe('/dev/vdb ext4\nkept')
    const boot = () => ssh('root', address, 'cat /proc/sys/kernel/random/boot_id; stat -c %Y /proc/1')
    const first = await boot()
    await cloud.ask('RebootInstance', { InstanceId })
    await cloud.settled()
    while ((await boot()) === first) await sleep(200)
    expect(await kept()).toBe('/dev/vdb ext4\nkept')
    for (const [action, more] of [
      ['StopInstance', { StoppedMode: 'KeepCharging' }],
      ['StartInstance', {}],
      ['StopInstance', { ForceStop: true }],
      ['StartInstance', {}],
    ] as const) {
      await cloud.ask(action, { InstanceId, ...more })
      await cloud.settled()
    }
    expect(now(InstanceId)?.publicAddress).toBe(address)
    expect(await kept()).toBe('/dev/vdb ext4\nkept')
    await cloud.ask('DeleteInstance', { InstanceId, Force: true })
    await cloud.settled()
    expect(loops()).toBe(hadDisks)
  },
  240_000,
)

needsHosts(
  'without a key pair the password lets in; ecs-user where it is asked for; an elastic address is where it is bound',
  async () => {
    const { KeyPairName: _, ...keyless } = place.launch as Record<string, string>
    const answer = await cloud.ask<{ InstanceIdSets: { InstanceIdSet: string[] } }>('RunInstances', {
      ...keyless,
      Password: 'Correct-Horse-1',
    })
    const byPassword = answer.InstanceIdSets.InstanceIdSet[0] ?? ''
    const asUser = await launchOne(cloud, place, { 'ImageOptions.LoginAsNonRoot': true })
    await cloud.settled()
    const askpass = join(folder, 'askpass')
    await writeFile(askpass, '#!/bin/sh\necho Correct-Horse-1\n', { mode: 0o700 })
    const env = { ...process.env, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', SSH_AUTH_SOCK: '' }
    const login = async () => {
      for (const end = Date.now() + 90_000; ; await sleep(300)) {
        const args = [...SSH, '-o', 'PubkeyAuthentication=no', `root@${now(byPassword)?.privateAddress}`, 'id -un']
        const done = await run('ssh', args, { env })
        if (done.code === 0 || Date.now() > end) return must('ssh by password', done).trim()
      }
    }
    expect(await login()).toBe('root')

    const vpc = { service: 'vpc' } as const
    const { AllocationId, EipAddress } = await cloud.ask<{ AllocationId: string; EipAddress: string }>(
      'AllocateEipAddress',
      { RegionId: place.RegionId },
      vpc,
    )
    await cloud.ask('AssociateEipAddress', { RegionId: place.RegionId, AllocationId, InstanceId: asUser }, vpc)
    await cloud.settled()
    expect(await ssh('ecs-user', EipAddress, 'cloud-init status --wait >/dev/null; sudo id -un')).toBe('root')
    const asRoot = await sshOnce(join(folder, 'key'), `root@${EipAddress}`, 'true')
    expect([asRoot.code, asRoot.stderr]).toEqual([255, expect.stringContaining('Permission denied')])
    for (const InstanceId of [byPassword, asUser]) await cloud.ask('DeleteInstance', { InstanceId, Force: true })
    await cloud.settled()
    await cloud.ask('ReleaseEipAddress', { AllocationId }, vpc)
  },
  240_000,
)

test('a person starts it alone: what to set on stdout, what costs under /_kit/billable, and away with Ctrl-C', async () => {
  await using kit = await startKitProgram('aliyun')
  expect(Object.keys(kit.env)).toEqual([
    'ECS_ENDPOINT',
    'ECS_ACCESS_KEY_ID',
    'ECS_ACCESS_KEY_SECRET',
    'ECS_REGION',
    'MACHINE_ALIYUNECS_VPC_ENDPOINT',
    'MACHINE_ALIYUNECS_SLB_ENDPOINT',
    'MACHINE_ALIYUNECS_STS_ENDPOINT',
    'MACHINE_ALIYUNECS_CHECK_URL',
    'MACHINE_ALIYUNECS_METADATA_URL',
  ])
  expect(await (await fetch(`${kit.env.ECS_ENDPOINT}/_kit/billable`)).json()).toEqual([])
  expect(await kit.interrupt()).toBe(0)
}, 60_000)
