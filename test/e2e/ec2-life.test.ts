/**
 * A machine at EC2 from `create` to `rm`, with real hosts behind the cloud: "web" as it comes by default, made through a pipe;
 * "spot" with a good deal asked for, made in a terminal. Both are made at once, for the time's sake.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { nspawnHosts } from '../hosts/ec2-hosts.ts'
import { whyNoHosts } from '../hosts/host.ts'
import type { Home, Ran } from '../kit/cli.ts'
import { type Ec2Cloud, startEc2, whyNoMoto } from '../kit/ec2/cloud.ts'
import { importBusybox } from '../kit/images.ts'
import { shownTo } from '../kit/openssl.ts'
import { openScreen } from '../kit/screen.ts'
import { which } from '../kit/which.ts'
import { expectStrictRecord } from '../unit/machine/strict-record.ts'
import { dockerBy, filesOnHost, hostedAs, recordOf, startWholeHome, unpackExport } from './cloud-life.ts'
import { apart, STEPS } from './ec2-steps.ts'
import { filesWith, holds, tracesOf, type Watch, watchCommandLines } from './key-canary.ts'

jest.setTimeout(240_000)
const why = (await whyNoHosts()) ?? whyNoMoto() ?? (which('tmux') ? undefined : 'no tmux')
const suite = why ? describe.skip : describe

const ASKED = `--amazonec2-image debian-13 --amazonec2-userdata user.yaml --amazonec2-ssh-port 2222 --amazonec2-request-spot-instance \
--amazonec2-spot-interruption stop --amazonec2-private-address-only --amazonec2-tags team,ops`
/** A list that may be null in Go is a list. */
const kind = (value: unknown) => (value === null || Array.isArray(value) ? 'list' : typeof value)
const USER_DATA = '#cloud-config\nwrite_files:\n  - path: /etc/of-the-user\n    content: written by cloud-init\n'

