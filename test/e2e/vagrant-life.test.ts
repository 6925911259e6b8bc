/** A machine made by real Vagrant with its docker provider: its whole life, a create that is killed, another name. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startVagrantPlace, type VagrantPlace, whyNoVagrant } from '../hosts/vagrant-place.ts'
import { CLASSIC, type Home, startHome } from '../kit/cli.ts'
import { importBusybox } from '../kit/images.ts'

jest.setTimeout(300_000)
const why = await whyNoVagrant()
const suite = why ? describe.skip : describe

suite(why ? `vagrant [${why}]` : 'vagrant', () => {
  let place: VagrantPlace
  let home: Home
  let before: string
  beforeAll(async () => {
    place = await startVagrantPlace()
    home = await startHome({ ...CLASSIC, ...place.env })
    before = await place.leftovers()
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await place?.[Symbol.asyncDispose]()
  })

  const folder = (name: string) => join(home.store, 'machines', name, 'vagrant')
  const docker = (...words: string[]) => home.dockerOk('web', ...words)

  test('create, with progress on stderr; docker runs on it', async () => {
    const ran = await home.cli('create', '-d', 'vagrant', ...place.flags, '--vagrant-memory', '1500', 'web')
    expect([ran.code, ran.stdout]).toEqual([0, ''])
    expect(ran.stderr).toContain('Docker is up and running!')
    const image = await importBusybox(home, 'web')
    expect(await docker('run', '--rm', image, 'echo', 'hello')).toBe('hello')
    expect(await home.ok('ssh', 'web', 'uname -n')).toBe('web\n')
    const [row] = JSON.parse(await home.ok('ls', '--json'))
    expect(row).toMatchObject({ name: 'web', driver: 'vagrant', state: 'Running', error: '' })
    const limits = await place.engine.docker(
      'inspect',
      '-f',
      '{{.HostConfig.Memory}} {{.HostConfig.Privileged}}',
      ...(await ids()),
    )
    expect(limits).toBe(`${1500 * 1024 * 1024} false`)
  })

  const ids = async () => (await place.engine.docker('ps', '-aq')).split('\n')

  test('its Vagrantfile and all that Vagrant knows lie in a private folder of the machine', () => {
    expect(statSync(folder('web')).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder('web'), 'Vagrantfile')).mode & 0o777).toBe(0o600)
    expect(existsSync(join(folder('web'), '.vagrant/machines/web/docker/id'))).toBe(true)
    const record = JSON.parse(readFileSync(join(home.store, 'machines/web/config.json'), 'utf8'))
    expect(record.Driver).toMatchObject({ Provider: 'docker', VmName: 'web', SSHUser: 'root', Project: '' })
    expect(record.Driver.SSHKeyPath).toContain(`${folder('web')}/.vagrant/machines/web/docker/private_key`)
  })

  test('what has not changed is told without Vagrant', async () => {
    await home.ok('status', 'web')
    const blind = { PATH: '/nonexistent' } // no vagrant there
    expect((await home.cliWith({ env: blind }, 'status', 'web')).stdout).toBe('Running\n')
  })

  test('stop, start, restart, kill', async () => {
    await home.ok('stop', 'web')
    expect(await home.ok('status', 'web')).toBe('Stopped\n')
    expect((await home.cli('stop', 'web')).stderr).toContain('already stopped')
    await home.ok('start', 'web')
    expect(await home.ok('status', 'web')).toBe('Running\n')
    expect(await docker('run', '--rm', 'busybox', 'echo', 'again')).toBe('again')
    await home.ok('restart', 'web')
    expect(await docker('run', '--rm', 'busybox', 'echo', 'and again')).toBe('and again')
    await home.ok('kill', 'web')
    expect(await home.ok('status', 'web')).toBe('Stopped\n')
    await home.ok('start', 'web')
  })

  test('a machine that somebody stopped otherwise is Stopped', async () => {
    await place.engine.docker('stop', '-t', '1', ...(await ids()))
    expect(await home.ok('status', 'web')).toBe('Stopped\n')
    await home.ok('start', 'web')
  })

  test('another name: the folder goes along', async () => {
    await home.ok('rename', 'web', 'site')
    expect(await home.ok('ssh', 'site', 'echo here')).toBe('here\n')
    expect(await home.ok('status', 'site')).toBe('Running\n')
    await home.ok('stop', 'site')
    await home.ok('start', 'site')
    expect(await home.ok('ssh', 'site', 'echo here')).toBe('here\n')
  })

  test('rm takes all of it away; once more is no error', async () => {
    await home.ok('rm', '-y', 'site')
    expect(existsSync(join(home.store, 'machines/site'))).toBe(false)
    expect(await place.leftovers()).toBe(before)
  })

  test('a create that is killed midway: rm ends the vagrant that goes on, and nothing is left', async () => {
    let pid = 0
    const dying = home.cliWith(
      {
        onStart: started => {
          pid = started
        },
      },
      'create',
      '-d',
      'vagrant',
      ...place.flags,
      'dying',
    )
    const running = join(folder('dying'), 'running')
    while (!existsSync(join(folder('dying'), '.vagrant/machines/dying/docker/id'))) await sleep(20)
    expect(existsSync(running)).toBe(true)
    process.kill(pid, 'SIGKILL')
    await dying
    await home.ok('rm', '-y', 'dying')
    expect(await place.leftovers()).toBe(before)
    expect(await home.ok('ls', '-q')).toBe('')
  })
})
