/**
 * Machines in a stand-in VirtualBox from `create` to `rm`, with real hosts in its VMs, which real cloud-init made of the seeds:
 * "dev" with nothing but the image said, "fixed" with a whole disk, an address and user data of its own. Both are made at
 * once, by two processes, where nothing is there yet: neither image nor network.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { nspawnHosts } from '../hosts/virtualbox-hosts.ts'
import { type Home, type Ran, run, startHome } from '../kit/cli.ts'
import { importBusybox } from '../kit/images.ts'
import { testSubnet } from '../kit/places.ts'
import { cloudImage } from '../kit/virtualbox/cloud-image.ts'
import { startVirtualBox, type VirtualBoxStandIn } from '../kit/virtualbox/virtualbox.ts'
import { type ImageServer, serveImage } from './image-server.ts'

jest.setTimeout(240_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe

/** Runs side by side reach their guests from one computer: each lane has an address of its own. */
const FIXED = `192.168.59.${20 + Math.floor(Number(testSubnet('virtualbox').split('.')[2]) / 21)}`
const USER_DATA = `#cloud-config
write_files: [{path: /root/asked, content: hello}]
runcmd: [[touch, /root/ran]]
`

suite(why ? `life in VirtualBox [${why}]` : 'life in VirtualBox', () => {
  let vbox: VirtualBoxStandIn
  let images: ImageServer
  let home: Home
  let [dev, fixed] = [{} as Ran, {} as Ran]
  const create = (...args: string[]) =>
    home.cli('create', '-d', 'virtualbox', '--virtualbox-image', images.url, ...args)
  const status = async (name: string) => (await home.ok('status', name)).trim()
  const record = (name: string) =>
    JSON.parse(readFileSync(join(home.store, 'machines', name, 'config.json'), 'utf8')).Driver
  const times = (first: string) => vbox.calls.filter(call => call.argv.join(' ').startsWith(first)).length

  beforeAll(async () => {
    vbox = await startVirtualBox({ makeHost: nspawnHosts() })
    home = await startHome({ ...vbox.env, XDG_DATA_HOME: undefined })
    images = await serveImage(cloudImage(home.path))
    writeFileSync(join(home.path, 'user-data'), USER_DATA)
    const more = [
      '--virtualbox-stop-timeout',
      '4',
      '--virtualbox-hostonly-address',
      FIXED,
      '--virtualbox-userdata',
      join(home.path, 'user-data'),
    ]
    ;[dev, fixed] = await Promise.all([
      create('dev'),
      create(
        '--no-virtualbox-linked-clone',
        '--virtualbox-ssh-user',
        'admin',
        '--virtualbox-no-share',
        ...more,
        'fixed',
      ),
    ])
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await images?.[Symbol.asyncDispose]()
    await vbox?.[Symbol.asyncDispose]()
  })

  test('both are made, with one download, one conversion and one network', () => {
    expect([dev.code, dev.code === 0 ? '' : dev.stderr]).toEqual([0, ''])
    expect([fixed.code, fixed.code === 0 ? '' : fixed.stderr]).toEqual([0, ''])
    expect(dev.stderr).toContain('Docker is up and running!\n')
    expect(`${dev.stderr}${fixed.stderr}`).not.toMatch(/undefined|warn/i)
    expect(images.asked.filter(path => path.endsWith('.vmdk'))).toHaveLength(1)
    expect(times('hostonlyif create')).toBe(1)
    expect(times('dhcpserver add')).toBe(1)
    // The image's, and the whole copy of it.
    expect(times('clonemedium')).toBe(2)
    expect(vbox.complaints).toEqual([])
  })

  test('containers run on both', async () => {
    for (const name of ['dev', 'fixed']) {
      await importBusybox(home, name)
      expect(await home.dockerOk(name, 'run', '--rm', 'busybox', 'echo', name)).toBe(name)
    }
  })

  test('the hosts are as the seeds asked: names, logins, keys, user data', async () => {
    expect(await home.ok('ssh', 'dev', 'hostname; id -un; sudo id -un')).toBe('dev\ndocker\nroot\n')
    expect(await home.ok('ssh', 'fixed', 'hostname; id -un; sudo cat /root/asked; sudo ls /root/ran')).toBe(
      'fixed\nadmin\nhello/root/ran\n',
    )
    expect((await home.ok('ip', 'fixed')).trim()).toBe(FIXED)
    expect(record('dev')).toMatchObject({
      IPAddress: (await home.ok('ip', 'dev')).trim(),
      MachineName: 'dev',
      SSHUser: 'docker',
      CPU: 1,
      Memory: 1024,
      DiskSize: 20000,
      HostOnlyCIDR: '192.168.59.1/24',
      Image: images.url,
    })
    // What docker-machine logs in at.
    const { SSHPort } = record('dev')
    const key = join(home.store, 'machines/dev/id_rsa')
    const options = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=quiet']
    const ssh = await run('ssh', [...options, '-i', key, '-p', String(SSHPort), 'docker@127.0.0.1', 'hostname'])
    expect([ssh.code, ssh.stdout]).toEqual([0, 'dev\n'])
  })

  test('stop and start: the same address, its snapshot and its containers are there', async () => {
    const before = await home.ok('ip', 'dev')
    await home.dockerOk('dev', 'run', '-d', '--name', 'kept', '--restart', 'always', 'busybox', 'sleep', '1000000')
    expect(await vbox.manage('snapshot', 'dev', 'take', 'before')).toMatchObject({ code: 0 })
    await home.ok('stop', 'dev')
    expect(await status('dev')).toBe('Stopped')
    await home.ok('start', 'dev')
    expect(await home.ok('ip', 'dev')).toBe(before)
    expect(await home.dockerOk('dev', 'ps', '-a', '--format', '{{.Names}}')).toBe('kept')
    expect((await vbox.manage('snapshot', 'dev', 'list')).stdout).toContain('before')
  })

  test('one that does not hear its power button: the text says what to do, and that does it', async () => {
    vbox.setDeaf('fixed', true)
    const ran = await home.cli('stop', 'fixed')
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('"fixed" did not shut down within 4 s')])
    expect(ran.stderr).toContain('machine kill fixed pulls the plug')
    await home.ok('kill', 'fixed')
    expect(await status('fixed')).toBe('Stopped')
    vbox.setDeaf('fixed', false)
    await home.ok('start', 'fixed')
  })

  test('paused, saved and crashed ones', async () => {
    await vbox.manage('controlvm', 'fixed', 'pause')
    expect(await status('fixed')).toBe('Paused')
    await vbox.manage('controlvm', 'fixed', 'resume')
    await vbox.manage('controlvm', 'fixed', 'savestate')
    expect(await status('fixed')).toBe('Saved')
    const ran = await home.cli('stop', 'fixed')
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('"fixed" is saved')])
    await home.ok('start', 'fixed')
    expect(await status('fixed')).toBe('Running')
    await vbox.crash('fixed')
    expect(await status('fixed')).toBe('Stopped')
  })

  test('rm leaves the shared network and the disk of the image, and nothing else', async () => {
    await home.ok('rm', '-y', 'dev', 'fixed')
    await vbox.settled()
    expect(readdirSync(join(home.store, 'machines'))).toEqual([])
    expect(
      vbox
        .left()
        .filter(
          thing => !/^(hostonlyif vboxnet0|dhcpserver HostInterfaceNetworking-vboxnet0|hdd .*\/images\/)/.test(thing),
        ),
    ).toEqual([])
    const kept = readdirSync(join(home.path, '.local/share/machine/images')).filter(name => name.endsWith('.vdi'))
    expect(kept).toEqual([expect.stringMatching(/^[0-9a-f]{16}-20000\.vdi$/)])
    expect(existsSync(join(home.path, 'VirtualBox VMs'))).toBe(false)
    expect(vbox.complaints).toEqual([])
  })
})
