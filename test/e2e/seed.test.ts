/**
 * The seed of a local VM, read by real cloud-init on a real host. Its files are taken off the CD first: the kernel of
 * computers that run tests may have no ISO 9660 (that the CD is one, test/unit/drivers/local/iso9660.test.ts shows).
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { seedImage } from '../../drivers/local/seed.ts'
import { mountScript } from '../../drivers/virtualbox/share.ts'
import { loginUser, makeHost } from '../hosts/ec2-hosts.ts'
import { whyNoHosts } from '../hosts/host.ts'
import type { CloudHost } from '../kit/cloud/hosts.ts'
import { testSubnet } from '../kit/places.ts'
import { which } from '../kit/which.ts'

jest.setTimeout(180_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe

const USER_DATA = `#cloud-config
users: [default, {name: other, shell: /bin/sh}]
runcmd: [[touch, /root/theirs]]
`

suite(why ? `a seed [${why}]` : 'a seed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'machine-seed-'))
  let host: CloudHost
  beforeAll(async () => {
    const iso = join(folder, 'seed.iso')
    const seed = seedImage({
      instanceId: '7d5cf0f9-0000-4000-8000-000000000001',
      hostName: 'dev',
      user: 'docker',
      publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOGgN0g7aEw1H8HS4MSkthigy8n23aLuUhxBqbP/mS9Z dev',
      interfaces: [
        { name: 'eth0', mac: '08:00:27:00:00:01', isUplink: true },
        { name: 'eth1', mac: '08:00:27:00:00:02', isUplink: false },
        { name: 'eth2', mac: '08:00:27:00:00:03', isUplink: false, address: '192.168.59.30/24' },
      ],
      userData: Buffer.from(USER_DATA),
      scripts: [mountScript({ folder: '/home', name: 'hosthome' })],
    })
    writeFileSync(iso, seed)
    host = await makeHost({ id: 'i-seed' }, testSubnet('generic'), {}, root => {
      const at = join(root, 'var/lib/cloud/seed/nocloud')
      mkdirSync(at, { recursive: true })
      const files = ['meta-data', 'network-config', 'user-data'].flatMap(name => [
        '-extract',
        `/${name}`,
        join(at, name),
      ])
      execFileSync(which('xorriso') ?? 'xorriso', ['-osirrox', 'on', '-indev', iso, ...files], { stdio: 'pipe' })
      // What an image has of its own: a login of another name. The network is the container's.
      const image = {
        ssh_deletekeys: false,
        network: { config: 'disabled' },
        system_info: { default_user: loginUser('ubuntu', true) },
      }
      const folder = join(root, 'etc/cloud/cloud.cfg.d')
      // A shell script reads this one, and knows no JSON.
      writeFileSync(join(folder, '98-test.cfg'), 'datasource_list: [ NoCloud ]\n')
      writeFileSync(join(folder, '99-test.cfg'), JSON.stringify(image))
    })
    await host.start()
    await host.exec('timeout 100 cloud-init status --wait || [ $? = 2 ]')
  })
  afterAll(async () => {
    await host?.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  test('the login of the image has the name that was asked for, with the key and all of sudo', async () => {
    expect(await host.exec('id -un docker; id -un ubuntu 2>&1 | grep -c "no such user"')).toBe('docker\n1')
    expect(await host.exec('cut -d" " -f3 /home/docker/.ssh/authorized_keys; sudo -u docker sudo -n id -un')).toBe(
      'dev\nroot',
    )
  })

  test('it has its name', async () => expect(await host.exec('hostname')).toBe('dev'))

  test("a person's user data is done, too", async () => {
    expect(await host.exec('ls /root/theirs; id -un other')).toBe('/root/theirs\nother')
  })

  test('a shared folder that this kernel cannot mount is told of, and holds nothing up', async () => {
    const log = await host.exec('cat /var/log/cloud-init-output.log')
    expect(log).toMatch(
      /machine: (this kernel has no vboxsf, so \/hosthome is not mounted|\/hosthome could not be mounted)/,
    )
    expect(log).not.toMatch(/Failed to run module scripts/)
  })

  test('cloud-init takes the network as it is written, and makes of it what was meant', async () => {
    const seed = '/var/lib/cloud/seed/nocloud'
    await host.exec(
      `cd /tmp && cloud-init devel net-convert -p ${seed}/network-config -k yaml -d net -D debian -O networkd`,
    )
    const made = (card: string) => host.exec(`cat /tmp/net/etc/systemd/network/*-${card}.network`)
    expect(await made('eth0')).toMatch(/MACAddress=08:00:27:00:00:01\nName=eth0\n[\s\S]*DHCP=ipv4/)
    expect(await made('eth1')).toMatch(/UseDNS=False\nUseRoutes=False\n[\s\S]*MACAddress=08:00:27:00:00:02\nName=eth1/)
    expect(await made('eth2')).toMatch(/Address=192\.168\.59\.30\/24\n[\s\S]*MACAddress=08:00:27:00:00:03\nName=eth2/)
    expect(await host.exec('cloud-init schema --system 2>&1 || :')).toMatch(/Valid schema/)
  })
})
