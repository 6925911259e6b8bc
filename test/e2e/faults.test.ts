/** What goes wrong around a machine on this computer: power, disks, stores, several creates at once, Ctrl-C. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { parseSubnet } from '../../drivers/nspawn/subnet.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { CLASSIC, type Home, startHome } from '../kit/cli.ts'
import { hostEnv } from '../kit/dev-machine.ts'
import { leftovers } from '../kit/leftovers.ts'
import { mountLoopDisk } from '../kit/loop-disk.ts'
import { testSubnet } from '../kit/places.ts'
import { runMeeting } from '../kit/points.ts'
import { mountSmallDisk } from '../kit/small-disk.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()
const net = parseSubnet(testSubnet('faults'))
const env = hostEnv('faults', net.cidr)
const stateDir = env.MACHINE_NSPAWN_STATE_DIR ?? ''
const left = () => leftovers(net.bridge, stateDir, /^fault/)
const create = ['create', '-d', 'nspawn']

const suite = why ? describe.skip : describe
suite(why ? `faults [${why}]` : 'faults', () => {
  let home: Home
  const status = async (name: string) => (await home.ok('status', name)).trim()
  const hosts = () => readdirSync(join(stateDir, 'hosts'))
  const answers = (name: string) => home.dockerOk(name, 'info', '--format', '{{.OSType}}')

  beforeAll(async () => {
    expect(left()).toBe('')
    home = await startHome({ ...env, ...CLASSIC })
    await home.ok(...create, 'fault')
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    expect(left()).toBe('')
  })

  /** Pid of the machine's systemd-nspawn, and of its init. */
  function pidsOf(name: string): { nspawn: number; init: number } {
    const id = hosts().find(host => host.startsWith(`${name}-`)) ?? ''
    const nspawn = Number(readFileSync(join(stateDir, 'hosts', id, 'pid'), 'utf8').split(' ')[0])
    const init = Number(readFileSync(`/proc/${nspawn}/task/${nspawn}/children`, 'utf8').split(' ')[0])
    return { nspawn, init }
  }

  describe('of power', () => {
    test('a host whose process is killed is Stopped, and start brings it back at its address', async () => {
      const before = (await home.ok('ip', 'fault')).trim()
      process.kill(pidsOf('fault').nspawn, 'SIGKILL')
      expect(await status('fault')).toBe('Stopped')
      const refused = await home.cli('env', 'fault')
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Host is not running')])
      await home.ok('start', 'fault')
      expect((await home.ok('ip', 'fault')).trim()).toBe(before)
      expect(await answers('fault')).toBe('linux')
    })

    test('after a reboot of this computer ls says Stopped, and start makes the network again', async () => {
      const { nspawn, init } = pidsOf('fault')
      for (const pid of [init, nspawn]) process.kill(pid, 'SIGKILL')
      const rules = () =>
        execFileSync('iptables-save', { encoding: 'utf8' })
          .split('\n')
          .filter(rule => rule.includes(net.bridge))
          .sort()
      const before = rules()
      expect(before).toHaveLength(4)
      execFileSync('ip', ['link', 'del', net.bridge])
      for (const rule of before) {
        const table = rule.includes('MASQUERADE') ? 'nat' : 'filter'
        execFileSync('sh', ['-c', `iptables -w -t ${table} ${rule.replace(/^-A/, '-D')}`])
      }
      expect(JSON.parse(await home.ok('ls', '--json'))).toMatchObject([{ name: 'fault', state: 'Stopped', error: '' }])
      await home.ok('start', 'fault')
      expect(rules()).toEqual(before)
      expect(await answers('fault')).toBe('linux')
    })
  })

  describe('of disks', () => {
    test('a disk with too little room is refused before anything is made', async () => {
      using disk = mountSmallDisk(100_000)
      const refused = await home.cli(...create, '--nspawn-state-dir', join(disk.path, 'state'), 'fault-small')
      expect(refused.stderr).toMatch(/Error with pre-create check: "only \d+ MB are free for .*, a host needs 2048"/)
      expect(refused.code).toBe(3)
      expect([await home.ok('ls', '-q'), readdirSync(disk.path)]).toEqual(['fault\n', []])
    })

    test('a host whose disk is full: provision says so, goes on once there is room, and rm works', async () => {
      using disk = mountLoopDisk(3500)
      await home.ok(...create, '--nspawn-state-dir', join(disk.path, 'state'), 'fault-full')
      const inside = (command: string) => home.ok('ssh', 'fault-full', '--', command)
      const fill = 'fallocate -l $(df -k --output=avail / | tail -1)k /fill || :; dd if=/dev/zero of=/fill2 bs=4k || :'
      await inside(fill)
      await inside('rm /etc/docker/daemon.json /etc/docker/*.pem; dd if=/dev/zero of=/fill3 bs=4k || :')
      const refused = await home.cli('provision', 'fault-full')
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/the disk of .* is full/)])
      expect(refused.stderr).toMatch(/→ make room.*machine provision/)
      await inside('rm /fill*')
      await home.ok('provision', 'fault-full')
      expect(await answers('fault-full')).toBe('linux')
      await inside(fill)
      expect((await home.cli('rm', '-y', 'fault-full')).code).toBe(0)
      expect(readdirSync(disk.path)).not.toContain('hosts')
    })

    test('a store on a read-only file system: machines are shown, nothing can be made or removed', async () => {
      using disk = mountSmallDisk(10_000)
      await using fixed = await startHome({ ...env, ...CLASSIC, MACHINE_STORAGE_PATH: disk.path })
      await fixed.ok('create', '-d', 'none', '--url', 'tcp://198.51.100.1:2376', 'kept')
      disk.makeReadOnly()
      expect(JSON.parse(await fixed.ok('ls', '--json', '-t', '1'))).toMatchObject([{ name: 'kept', driver: 'none' }])
      for (const args of [
        [...create, 'fault-new'],
        ['rm', '-y', 'kept'],
        ['rm', '-f', 'kept'],
      ]) {
        const refused = await fixed.cli(...args)
        expect(refused.stderr).toMatch(/cannot write .*: the file system is read-only/)
        expect([refused.code, refused.stderr]).toEqual([1, expect.not.stringContaining('bug')])
      }
      expect((await fixed.ok('ls', '-q')).trim()).toBe('kept')
      execFileSync('mount', ['-o', 'remount,rw', disk.path]) // so that the home can be cleared
    })

    test('a record that does not parse is an error row, and only rm -f touches it', async () => {
      const path = join(home.store, 'machines/broken/config.json')
      await home.ok('create', '-d', 'none', '--url', 'tcp://198.51.100.1:2376', 'broken')
      const torn = readFileSync(path, 'utf8').slice(0, 200)
      writeFileSync(path, torn)
      const rows = JSON.parse(await home.ok('ls', '--json'))
      expect(rows.map((row: { state: string }) => row.state)).toEqual(['Error', 'Running'])
      expect(rows[0].error).not.toBe('')
      for (const command of ['start', 'stop', 'provision', 'env', 'inspect', 'create', 'rm']) {
        const flags = command === 'create' ? create.slice(1) : command === 'rm' ? ['-y'] : []
        const refused = await home.cli(command, ...flags, 'broken')
        expect([command, refused.code, refused.stderr]).toEqual([command, 1, expect.stringMatching(/broken/)])
        expect(readFileSync(path, 'utf8')).toBe(torn)
      }
      expect((await home.cli('rm', '-f', 'broken')).code).toBe(0)
      expect(existsSync(join(home.store, 'machines/broken'))).toBe(false)
    })
  })

  describe('of several at once', () => {
    test('two creates of one name: one wins, the other says so, and there is one host', async () => {
      const before = hosts()
      const both = await Promise.all([1, 2].map(() => home.cli(...create, 'fault-twice')))
      const [won, lost] = both.sort((a, b) => a.code - b.code)
      expect([won?.code, lost?.code]).toEqual([0, 1])
      expect(lost?.stderr).toMatch(
        /"fault-twice" (is being worked on by process \d+ \(create fault-twice\)|already exists)/,
      )
      expect(hosts().filter(host => !before.includes(host))).toHaveLength(1)
      await home.ok('rm', '-y', 'fault-twice')
      expect(hosts()).toEqual(before)
    })

    test('ten names in one create all succeed; of three more the one that is taken fails alone', async () => {
      const names = Array.from({ length: 12 }, (_, i) => `fault-n${i + 1}`)
      await home.ok(...create, ...names.slice(0, 10))
      const some = await home.cli(...create, ...names.slice(9))
      expect(some.stderr).toMatch(/^fault-n10: Docker machine "fault-n10" already exists$/m)
      expect(some.code).toBe(1)
      const rows: { name: string; state: string; docker: string; error: string }[] = JSON.parse(
        await home.ok('ls', '--json', '-t', '60'),
      )
      expect(rows.map(row => row.name)).toEqual(['fault', ...names])
      expect(rows.filter(row => row.state !== 'Running' || row.error !== '' || !row.docker.startsWith('v'))).toEqual([])
      const addresses = await Promise.all(names.map(name => home.ok('ip', name)))
      expect(new Set(addresses).size).toBe(names.length)
      await home.ok('rm', '-y', ...names)
      expect(hosts()).toHaveLength(1)
    })
  })

  describe('of patience', () => {
    test.each([
      ['nspawn address claimed', 'create --resume'],
      ['ssh answered', 'provision fault-left'],
    ])('Ctrl-C after "%s" says what was made and how to go on (%s); rm leaves nothing', async (label, way) => {
      const before = left()
      const interrupt = (pid: number) => process.kill(pid, 'SIGINT')
      const stopped = await runMeeting(home, label, interrupt, ...create, 'fault-left')
      expect([stopped.code, stopped.stderr]).toEqual([130, expect.stringContaining('interrupted (SIGINT)')])
      expect(stopped.stderr).toContain('machine rm fault-left removes it')
      expect(stopped.stderr).toContain(`machine ${way}`)
      await home.ok('rm', '-y', 'fault-left')
      expect(left()).toBe(before)
    })
  })
})
