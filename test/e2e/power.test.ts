/** start, stop, restart, kill, provision and rm of a real machine, with Docker Machine's texts where it is there already. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { CLASSIC, type Home, startHome } from '../kit/cli.ts'
import { hostEnv } from '../kit/dev-machine.ts'
import { importBusybox } from '../kit/images.ts'
import { expectStrictRecord } from '../unit/machine/strict-record.ts'

jest.setTimeout(180_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe
const env = hostEnv('power')

suite(why ? `power [${why}]` : 'power', () => {
  let home: Home
  beforeAll(async () => {
    home = await startHome({ ...env, ...CLASSIC })
    await home.ok('create', '-d', 'nspawn', 'dev')
    await importBusybox(home, 'dev')
  })
  afterAll(() => home?.[Symbol.asyncDispose]())
  afterEach(() => {
    const record = join(home.store, 'machines/dev/config.json')
    if (existsSync(record)) expectStrictRecord(readFileSync(record, 'utf8'))
  })

  const status = async () => (await home.ok('status', 'dev')).trim()
  const already = (state: string) => ({ code: 1, stdout: '', stderr: `Machine "dev" is already ${state}.\n` })

  test('provision of a machine where all holds changes nothing, twice', async () => {
    for (const _ of [1, 2]) {
      const [done] = JSON.parse(await home.ok('provision', '--json', 'dev')) as { name: string; changed: string[] }[]
      expect(done).toMatchObject({ name: 'dev', changed: [] })
    }
    expect((await home.cli('provision', 'dev')).stderr).toContain('nothing had to be changed')
  })

  test('provision mends what was changed on the host, and containers go on', async () => {
    await home.dockerOk('dev', 'run', '-d', '--name', 'running', 'busybox', 'sleep', '10000')
    const started = await home.dockerOk('dev', 'inspect', '-f', '{{.State.StartedAt}}', 'running')
    await home.ok('ssh', 'dev', 'rm /etc/docker/server.pem && systemctl stop docker')
    const [done] = JSON.parse(await home.ok('provision', '--json', 'dev')) as { changed: string[] }[]
    expect(done?.changed).toContain('server-certificate')
    expect(await home.dockerOk('dev', 'inspect', '-f', '{{.State.StartedAt}}', 'running')).toBe(started)
  })

  test('start of a running machine is an error, and says so', async () => {
    expect(await home.cli('start', 'dev')).toMatchObject(already('running'))
  })

  test('stop, what does not work then, and start with the same address, images and volumes', async () => {
    const ip = await home.ok('ip', 'dev')
    const stopped = await home.cli('stop', 'dev')
    expect(stopped).toMatchObject({ code: 0, stdout: '' })
    expect(stopped.stderr).toBe('Stopping "dev"...\nMachine "dev" was stopped.\n')
    expect(await status()).toBe('Stopped')
    for (const verb of ['stop', 'kill']) expect(await home.cli(verb, 'dev')).toMatchObject(already('stopped'))
    for (const verb of ['ip', 'url', 'config'])
      expect(await home.cli(verb, 'dev')).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^Host is not running\n/),
      })
    const ssh = await home.cli('ssh', 'dev', 'true')
    expect(ssh.stderr).toContain('Error: Cannot run SSH command: Host "dev" is not running')
    const [row] = JSON.parse(await home.ok('ls', '--json')) as Record<string, string>[]
    expect(row).toMatchObject({ name: 'dev', state: 'Stopped', url: '', docker: 'Unknown', error: '' })

    const up = await home.cli('start', 'dev')
    expect(up.code).toBe(0)
    expect(up.stderr).toMatch(/^Starting "dev"\.\.\.\nMachine "dev" was started\.\nStarted machines may have new IP/)
    expect(await home.ok('ip', 'dev')).toBe(ip)
    expect(await home.dockerOk('dev', 'images', '-q', 'busybox')).not.toBe('')
    expect(await home.dockerOk('dev', 'inspect', '-f', '{{.Config.Image}}', 'running')).toBe('busybox')
  })

  test('kill pulls the plug; restart starts a stopped machine and restarts a running one', async () => {
    expect((await home.cli('kill', 'dev')).code).toBe(0)
    expect(await status()).toBe('Stopped')
    expect((await home.cli('restart', 'dev')).code).toBe(0)
    expect(await status()).toBe('Running')
    const bootId = () => home.ok('ssh', 'dev', 'systemctl show -p UserspaceTimestampMonotonic')
    const before = await bootId()
    const ran = await home.cli('restart', 'dev')
    expect(ran.stderr).toMatch(/^Restarting "dev"\.\.\.\nMachine "dev" was restarted\.\n/)
    expect(await bootId()).not.toBe(before)
    expect(await home.dockerOk('dev', 'run', '--rm', 'busybox', 'echo', 'again')).toBe('again')
  })

  test('a reboot from inside brings the machine back, a poweroff leaves it stopped', async () => {
    const booted = async () => (await home.cli('ssh', 'dev', 'cat /proc/sys/kernel/random/boot_id')).stdout
    const before = await booted()
    await home.cli('ssh', 'dev', 'reboot') // cut off, or not, as sshd ends: its exit code says nothing
    for (let now = before; now === before || now === ''; now = await booted()) await sleep(200)
    expect(await status()).toBe('Running')
    await home.ok('provision', 'dev')
    expect(await home.dockerOk('dev', 'run', '--rm', 'busybox', 'echo', 'back')).toBe('back')

    await home.cli('ssh', 'dev', 'poweroff')
    while ((await status()) !== 'Stopped') await sleep(200)
    await home.ok('start', 'dev')
  })

  test('rm asks; without a yes nothing is removed', async () => {
    for (const input of ['', '\n', 'n\n', 'no\n']) {
      const ran = await home.cliWith({ input }, 'rm', 'dev')
      expect(ran).toMatchObject({ code: 0, stdout: '' })
      expect(ran.stderr).toMatch(/^About to remove dev\nWARNING: .*\nAre you sure\? \(y\/n\): $/)
      expect(await status()).toBe('Running')
    }
  })

  test('rm with a yes removes the host and the record; the name is free again', async () => {
    const ran = await home.cliWith({ input: 'y\n' }, 'rm', 'dev')
    expect(ran).toMatchObject({ code: 0, stdout: '' })
    expect(ran.stderr).toContain('Successfully removed dev\n')
    expect(await home.ok('ls', '-q')).toBe('')
    const hosts = `${env.MACHINE_NSPAWN_STATE_DIR}/hosts`
    expect(existsSync(hosts) ? readdirSync(hosts) : []).toEqual([])
    expect((await home.cli('status', 'dev')).code).toBe(4)
  })
})