suite(why ? `life at EC2 [${why}]` : 'life at EC2', () => {
  let cloud: Ec2Cloud
  let home: Home
  let created: Ran
  let shown: string
  let traces: string[]
  let watch: Watch
  beforeAll(async () => {
    cloud = await startEc2({ hosts: 'nspawn', makeHost: nspawnHosts() })
    home = await startWholeHome(cloud.env)
    traces = tracesOf([cloud.keys.canary])
    watch = watchCommandLines(traces)
    writeFileSync(join(home.path, 'user.yaml'), USER_DATA)
    const inTerminal = async () => {
      using screen = openScreen(home)
      screen.type(`machine create -d amazonec2 ${ASKED} spot; echo "left $?"`)
      await screen.shows(/^left \d/m)
      return screen.text()
    }
    ;[created, shown] = await Promise.all([home.cli('create', '-d', 'amazonec2', 'web'), inTerminal()])
  })
  afterAll(async () => {
    watch?.[Symbol.dispose]()
    await home?.[Symbol.asyncDispose]()
    await cloud?.[Symbol.asyncDispose]()
  })

  const instance = (name: string) => hostedAs(name, home, cloud)
  const docker = (...args: string[]) => dockerBy(home, 'web', ...args)
  const status = async (name: string) => (await home.ok('status', name)).trim()
  const serial = () => shownTo(instance('web').publicAddress ?? '').serial

  test('create through a pipe says each step, and the line to copy', () => {
    expect(created).toMatchObject({ code: 0, stdout: '' })
    const { lines, slow } = apart(created.stderr)
    // By the shortest name this program has from here: relative, if the checkout lies below.
    const copy = expect.stringMatching(/^To point your Docker client at it, run: eval \$\(\S*bin\/machine env web\)$/)
    expect(lines).toEqual([...STEPS, copy])
    // Steps that take long on this computer at this moment are told, too: by their titles.
    expect(slow.filter(line => /[.:!]|warn|error|undefined/i.test(line))).toEqual([])
  })

  test('create in a terminal ticks each step off', () => {
    expect(shown).toContain('left 0')
    const done = shown.split('\n').flatMap(line => /^✔ (.+?) +[\d.]+ s$/.exec(line)?.[1] ?? [])
    expect(done).toEqual(expect.arrayContaining(STEPS.filter(step => step.endsWith('...'))))
    expect(shown).toMatch(/^To point your Docker client at it, run: eval \$\(.*machine env spot\)$/m)
    expect(shown).not.toMatch(/✖|warn|error/i)
  })

  test('docker run on its engine, through env', async () => {
    await importBusybox(home, 'web')
    expect(await home.dockerOk('web', 'run', '--rm', 'busybox', 'echo', 'on EC2')).toBe('on EC2')
    expect(await home.dockerOk('spot', 'version', '--format', '{{.Server.Os}}')).toBe('linux')
  })

  test('ls, status, ip, url, ssh, config and inspect of both', async () => {
    const [web, spot] = [instance('web'), instance('spot')]
    const rows = JSON.parse(await home.ok('ls', '--json')) as Record<string, string>[]
    expect(rows.map(({ name, driver, state, url, error }) => [name, driver, state, url, error])).toEqual([
      ['spot', 'amazonec2', 'Running', `tcp://${spot.privateAddress}:2376`, ''],
      ['web', 'amazonec2', 'Running', `tcp://${web.publicAddress}:2376`, ''],
    ])
    expect(spot.publicAddress).toBeUndefined()
    expect(await status('web')).toBe('Running')
    expect(await home.ok('ip', 'web', 'spot')).toBe(`${web.publicAddress}\n${spot.privateAddress}\n`)
    expect(await home.ok('url', 'web')).toBe(`tcp://${web.publicAddress}:2376\n`)
    expect(await home.ok('config', 'web')).toContain(`-H=tcp://${web.publicAddress}:2376\n`)
    expect(await home.ok('ssh', 'web', 'id -un')).toBe('ubuntu\n')
    expect(await home.ok('inspect', '-f', '{{.Driver.InstanceId}} {{.Driver.Region}}', 'web')).toBe(
      `${web.id} ${cloud.region}\n`,
    )
  })

  test('Debian’s user, another SSH port, and the user data of the user beside ours', async () => {
    expect(await home.ok('ssh', 'spot', 'id -un; cat /etc/of-the-user')).toBe('admin\nwritten by cloud-init')
    expect(
      (await instance('spot').host.exec("ss -Htln '( sport = :22 or sport = :2222 )'")).match(/:22\d*\b/g),
    ).toEqual([':2222', ':2222'])
    expect(recordOf(home, 'spot').Driver).toMatchObject({
      SSHUser: 'admin',
      SSHPort: 2222,
      PrivateIPOnly: true,
      Tags: 'team,ops',
    })
  })

  test('the record has the fields of docker-machine’s, and no keys', () => {
    const { Driver } = recordOf(home, 'web')
    const fixture = join(import.meta.dirname, '../unit/machine/fixtures/v3-amazonec2.record')
    const { AccessKey, SecretKey, SessionToken, ...theirs } = JSON.parse(readFileSync(fixture, 'utf8')).Driver
    expect([AccessKey, SecretKey]).not.toContain(undefined)
    const types = (fields: object) => Object.keys(theirs).map(name => [name, kind(Object(fields)[name])])
    expect(types(Driver)).toEqual(types(theirs))
    expectStrictRecord(readFileSync(join(home.store, 'machines/web/config.json'), 'utf8'))
    expect(Driver.SecurityGroupNames).toEqual(['docker-machine'])
    expect(Driver).toMatchObject({ SSHUser: 'ubuntu', VolumeType: 'gp3', InstanceType: 't3.micro', RootSize: 16 })
    expect(JSON.stringify(Driver)).not.toContain(cloud.keys.canary.secretAccessKey)
    for (const name of ['AccessKey', 'SecretKey', 'SessionToken']) expect(Driver).not.toHaveProperty(name)
  })

  test('the name is taken now, and nothing is asked of EC2 for it', async () => {
    const before = cloud.calls.length
    expect(await home.cli('create', '-d', 'amazonec2', 'web')).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: 'Docker machine "web" already exists\n',
    })
    expect(cloud.calls.length).toBe(before)
  })

  test('stop, and start: another address, a certificate for it, and docker works, unasked', async () => {
    const before = instance('web').publicAddress
    const first = serial()
    const stopped = await home.cli('stop', 'web')
    expect(stopped).toMatchObject({ code: 0, stderr: 'Stopping "web"...\nMachine "web" was stopped.\n' })
    expect(await status('web')).toBe('Stopped')
    const after = await home.cli('start', 'web')
    const now = instance('web').publicAddress ?? ''
    expect(now).not.toBe(before)
    expect(after.code).toBe(0)
    expect(after.stderr).toContain(`Starting "web"...\nIssuing a new server certificate (does not cover ${now})\n`)
    expect(serial()).not.toBe(first)
    expect(await home.ok('ip', 'web')).toBe(`${now}\n`)
    expect(await docker('images', '-q', 'busybox')).not.toBe('')
  })

  test('stopped from inside is Stopped; restart starts it, then reboots it', async () => {
    await instance('web').host.exec('systemctl poweroff')
    cloud.stopFromInside(instance('web').id)
    for (let seen = ''; seen !== 'Stopped'; seen = await status('web')) if (seen !== '') await sleep(300)
    await home.ok('restart', 'web')
    const { reboots } = instance('web')
    const again = await home.cli('restart', 'web')
    expect(again).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Restarting "web"\.\.\.\n/) })
    expect(instance('web').reboots).toBe(reboots + 1)
    expect(await docker('run', '--rm', 'busybox', 'echo', 'again')).toBe('again')
  })

  test('provision changes nothing, regenerate-certs a lot, and the agent is well', async () => {
    const [done] = JSON.parse(await home.ok('provision', '--json', 'web')) as { changed: string[] }[]
    expect(done?.changed).toEqual([])
    const first = serial()
    await home.ok('regenerate-certs', '-f', 'web')
    expect(serial()).not.toBe(first)
    expect(await home.ok('agent', 'status', 'web')).toContain('all is well')
  })

  test('the keys it came with are in no file here or on the host, on no command line, and in nothing that is handed on', async () => {
    const said = [created.stdout, created.stderr, shown, await home.ok('inspect', 'web')]
    for (const flags of [['--debug'], ['--log-format=json']]) {
      const ran = await home.cli(...flags, 'provision', 'web')
      said.push(ran.stdout, ran.stderr)
    }
    expect(await unpackExport(home, 'web')).toContain(instance('web').id)
    expect(filesWith(traces, home.path)).toEqual([])
    expect(holds(traces, said.join('\n'))).toBe(false)
    expect(watch.seen).toBeGreaterThan(10)
    expect(watch.found).toEqual([])
    watch[Symbol.dispose]()
    expect(await filesOnHost(instance('web').host, traces)).toEqual([])
  })

  test('a spot instance stops and starts where it was asked to; kill pulls its plug; its private address stays', async () => {
    const { privateAddress } = instance('spot')
    expect((await home.cli('kill', 'spot')).code).toBe(0)
    expect(cloud.calls.findLast(call => call.action === 'StopInstances')?.parameters).toMatchObject({ Force: true })
    expect(await status('spot')).toBe('Stopped')
    // A record of docker-machine's holds the keys: they serve where there are no others.
    const file = join(home.store, 'machines/spot/config.json')
    const { accessKeyId: AccessKey, secretAccessKey: SecretKey } = cloud.keys.another()
    const old = recordOf(home, 'spot')
    writeFileSync(file, JSON.stringify({ ...old, Driver: { ...old.Driver, AccessKey, SecretKey, SessionToken: '' } }))
    const env = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }
    const started = await home.cliWith({ env }, 'start', 'spot')
    expect((await home.cliWith({ env }, 'ls', '--filter', 'name=spot')).stdout).toContain('Running')
    expect(started).toMatchObject({ code: 0 })
    expect(started.stderr).not.toContain('certificate')
    expect(await home.ok('ip', 'spot')).toBe(`${privateAddress}\n`)
  })

  test('a spot instance that EC2 took back is Not Found, and rm takes its request away', async () => {
    cloud.takeAway(instance('spot').id)
    await cloud.settled()
    expect(await home.cli('status', 'spot')).toMatchObject({ code: 4, stdout: 'Not Found\n', stderr: '' })
    expect((await home.cli('start', 'spot')).stderr).toContain('its driver no longer finds the host')
    const env = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }
    const removed = await home.cliWith({ env }, 'rm', '-y', 'spot')
    expect(removed).toMatchObject({ code: 0, stderr: expect.stringContaining('Successfully removed spot\n') })
    expect((await cloud.left()).filter(thing => /spot|sir-/.test(thing))).toEqual([])
  })

  test('rm leaves nothing', async () => {
    expect((await home.cli('rm', '-y', 'web')).stderr).toContain('Successfully removed web\n')
    expect(await cloud.left()).toEqual([])
    expect(await home.ok('ls', '-q')).toBe('')
    expect(existsSync(join(home.store, 'machines/web'))).toBe(false)
  })
})
