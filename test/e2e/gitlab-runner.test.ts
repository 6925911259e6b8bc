/**
 * What GitLab Runner's docker+machine executor does with `docker-machine`: its calls as it types them, its reading of the
 * store, ten creates at once.
 */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { type Home, type Ran, run, startHome } from '../kit/cli.ts'
import { hostEnv } from '../kit/dev-machine.ts'
import { freePort } from '../kit/sshd.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe
const NAME = 'runner-t1zax4x-docker-machine-1767225600-6c9cb3e3'

suite(why ? `GitLab Runner's calls [${why}]` : "GitLab Runner's calls", () => {
  let home: Home
  let env: Record<string, string | undefined>
  let created: Ran
  const bugsnag = '--bugsnag-api-token=no-report'
  /** As the runner starts it: by name, from PATH. */
  const runner = (...args: string[]) => run('docker-machine', [bugsnag, ...args], { env })

  /** The runner lists machines by itself: folders, but not those that begin with a dot. */
  const listed = () =>
    readdirSync(join(home.store, 'machines'), { withFileTypes: true })
      .filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(entry => entry.name)
  const config = (name: string) => JSON.parse(readFileSync(join(home.store, 'machines', name, 'config.json'), 'utf8'))

  beforeAll(async () => {
    home = await startHome(hostEnv('gitlab-runner'))
    const bin = join(home.path, 'bin')
    mkdirSync(bin)
    symlinkSync(join(import.meta.dirname, '../../bin/machine'), join(bin, 'docker-machine'))
    env = { ...home.env, PATH: `${bin}:${dirname(process.execPath)}:${process.env.PATH}` }
    created = await runner('create', '--driver', 'nspawn', '--nspawn-suite=trixie', '--engine-opt=debug', NAME)
  })
  afterAll(() => home?.[Symbol.asyncDispose]())

  test('create: exit 0, and its words on stdout, where the runner logs them from', () => {
    expect(created).toMatchObject({ code: 0, stderr: '' })
    expect(created.stdout).toContain('Running pre-create checks...\n')
    expect(created.stdout).toContain('Docker is up and running!\n')
  })

  test('the store as the runner reads it', () => {
    mkdirSync(join(home.store, 'machines/.hidden'), { recursive: true })
    expect(listed()).toEqual([NAME])
    expect(config(NAME)).toMatchObject({ DriverName: 'nspawn', Name: NAME })
  })

  test('ip, url, status, config, inspect: their answer on stdout, nothing else, exit 0', async () => {
    const ip = (await runner('ip', NAME)).stdout
    expect(ip).toMatch(/^198\.19\.\d+\.\d+\n$/)
    expect(await runner('url', NAME)).toEqual({
      code: 0,
      signal: null,
      stdout: `tcp://${ip.trim()}:2376\n`,
      stderr: '',
    })
    expect(await runner('status', NAME)).toEqual({ code: 0, signal: null, stdout: 'Running\n', stderr: '' })
    const dir = join(home.store, 'machines', NAME)
    expect(await runner('config', NAME)).toEqual({
      code: 0,
      signal: null,
      stdout: `--tlsverify\n--tlscacert=${dir}/ca.pem\n--tlscert=${dir}/cert.pem\n--tlskey=${dir}/key.pem\n-H=tcp://${ip.trim()}:2376\n`,
      stderr: '',
    })
    const inspected = await runner('inspect', NAME)
    expect(inspected).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(inspected.stdout)).toEqual(config(NAME))
  })

  test('inspect with its template behind the name; a client with url and that folder works', async () => {
    const certs = await runner('inspect', NAME, '-f', '{{.HostOptions.AuthOptions.StorePath}}')
    expect(certs).toEqual({ code: 0, signal: null, stdout: `${join(home.store, 'machines', NAME)}\n`, stderr: '' })
    const url = (await runner('url', NAME)).stdout.trim()
    const client = { ...env, DOCKER_HOST: url, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certs.stdout.trim() }
    expect(await run('docker', ['info', '--format', '{{.OSType}}'], { env: client })).toMatchObject({
      code: 0,
      stdout: 'linux\n',
    })
  })

  test('provision, and update-labels as a heartbeat', async () => {
    expect(await runner('provision', NAME)).toMatchObject({ code: 0, stderr: '' })
    const beat = await runner('update-labels', '--label', 'heartbeat=1767225600', '--label', 'runner=t1zax4x', NAME)
    expect(beat).toMatchObject({ code: 0, stderr: '' })
    expect(config(NAME).Machine.Labels).toEqual({ heartbeat: '1767225600', runner: 't1zax4x' })
  })

  test('stop; then config cannot connect and says so with its exit code', async () => {
    expect(await runner('stop', NAME)).toMatchObject({ code: 0, stderr: '' })
    expect((await runner('status', NAME)).stdout).toBe('Stopped\n')
    const shut = await runner('config', NAME)
    expect(shut).toMatchObject({ code: 1, stdout: '' })
    expect(shut.stderr).toContain('Host is not running')
    expect((await runner('stop', NAME)).stderr).toBe(`Machine "${NAME}" is already stopped.\n`)
  })

  test('rm -y removes; then inspect fails, rm -y too, and rm -f does not', async () => {
    expect(await runner('rm', '-y', NAME)).toMatchObject({ code: 0, stderr: '' })
    expect(listed()).toEqual([])
    expect((await runner('inspect', NAME)).code).toBe(1)
    expect((await runner('rm', '-y', NAME)).code).toBe(1)
    expect(await runner('rm', '-f', NAME)).toMatchObject({ code: 0, stderr: '' })
  })

  test('--log-format=json create: a line an object, with the phases in order', async () => {
    const made = await run('docker-machine', [bugsnag, '--log-format=json', 'create', '--driver', 'nspawn', NAME], {
      env,
    })
    expect(made).toMatchObject({ code: 0, stderr: '' })
    const lines = made.stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    for (const line of lines) {
      expect(new Date(line.time).toISOString()).toBe(line.time)
      expect(['info', 'warning']).toContain(line.level)
      expect(line.message).not.toBe('')
    }
    const phases = lines.map(line => line.phase).filter((phase, i, all) => phase !== all[i - 1])
    const all = ['pre-create', 'certs', 'create', 'wait-running', 'wait-ssh', 'detect-os', 'provision', 'check-engine']
    expect(phases).toEqual(all)
    expect(lines.slice(0, -1).every(line => line.machine === NAME)).toBe(true)
    expect(lines.at(-2)).toMatchObject({ message: 'Docker is up and running!', ms: expect.any(Number) })
    expect(lines.at(-1).message).toMatch(/^To point your Docker client at it, run: /)
    await runner('rm', '-f', NAME)
  })

  test('creates that fail: 3 when the pre-create check did, 1 else; rm -f clears what is left', async () => {
    const generic = ['create', '--driver', 'generic', '--generic-ip-address=127.0.0.1']
    const checked = await runner(...generic, '--generic-ssh-key=/nonexistent', 'unmade')
    expect(checked.code).toBe(3)
    expect(checked.stderr).toContain('Error with pre-create check: "SSH key does not exist: \\"/nonexistent\\""')
    expect(listed()).toEqual([])
    const usage = await runner('create', '--driver', 'generic', 'unmade')
    expect(usage.code).toBe(1)
    const made = await runner('create', '--driver', 'nspawn', '--engine-opt=no-such-option=1', NAME)
    expect(made.code).toBe(1)
    expect(made.stderr).toContain('Error creating machine: ')
    expect(listed()).toEqual([NAME])
    expect(await runner('rm', '-f', NAME)).toMatchObject({ code: 0 })
    expect(listed()).toEqual([])
  })

  test('a create that is killed leaves a machine the runner finds and removes', async () => {
    const log = join(home.path, 'points')
    const crash = { ...env, MACHINE_CRASH_LOG: log, MACHINE_CRASH_AT: '6' }
    const killed = await run('docker-machine', [bugsnag, 'create', '--driver', 'nspawn', NAME], { env: crash })
    expect(killed.signal).toBe('SIGKILL')
    expect(listed()).toEqual([NAME])
    expect((await runner('config', NAME)).code).toBe(1)
    expect(await runner('rm', '-y', NAME)).toMatchObject({ code: 0 })
    expect(listed()).toEqual([])
  })

  test('ten creates at once on a new store, as its autoscaler does; and ten removals', async () => {
    const store = join(home.path, 'autoscaled')
    const port = await freePort()
    const names = Array.from({ length: 10 }, (_, i) => `runner-auto-${i}`)
    const at = { ...env, MACHINE_STORAGE_PATH: store }
    const all = (args: (name: string) => string[]) =>
      Promise.all(names.map(name => run('docker-machine', [bugsnag, ...args(name)], { env: at })))
    const made = await all(name => ['create', '--driver', 'none', `--url=tcp://127.0.0.1:${port}`, name])
    expect(made.map(({ code, stderr }) => ({ code, stderr }))).toEqual(names.map(() => ({ code: 0, stderr: '' })))
    expect(readdirSync(join(store, 'machines')).sort()).toEqual(names)
    for (const name of names)
      expect(JSON.parse(readFileSync(join(store, 'machines', name, 'config.json'), 'utf8')).Name).toBe(name)
    expect((await all(name => ['rm', '-f', name])).map(({ code }) => code)).toEqual(names.map(() => 0))
    expect(readdirSync(join(store, 'machines'))).toEqual([])
  })

  test('two hosts made side by side on a new store share one CA', async () => {
    const pair = [`${NAME}-a`, `${NAME}-b`]
    const made = await Promise.all(pair.map(name => runner('create', '--driver', 'nspawn', name)))
    expect(made.map(({ code, stderr }) => ({ code, stderr }))).toEqual(pair.map(() => ({ code: 0, stderr: '' })))
    for (const name of pair) expect((await runner('config', name)).code).toBe(0)
    await runner('rm', '-f', ...pair)
  })

  test('a folder without a record, as an old crash leaves it, is removed by force', async () => {
    mkdirSync(join(home.store, 'machines/half'))
    writeFileSync(join(home.store, 'machines/half/config.json'), '{')
    expect((await runner('inspect', 'half')).code).toBe(1)
    expect((await runner('rm', '-f', 'half')).code).toBe(0)
    expect(listed()).toEqual([])
  })
})
