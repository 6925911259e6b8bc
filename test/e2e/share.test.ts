/** A machine in two homes: imported from bundles, used and managed from both. */
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { CLASSIC, type Home, must, run, startHome } from '../kit/cli.ts'
import { hostEnv } from '../kit/dev-machine.ts'
import { importBusybox } from '../kit/images.ts'
import { runPassing } from '../kit/points.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe
const MACHINE_PASSPHRASE = 'correct horse battery'

suite(why ? `a shared machine [${why}]` : 'a shared machine', () => {
  const env = { ...hostEnv('share'), MACHINE_PASSPHRASE }
  let home: Home
  let other: Home
  /** Where the first home's bundles lie. */
  const at = (file: string) => join(home.path, file)
  const engine = async () => (await home.ok('ssh', 'dev', 'pidof dockerd')).trim()

  beforeAll(async () => {
    home = await startHome({ ...env, ...CLASSIC })
    other = await startHome({ ...env, ...CLASSIC })
    await home.ok('create', '-d', 'nspawn', '--engine-label', 'tier=shared', 'dev')
    const image = await importBusybox(home, 'dev')
    await home.dockerOk('dev', 'run', '-d', '--restart', 'always', '--name', 'survivor', image, 'sleep', '100000')
    await home.ok('export', 'dev', '-o', at('dev.machine.age'))
    await home.ok('export', 'dev', '--without-ca-key', '-o', at('no-ca-key.age'))
    const client = ['export', 'dev', '--client-only', '--passphrase-stdin', '-o', at('client.age')]
    must('export', await home.cliWith({ input: 'of the client\n' }, ...client))
  })
  afterAll(async () => {
    // The second home's records are pointers to the first one's host: the first removes it, then they point nowhere.
    await home?.[Symbol.asyncDispose]()
    await other?.[Symbol.asyncDispose]()
  })

  const machines = () => readdirSync(join(other.store, 'machines'))

  test('a wrong passphrase and a file that is no bundle are one sentence, and leave nothing', async () => {
    const wrong = await other.cliWith({ input: 'wrong\n' }, 'import', '--passphrase-stdin', at('dev.machine.age'))
    expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: 'the passphrase does not open this bundle\n' })
    writeFileSync(at('text'), 'hello')
    const text = await other.cli('import', at('text'))
    expect(text.code).toBe(1)
    expect(text.stderr).toMatch(/^this is no bundle of a machine: /)
    expect(await other.ok('ls', '-q')).toBe('')
  })

  test('killed at any point, there is no machine or a whole one, and import works again', async () => {
    const points = (await runPassing(other, undefined, 'import', at('dev.machine.age'), '--as', 'tried')).points
    expect(points).toEqual(['bundle read', 'machine imported'])
    for (const n of [1, 2]) {
      const died = await runPassing(other, n, 'import', at('dev.machine.age'), '--as', `killed-${n}`)
      expect(died.signal).toBe('SIGKILL')
      expect((await other.ok('ls', '-q')).includes(`killed-${n}`)).toBe(n === 2)
    }
    await other.ok('import', at('dev.machine.age'), '--as', 'killed-1')
    expect(machines().sort()).toEqual(['killed-1', 'killed-2', 'tried'])
    for (const name of machines()) must('rm', await run('rm', ['-rf', join(other.store, 'machines', name)]))
  })

  test('a full bundle: used and managed, with nothing changed on the host', async () => {
    const pid = await engine()
    const ran = await other.cli('import', at('dev.machine.age'))
    expect(ran).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(
        /^"dev" is imported\. It can be used and managed from here; it keeps a CA of its own\.\nTo point your Docker client at it, run: eval \$\(.* env dev\)\n$/,
      ),
    })
    const [row] = JSON.parse(await other.ok('ls', '--json'))
    expect(row).toMatchObject({ name: 'dev', driver: 'nspawn', state: 'Running', error: '' })
    expect(row.docker).toMatch(/^v/)
    expect(await other.dockerOk('dev', 'inspect', '-f', '{{.State.Running}}', 'survivor')).toBe('true')
    expect((await other.ok('ssh', 'dev', 'uname -n')).trim()).toBe('dev')
    expect(JSON.parse(await other.ok('provision', '--json', 'dev'))[0].changed).toEqual([])
    expect(JSON.parse(await home.ok('provision', '--json', 'dev'))[0].changed).toEqual([])
    expect(await engine()).toBe(pid)
  })

  test('modes are right, and paths are those of this store', async () => {
    const folder = join(other.store, 'machines/dev')
    const modes = Object.fromEntries(
      ['.', 'certs', 'config.json', 'key.pem', 'id_rsa', 'certs/ca-key.pem', 'ca.pem', 'cert.pem'].map(file => [
        file,
        (statSync(join(folder, file)).mode & 0o777).toString(8),
      ]),
    )
    expect(modes).toEqual({
      '.': '700',
      certs: '700',
      'config.json': '600',
      'key.pem': '600',
      id_rsa: '600',
      'certs/ca-key.pem': '600',
      'ca.pem': '644',
      'cert.pem': '644',
    })
    const record = JSON.parse(await other.ok('inspect', 'dev'))
    expect(record.Driver.SSHKeyPath).toBe(join(folder, 'id_rsa'))
    expect(record.HostOptions.AuthOptions.CaCertPath).toBe(join(folder, 'certs/ca.pem'))
    expect(JSON.stringify(record)).not.toContain(home.path)
  })

  test('the other home makes certificates for it, with a CA that is not its own', async () => {
    await other.ok('create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', 'own')
    await home.ok('ssh', 'dev', 'rm /etc/docker/server.pem')
    expect(JSON.parse(await other.ok('provision', '--json', 'dev'))[0].changed).toContain('server-certificate')
    for (const its of [home, other])
      expect(await its.dockerOk('dev', 'inspect', '-f', '{{.State.Running}}', 'survivor')).toBe('true')
  })

  test('nothing that is there is overwritten; --as gives another name, under which the host keeps its own', async () => {
    const record = await other.ok('inspect', 'dev')
    const again = await other.cli('import', at('dev.machine.age'))
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('Docker machine "dev" already exists') })
    expect(await other.ok('inspect', 'dev')).toBe(record)
    await other.ok('import', '--as', 'twin', at('no-ca-key.age'))
    expect(JSON.parse(await other.ok('provision', '--json', 'twin'))[0].changed).toEqual([])
    expect((await other.ok('ssh', 'twin', 'uname -n')).trim()).toBe('dev')
  })

  test('without the CA’s key all goes but issuing certificates, which says why', async () => {
    await home.ok('ssh', 'dev', 'rm /etc/docker/server.pem')
    const refused = await other.cli('provision', 'twin')
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/machines\/twin\/certs\/ca-key\.pem is missing, so no certificate can be issued/)
    // Named by hand it is used, for the machine whose CA it belongs to.
    const named = ['provision', '--tls-ca-key', join(home.store, 'certs/ca-key.pem'), '--json', 'twin']
    expect(JSON.parse(await other.ok(...named))[0].changed).toContain('server-certificate')
    await home.ok('provision', 'dev')
  })

  test('a client-only bundle: used, and nothing else', async () => {
    await other.cliWith({ input: 'of the client\n' }, 'import', '--passphrase-stdin', '--as', 'guest', at('client.age'))
    expect(await other.dockerOk('guest', 'inspect', '-f', '{{.State.Running}}', 'survivor')).toBe('true')
    expect(await other.ok('url', 'guest')).toBe(await home.ok('url', 'dev'))
    expect(await other.ok('status', 'guest')).toBe('Running\n')
    const row = JSON.parse(await other.ok('ls', '--json')).find((r: { name: string }) => r.name === 'guest')
    expect(row).toMatchObject({ driver: 'none', state: 'Running', error: '' })
    const dir = join(other.store, 'machines/guest')
    expect(readdirSync(dir).sort()).toEqual(['ca.pem', 'cert.pem', 'certs', 'config.json', 'key.pem'])
    for (const verb of ['ssh', 'provision', 'start', 'stop', 'restart', 'kill']) {
      const refused = await other.cli(verb, 'guest')
      expect([verb, refused.code, refused.stderr.split('\n')[0]]).toEqual([
        verb,
        1,
        `machine "guest" can only be used from here, not managed: its bundle was made with --client-only, and ${verb} needs a whole one`,
      ])
    }
    expect((await other.cli('export', 'guest', '-o', at('g.age'))).stderr).toContain('can only be used from here')
    await other.ok('export', 'guest', '--client-only', '-o', at('g.age'))
  })

  test('rm of a client-only machine takes the record alone', async () => {
    await other.ok('rm', '-y', 'guest')
    expect(await home.ok('status', 'dev')).toBe('Running\n')
    expect(await home.dockerOk('dev', 'inspect', '-f', '{{.State.Running}}', 'survivor')).toBe('true')
  })

  test('a bundle through a pipe', async () => {
    // Nothing else may get into it, nor under the drop-in's name, whose information goes to stdout.
    const shell = `MACHINE_CALLED_AS=docker-machine "$N" "${bin}" export dev --client-only --no-passphrase -o - | HOME='${other.path}' "$N" "${bin}" import --as piped -`
    const ran = await run('sh', ['-c', shell], { env: { ...home.env, N: process.execPath } })
    expect(ran).toMatchObject({ code: 0, stdout: '' })
    expect(await other.dockerOk('piped', 'version', '-f', '{{.Server.Os}}')).toBe('linux')
  })

  test('both homes at once: they take turns on the host, and both end well', async () => {
    for (let round = 0; round < 3; round++) {
      await home.ok('ssh', 'dev', 'rm /etc/docker/.machine.json')
      const ran = await Promise.all([home, other].map(its => its.cli('provision', 'dev')))
      expect(ran.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual([0, 0])
      expect(await home.ok('ssh', 'dev', 'ls -A /etc/docker')).not.toContain('rollback')
    }
    expect(await other.dockerOk('dev', 'inspect', '-f', '{{.State.Running}}', 'survivor')).toBe('true')
  })

  test('stop and start from the other home: both find it again', async () => {
    await other.ok('stop', 'dev')
    expect(await home.ok('status', 'dev')).toBe('Stopped\n')
    await other.ok('start', 'dev')
    expect(await home.dockerOk('dev', 'version', '-f', '{{.Server.Os}}')).toBe('linux')
  })
})

const bin = join(import.meta.dirname, '../../bin/machine')
