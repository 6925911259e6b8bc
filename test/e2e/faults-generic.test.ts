/** What goes wrong between this computer and a host that is not ours: SSH, its keys, its firewall, its death. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { CLASSIC, type Home, startHome } from '../kit/cli.ts'
import { editRecord, provisioned } from '../kit/generic.ts'
import { testSubnet } from '../kit/places.ts'
import { runMeeting } from '../kit/points.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()
const subnet = testSubnet('faults')

/** A restart of the engine that takes a while: what a test does meanwhile surely happens midway. */
const SLOW_RESTART = `mkdir -p /etc/systemd/system/docker.service.d
printf '[Service]\\nExecStartPre=/bin/sleep 3\\n' > /etc/systemd/system/docker.service.d/slow.conf
systemctl daemon-reload`

const suite = why ? describe.skip : describe
suite(why ? `a host that fails us [${why}]` : 'a host that fails us', () => {
  let home: Home
  let host: TestHost
  const create = (...args: string[]) => ['create', '-d', 'generic', ...host.flags, ...args]

  beforeAll(async () => {
    host = await startHost({ subnet, setUp: SLOW_RESTART })
    home = await startHome(CLASSIC)
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await host?.[Symbol.asyncDispose]()
  })

  /** Nothing is answered on this port any more, as behind a firewall (in a table that is not the host's own firewall). */
  async function swallow(port: number) {
    const rule = `PREROUTING -p tcp --dport ${port} -j DROP`
    await host.exec(`iptables -t raw -I ${rule}`)
    const open = () => host.exec(`iptables -t raw -D ${rule}`, { ok: true })
    return { open, [Symbol.asyncDispose]: async () => void (await open()) }
  }

  test('a key it does not let in: create says so, and rm clears the half machine', async () => {
    const wrong = join(home.path, 'wrong')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', wrong])
    const refused = await home.cli(
      'create',
      '-d',
      'generic',
      '--generic-ip-address',
      host.address,
      '--generic-ssh-key',
      wrong,
      'shut',
    )
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(
      /Error creating machine: Error detecting OS: 198\.19\.\d+\.\d+:22 does not let root log in \(tried a ssh-ed25519 key\)/,
    )
    expect(refused.stderr).toContain('machine rm shut removes it')
    expect((await home.cli('rm', '-y', 'shut')).code).toBe(0)
    expect(await home.ok('ls', '-q')).not.toContain('shut')
  })

  test('sshd dies midway of provisioning: create ends with a clear text, and provision goes on', async () => {
    const die = () => host.exec('pkill -KILL sshd', { ok: true })
    const broken = await runMeeting(home, 'provision server-certificate', die, ...create('box'))
    expect(broken.points).not.toContain('certificates copied')
    expect(broken.code).toBe(1)
    expect(broken.stderr).toMatch(
      /Error creating machine: Error running provisioning: .*connection.*(lost|closed|ended|broke)/i,
    )
    expect(broken.stderr).toContain('machine provision box')
    await host.exec('systemctl reset-failed ssh; systemctl restart ssh')
    await home.ok('provision', 'box')
    expect(await home.dockerOk('box', 'info', '--format', '{{.OSType}}')).toBe('linux')
  })

  test('another host key is refused with both fingerprints, until it is accepted by name', async () => {
    await host.exec(`rm /etc/ssh/ssh_host_*
      for t in ed25519 ecdsa; do ssh-keygen -q -t $t -N '' -f /etc/ssh/ssh_host_$t"_key"; done; systemctl restart ssh`)
    const refused = await home.cli('provision', 'box')
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/the SSH host key of 198\.19\.\d+\.\d+:22 is not the one/),
    ])
    expect(refused.stderr.match(/SHA256:/g)).toHaveLength(2)
    expect(refused.stderr).toContain('→ if the host was rebuilt: machine provision --accept-host-key box')
    expect((await home.cli('ssh', 'box', '--', 'true')).code).not.toBe(0)
    await home.ok('provision', '--accept-host-key', 'box')
    expect(await provisioned(home, 'box')).toEqual([])
    expect((await home.cli('ssh', 'box', '--', 'true')).code).toBe(0)
  })

  test('a firewall before the engine port: the text names the port', async () => {
    await using wall = await swallow(2376)
    const refused = await home.cli('provision', 'box')
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/Unable to verify the Docker daemon is listening: .*198\.19\.\d+\.\d+:2376/)
    expect(refused.stderr).toMatch(/→ .*firewall.*open the engine port/)
    const [row] = JSON.parse(await home.ok('ls', '--json', '-t', '2'))
    expect(row).toMatchObject({ name: 'box', state: 'Timeout' })
    await wall.open()
    await home.ok('provision', 'box')
  })

  test('a dead host costs its own row only, and no more than --timeout', async () => {
    await using _dead = await swallow(2222)
    const late = ['--generic-ip-address', host.address, '--generic-ssh-port', '2222', '--generic-ssh-key', host.keyPath]
    const interrupt = (pid: number) => process.kill(pid, 'SIGINT')
    const stopped = await runMeeting(home, 'instance made', interrupt, 'create', '-d', 'generic', ...late, 'dead')
    expect(stopped.code).toBe(130)
    const rows = JSON.parse(await home.ok('ls', '--json', '-t', '3'))
    expect(rows).toMatchObject([
      { name: 'box', state: 'Running', docker: expect.stringMatching(/^v/), error: '' },
      { name: 'dead', state: 'Timeout' },
    ])
    await home.ok('rm', '-y', 'dead')
  })

  test('a disk that is full: the sentence says so, and provision goes on once there is room', async () => {
    await host.exec(`cp -a /etc/docker /root/docker; mount -t tmpfs -o size=64k tmpfs /etc/docker; cp -a /root/docker/. /etc/docker/
      dd if=/dev/zero of=/etc/docker/fill bs=1k 2>/dev/null || :`)
    editRecord(home, 'box', engine => engine.Labels.push('room=none'))
    const refused = await home.cli('provision', 'box')
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/the disk of .* is full/)])
    expect(await home.dockerOk('box', 'info', '--format', '{{.OSType}}')).toBe('linux')
    await host.exec('umount /etc/docker')
    expect(await provisioned(home, 'box')).toContain('engine-settings')
  })
})
