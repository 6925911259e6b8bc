/** Settings of a real engine changed after it was made: what comes into force, what containers notice, what fails. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { type Dev, startDev } from '../kit/dev-machine.ts'
import { engineInfo } from '../kit/generic.ts'
import { importBusybox } from '../kit/images.ts'
import { runPassing } from '../kit/points.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe

suite(why ? `modify [${why}]` : 'modify', () => {
  let dev: Dev
  let home: Dev['home']
  beforeAll(async () => {
    dev = await startDev(
      'modify',
      '--engine-agent=off',
      '--engine-label',
      'tier=1',
      '--engine-label',
      'old=1',
      '--tls-san',
      'first.example',
    )
    home = dev.home
    const image = await importBusybox(home, 'dev')
    await dev.docker(
      'run',
      '-d',
      '--restart',
      'always',
      '--stop-timeout',
      '1',
      '--name',
      'survivor',
      image,
      'sleep',
      '100000',
    )
  })
  afterAll(() => dev?.[Symbol.asyncDispose]())

  const record = () => readFileSync(join(home.store, 'machines/dev/config.json'), 'utf8')
  const pid = () => dev.ssh('pidof dockerd')
  const started = () => dev.docker('inspect', '-f', '{{.State.StartedAt}} {{.State.Pid}}', 'survivor')
  const files = () =>
    dev.ssh('md5sum /etc/docker/daemon.json /etc/docker/server.pem /etc/systemd/system/docker.service.d/*')
  const labels = async () => [...((await engineInfo(home, 'dev')).Labels as string[])].sort()

  test('--dry-run tells and changes nothing', async () => {
    const before = [record(), await files(), await pid()]
    const flags = ['--engine-label', 'tier=2', '--rm-engine-label', 'old', '--dry-run']
    const ran = await home.cli('modify', 'dev', ...flags)
    expect(ran).toEqual({
      code: 0,
      signal: null,
      stdout: '',
      stderr: [
        '- engine-label old=1',
        '~ engine-label tier=1 -> tier=2',
        'the engine takes it over without a restart',
        'nothing was changed: this was a dry run',
        '',
      ].join('\n'),
    })
    expect(JSON.parse(await home.ok('modify', 'dev', ...flags, '--json'))).toEqual({
      name: 'dev',
      changes: [
        { setting: 'engine-label', from: 'old=1' },
        { setting: 'engine-label', from: 'tier=1', to: 'tier=2' },
      ],
      effect: { steps: ['engine-settings'], restart: false, liveRestore: true, containers: 1 },
      applied: false,
    })
    expect([record(), await files(), await pid()]).toEqual(before)
  })

  test('labels and registries: the same engine process, the containers untouched', async () => {
    const before = [await pid(), await started()]
    const flags = [
      '--engine-label',
      'tier=2',
      '--rm-engine-label',
      'old',
      '--engine-insecure-registry',
      '198.51.100.7:5000',
    ]
    const done = JSON.parse(await home.ok('modify', 'dev', ...flags, '--json'))
    expect(done).toMatchObject({ applied: true, effect: { restart: false } })
    expect(await labels()).toEqual(['provider=nspawn', 'tier=2'])
    expect(await engineInfo(home, 'dev')).toMatchObject({
      RegistryConfig: { IndexConfigs: { '198.51.100.7:5000': { Secure: false } } },
    })
    expect([await pid(), await started()]).toEqual(before)
    expect(JSON.parse(await home.ok('provision', 'dev', '--json'))[0].changed).toEqual([])
    expect(JSON.parse(record()).HostOptions.EngineOptions).toMatchObject({
      Labels: ['tier=2'],
      InsecureRegistry: ['198.51.100.7:5000'],
    })
  })

  test('what needs a restart: containers run on under live-restore, and nobody is asked', async () => {
    const before = await started()
    const engine = await pid()
    const secret = 'HTTPS_PROXY=http://u:geheim@192.0.2.1:1'
    const flags = ['--engine-env', secret, '--tls-san', 'dev.example', '--rm-tls-san', 'first.example']
    const ran = await home.cli('modify', 'dev', ...flags, '--engine-opt', 'max-concurrent-downloads=5')
    expect(ran).toMatchObject({ code: 0, stdout: '' })
    expect(ran.stderr).toContain('the engine restarts; containers go on running (live-restore is on)\n')
    expect(ran.stderr).toContain('+ engine-env HTTPS_PROXY=…\n')
    expect(ran.stderr).not.toContain('geheim')
    expect(await pid()).not.toBe(engine)
    expect(await started()).toBe(before)
    expect((await engineInfo(home, 'dev')).HttpsProxy).toContain('192.0.2.1:1')
    const names = await dev.ssh('openssl x509 -in /etc/docker/server.pem -noout -ext subjectAltName')
    expect(names).toContain('DNS:dev.example')
  })

  test('what is so already changes nothing and asks the host nothing', async () => {
    const before = record()
    expect(await home.cli('modify', 'dev', '--engine-label', 'tier=2')).toMatchObject({
      code: 0,
      stderr: 'nothing had to be changed\n',
    })
    expect(record()).toBe(before)
  })

  test.each([
    [['--rm-engine-label', 'nope'], 2, 'there is no engine-label "nope" to remove'],
    [['--engine-label', 'nope'], 2, '--engine-label wants KEY=value'],
    [['--engine-opt', 'mtu=wide'], 2, 'the engine option "mtu" wants a whole number, not "wide"'],
    [['--engine-opt', 'tlsverify=false'], 2, 'the engine option "tlsverify" is machine\'s own to set'],
    [[], 2, 'nothing to change was named'],
    [['--engine-opt', 'log-level=shouting'], 1, 'dockerd refuses these settings'],
    [['--engine-opt', 'exec-root=/proc/1', '--tls-san', 'bad.example'], 1, 'did not start with the new settings'],
  ])('%j is refused, and record, host and containers are as they were', async (flags, code, says) => {
    const before = [record(), await started()]
    const settings = await dev.ssh('md5sum /etc/docker/daemon.json /etc/systemd/system/docker.service.d/*')
    const ran = await home.cli('modify', 'dev', '-y', ...flags)
    expect([ran.code, ran.stdout]).toEqual([code, ''])
    expect(ran.stderr).toContain(says)
    expect([record(), await started()]).toEqual(before)
    expect(await dev.ssh('md5sum /etc/docker/daemon.json /etc/systemd/system/docker.service.d/*')).toBe(settings)
    expect(JSON.parse(await home.ok('provision', 'dev', '--json'))[0].changed).toEqual([])
    expect(await labels()).toEqual(['provider=nspawn', 'tier=2'])
  })

  test('killed after the host was changed: the record is the old one, and provision leads back to it', async () => {
    const before = record()
    const died = await runPassing(home, 2, 'modify', 'dev', '--engine-label', 'tier=3')
    expect([died.signal, died.points]).toEqual(['SIGKILL', ['ssh answered', 'provision engine-settings']])
    expect(await labels()).toContain('tier=3')
    expect(record()).toBe(before)
    expect(JSON.parse(await home.ok('provision', 'dev', '--json'))[0].changed).toEqual(['engine-settings'])
    expect(await labels()).toEqual(['provider=nspawn', 'tier=2'])
  })

  test('without live-restore a restart is asked about first, with what it does', async () => {
    await home.ok('modify', 'dev', '--no-engine-live-restore')
    const before = [record(), await started(), await files()]
    for (const input of ['', 'n\n']) {
      const refused = await home.cliWith({ input }, 'modify', 'dev', '--engine-opt', 'mtu=1400')
      expect([refused.code, refused.stdout]).toEqual([1, ''])
      expect(refused.stderr).toContain('live-restore is off: running containers stop')
      expect(refused.stderr).toContain(
        'Its running containers stop (there are 1 in all). Restart the engine of "dev"? (y/n): ',
      )
      expect(refused.stderr).toContain('nothing was changed on "dev"')
    }
    expect([record(), await started(), await files()]).toEqual(before)
    expect((await home.cliWith({ input: 'y\n' }, 'modify', 'dev', '--engine-opt', 'mtu=1400')).code).toBe(0)
    expect(await dev.ssh('cat /etc/docker/daemon.json')).toContain('"mtu": 1400')
    await home.ok('modify', 'dev', '-y', '--rm-engine-opt', 'mtu')
    expect(await dev.ssh('cat /etc/docker/daemon.json')).not.toContain('mtu')
  })

  test('machines whose engine is not ours, or that are not there', async () => {
    await home.ok('create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', 'theirs')
    expect(await home.cli('modify', 'theirs', '--engine-label', 'a=1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('its engine is not ours to modify'),
    })
    expect((await home.cli('modify', 'nobody', '--engine-label', 'a=1')).stderr).toContain('"nobody" does not exist')
  })

  test('a machine that is off is said at once', async () => {
    await home.ok('stop', 'dev')
    const ran = await home.cli('modify', 'dev', '--engine-label', 'a=1')
    expect([ran.code, ran.stderr.split('\n')[0]]).toEqual([1, 'Host is not running'])
  })
})
