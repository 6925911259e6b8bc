/** A real host that docker-machine set up, taken over by a store that has its certificates and by one that has not. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { issueServerCert, type KeyAndCert } from '../../src/certs/index.ts'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { CLASSIC, type Home, must, run, startHome } from '../kit/cli.ts'
import { putDockerMachineCerts, setUpAsDockerMachine } from '../kit/docker-machine-host.ts'
import { importBusybox } from '../kit/images.ts'
import { dockerMachineCa } from '../kit/openssl.ts'
import { runPassing } from '../kit/points.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe

suite(why ? `adopt [${why}]` : 'adopt', () => {
  let host: TestHost
  let home: Home
  let stranger: Home
  let ca: KeyAndCert

  beforeAll(async () => {
    host = await startHost()
    home = await startHome(CLASSIC)
    stranger = await startHome(CLASSIC)
    ca = dockerMachineCa()
    putDockerMachineCerts(home.store, ca)
    await setUpAsDockerMachine(host, ca)
    await home.ok('adopt', at(), ...key(), 'first')
    const image = await importBusybox(home, 'first')
    await home.dockerOk(
      'first',
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
    await home.ok('rm', '-y', 'first')
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await stranger?.[Symbol.asyncDispose]()
    await host?.[Symbol.asyncDispose]()
  })

  const at = () => `root@${host.address}`
  const key = () => ['-i', host.keyPath]
  const engine = () => host.exec('pidof dockerd')
  const state = () =>
    host.exec('uname -n; cd /etc && find docker systemd/system -type f -exec md5sum {} + | sort; stat -c %Y docker/*')

  /** Containers of a restart policy start a moment after their engine. */
  async function runsAgain(its: Home, machine: string): Promise<boolean> {
    for (let i = 0; i < 100; i++) {
      const state = await its.dockerOk(machine, 'inspect', '-f', '{{.State.Running}}', 'survivor')
      if (state === 'true') return true
      await sleep(200)
    }
    return false
  }

  test('--dry-run tells what is there, without values of the environment, and does nothing', async () => {
    const before = [await state(), await engine()]
    const ran = await home.cli('adopt', at(), ...key(), '--dry-run')
    expect(ran.stdout).toBe('')
    expect(ran.stderr.replace(/engine \S+ on/, 'engine VERSION on')).toBe(
      [
        `"aws1" is ${host.address} (Debian GNU/Linux 13 (trixie)), engine VERSION on port 2376, set up by docker-machine with driver amazonec2`,
        '  engine-opt dns=192.0.2.1',
        '  engine-label tier=1',
        '  engine-env HTTP_PROXY=…',
        '  engine-insecure-registry 198.51.100.7:5000',
        '  engine-registry-mirror https://mirror.example',
        '  engine-storage-driver overlay2',
        '  tls-san extra.example',
        'The certificates of this store are good there: nothing changes.',
        'Nothing was done: this was a dry run.',
        '',
      ].join('\n'),
    )
    const json = await home.ok('adopt', at(), ...key(), '--dry-run', '--json')
    expect(JSON.parse(json)).toMatchObject({
      name: 'aws1',
      adopted: false,
      found: { certificates: 'ours', by: 'docker-machine', enginePort: 2376, containers: 1, liveRestore: false },
    })
    expect(json).not.toContain('geheim')
    expect(await home.ok('ls', '-q')).toBe('')
    expect([await state(), await engine()]).toEqual(before)
  })

  test('a store that has its certificates: adopted, and nothing on the host is touched', async () => {
    const before = [await state(), await engine()]
    const done = JSON.parse(await home.ok('adopt', at(), ...key(), '--json'))
    expect(done).toMatchObject({ name: 'aws1', adopted: true, changed: [] })
    expect(await home.dockerOk('aws1', 'inspect', '-f', '{{.State.Running}}', 'survivor')).toBe('true')
    expect((await home.ok('ssh', 'aws1', 'uname -n')).trim()).toBe((await host.exec('uname -n')).trim())
    expect([await state(), await engine()]).toEqual(before)
    const [row] = JSON.parse(await home.ok('ls', '--json'))
    expect(row).toMatchObject({ name: 'aws1', driver: 'generic', state: 'Running', error: '' })
    const record = JSON.parse(await home.ok('inspect', 'aws1'))
    expect(record.HostOptions.EngineOptions).toMatchObject({
      ArbitraryFlags: ['dns=192.0.2.1'],
      Env: ['HTTP_PROXY=http://u:geheim@192.0.2.1:1'],
      InsecureRegistry: ['198.51.100.7:5000'],
      Labels: ['tier=1'],
      RegistryMirror: ['https://mirror.example'],
      StorageDriver: 'overlay2',
    })
    expect(record.HostOptions.AuthOptions.ServerCertSANs).toEqual(['extra.example'])
    expect(record.Driver).toMatchObject({ IPAddress: host.address, SSHUser: 'root', SSHPort: 22, EnginePort: 2376 })
    expect(record.Machine.HostKeys).toHaveLength(1)
    expect(readFileSync(join(home.store, 'machines/aws1/key'), 'utf8')).toBe(readFileSync(host.keyPath, 'utf8'))
  })

  test('a name that is taken, a host nobody set up, a host that is not there', async () => {
    expect(await home.cli('adopt', at(), 'aws1', ...key())).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Docker machine "aws1" already exists'),
    })
    expect((await home.cli('adopt', at(), ...key())).stderr).toContain('--name OTHER gives it another name')
    expect((await home.cli('adopt', at(), 'a', '--name', 'b')).code).toBe(2)
    expect((await home.cli('adopt')).code).toBe(2)
    expect((await home.cli('adopt', 'not a host')).code).toBe(2)
    await host.exec('mv /etc/docker/server.pem /etc/docker/away')
    const bare = await home.cli('adopt', at(), 'bare', ...key())
    await host.exec('mv /etc/docker/away /etc/docker/server.pem')
    expect(bare.stderr).toContain(`neither machine nor docker-machine set up an engine on ${at()}`)
    expect(bare.stderr).toContain('create -d generic')
    expect(await home.ok('ls', '-q')).toBe('aws1\n')
  })

  test.each([
    [1, 'name claimed', 'create was interrupted: machine rm killed removes what was made'],
    [2, 'generic key copied', 'create was interrupted: machine rm killed removes what was made'],
    [3, 'host recorded', 'provisioning was interrupted: machine provision killed goes on'],
    [4, 'certificates copied', 'provisioning was interrupted: machine provision killed goes on'],
  ])('killed at %i, %s: what to do is said, and the host was not touched', async (n, label, says) => {
    const before = [await state(), await engine()]
    const died = await runPassing(home, n, 'adopt', at(), 'killed', ...key())
    expect([died.signal, died.points.at(-1)]).toEqual(['SIGKILL', label])
    const rows: { name: string; error: string }[] = JSON.parse(await home.ok('ls', '--json'))
    expect(rows.find(row => row.name === 'killed')?.error).toBe(says)
    await home.ok('rm', '-y', 'killed')
    expect([await state(), await engine()]).toEqual(before)
  })

  test('an engine that does not take our certificate after all is no machine', async () => {
    await host.exec('systemctl stop docker docker.socket')
    const ran = await home.cli('adopt', at(), 'down', ...key())
    await host.exec('systemctl start docker')
    expect(ran.code).toBe(1)
    expect(await home.ok('ls', '-q')).toBe('aws1\n')
  })

  test('provision afterwards: the same settings, the label of its driver kept', async () => {
    await home.ok('provision', 'aws1')
    expect(JSON.parse(await home.ok('provision', 'aws1', '--json'))[0].changed).toEqual([])
    const info = JSON.parse(await home.dockerOk('aws1', 'info', '--format', '{{json .}}'))
    expect([...info.Labels].sort()).toEqual(['provider=amazonec2', 'tier=1'])
    expect(info).toMatchObject({ Driver: 'overlay2', RegistryConfig: { Mirrors: ['https://mirror.example/'] } })
    expect(await runsAgain(home, 'aws1')).toBe(true)
  })

  test('a store of another CA: told, asked, and without a yes nothing is done', async () => {
    const before = [await state(), await engine()]
    const no = await stranger.cliWith({ input: 'n\n' }, 'adopt', at(), ...key())
    expect([no.code, no.stdout]).toEqual([1, ''])
    expect(no.stderr).toContain('"aws1" is')
    expect(no.stderr).toContain('set up by machine with driver amazonec2')
    expect(no.stderr).toContain(
      'Clients with the old certificates are shut out. The engine restarts; live-restore is off',
    )
    expect(no.stderr).toContain('"aws1" is not adopted, and nothing was changed on its host')
    expect(no.stderr).toContain('machine export aws1; then import the bundle here')
    expect([await state(), await engine()]).toEqual(before)
    expect(await stranger.ok('ls', '-q')).toBe('')
  })

  test('--replace-certs: new certificates, the same settings, the old clients shut out', async () => {
    const name = await host.exec('uname -n')
    const ran = await stranger.cli('adopt', at(), '--name', 'mine', '--replace-certs', ...key())
    expect(ran).toMatchObject({ code: 0, stdout: '' })
    expect(ran.stderr).toContain('Changed on the host: server-certificate, engine-settings\n"mine" is adopted.')
    expect(JSON.parse(await stranger.ok('provision', 'mine', '--json'))[0].changed).toEqual([])
    expect(await runsAgain(stranger, 'mine')).toBe(true)
    expect(await stranger.dockerOk('mine', 'info', '-f', '{{json .Labels}}')).toContain('"tier=1"')
    expect(await host.exec('uname -n')).toBe(name)
    const old = await home.cli('env', 'aws1')
    expect([old.code, old.stdout]).toEqual([1, ''])
  })

  test('a server certificate that has run out, of our own CA: renewed after a yes', async () => {
    must('cp', await run('cp', ['-a', join(stranger.store, 'certs'), join(home.path, 'kept')]))
    await using third = await startHome(CLASSIC)
    mkdirSync(third.store, { recursive: true })
    must('cp', await run('cp', ['-a', join(home.path, 'kept'), join(third.store, 'certs')]))
    await host.exec('cp /etc/docker/server.pem /root/good.pem && openssl x509 -in /etc/docker/server.pem -noout')
    const read = (file: string) => readFileSync(join(third.store, 'certs', file), 'utf8')
    const publicKeyPem = await host.exec('openssl pkey -in /etc/docker/server-key.pem -pubout')
    const expired = await issueServerCert({
      ca: { certPem: read('ca.pem'), keyPem: read('ca-key.pem') },
      publicKeyPem: `${publicKeyPem.trim()}\n`,
      owner: 'someone',
      machine: 'mine',
      names: [host.address],
      now: new Date(Date.now() - 3 * 86_400_000),
      days: 1,
    })
    await host.exec(`echo ${Buffer.from(expired).toString('base64')} | base64 -d >/etc/docker/server.pem`)
    const no = await third.cliWith({ input: '' }, 'adopt', at(), ...key())
    expect(no.stderr).toMatch(/its server certificate expired on \d{4}-\d\d-\d\d/)
    expect(no.stderr).not.toContain('shut out. The engine')
    const yes = await third.cliWith({ input: 'y\n' }, 'adopt', at(), ...key())
    expect(yes.code).toBe(0)
    expect(await third.dockerOk('mine', 'version', '-f', '{{.Server.Os}}')).toBe('linux')
    expect(await stranger.dockerOk('mine', 'version', '-f', '{{.Server.Os}}')).toBe('linux')
  })
})
