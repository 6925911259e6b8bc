/** `machine regenerate-certs` on real machines: what it renews, what it leaves alone, and what goes on running meanwhile. */
import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { createCa, issueClientCert } from '../../src/certs/index.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { type Dev, startDev } from '../kit/dev-machine.ts'
import { importBusybox } from '../kit/images.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe
const PROMPT = 'Regenerate TLS machine certs?  Warning: this is irreversible. (y/n): '

suite(why ? `regenerate-certs [${why}]` : 'regenerate-certs', () => {
  let dev: Dev
  const file = (...parts: string[]) => join(dev.home.store, ...parts)
  const read = (...parts: string[]) => readFileSync(file(...parts), 'utf8')
  const serial = (...parts: string[]) => new X509Certificate(read(...parts)).serialNumber
  const regenerate = (...args: string[]) => dev.home.cli('regenerate-certs', ...args)
  const ssh = async (name: string, command: string) => (await dev.home.ok('ssh', name, '--', command)).trim()
  const engineWorks = async (name: string) =>
    expect(await dev.home.dockerOk(name, 'version', '--format', '{{.Server.Os}}')).toBe('linux')

  beforeAll(async () => {
    dev = await startDev('regenerate-certs', '--engine-agent=off')
    await dev.home.ok('create', '-d', 'nspawn', '--engine-agent=off', '--no-engine-live-restore', 'other')
    await dev.home.ok('create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', 'none')
    for (const name of ['dev', 'other']) await importBusybox(dev.home, name)
  })
  afterAll(() => dev?.[Symbol.asyncDispose]())

  test('it asks first; no is no, and no answer is an error', async () => {
    const before = read('machines/dev/server.pem')
    const no = await dev.home.cliWith({ input: 'n\n' }, 'regenerate-certs', 'dev')
    expect(no).toEqual({ code: 0, signal: null, stdout: '', stderr: PROMPT })
    const eof = await regenerate('dev')
    expect(eof).toMatchObject({ code: 1, stdout: '', stderr: `${PROMPT}EOF\n  → -f goes on without being asked\n` })
    expect(read('machines/dev/server.pem')).toBe(before)
    const dropIn = { input: 'n\n', env: { MACHINE_CALLED_AS: 'docker-machine' } }
    expect(await dev.home.cliWith(dropIn, 'regenerate-certs', 'dev')).toMatchObject({
      code: 0,
      stdout: PROMPT,
      stderr: '',
    })
  })

  test('a new key and certificate; containers run on, and nothing else of the host changes', async () => {
    const id = await dev.docker('run', '-d', 'busybox', 'sleep', '1000')
    const started = await dev.docker('inspect', '-f', '{{.State.Pid}} {{.State.StartedAt}}', id)
    await dev.ssh('hostname elsewhere; rm /etc/docker/.machine.json; sha256sum /etc/docker/daemon.json > /root/sum')
    const key = await dev.ssh('openssl pkey -in /etc/docker/server-key.pem -pubout')
    const before = serial('machines/dev/server.pem')
    const record = read('machines/dev/config.json')

    const done = await dev.home.cliWith({ input: 'y\n' }, 'regenerate-certs', '--json', 'dev')
    expect(done.stderr).toBe(
      `${PROMPT}Regenerating TLS certificates
Copying certs to the remote machine...
Checking connection to Docker...
Docker is up and running!
`,
    )
    const now = new X509Certificate(read('machines/dev/server.pem'))
    expect(now.serialNumber).not.toBe(before)
    expect(JSON.parse(done.stdout)).toEqual({
      client: null,
      machines: [{ name: 'dev', serial: now.serialNumber, notAfter: new Date(now.validTo).toISOString() }],
      outdated: [],
    })
    expect(await dev.docker('inspect', '-f', '{{.State.Pid}} {{.State.StartedAt}}', id)).toBe(started)
    expect(await dev.ssh('openssl pkey -in /etc/docker/server-key.pem -pubout')).not.toBe(key)
    expect(await dev.ssh('openssl x509 -in /etc/docker/server.pem -noout -serial')).toBe(`serial=${now.serialNumber}`)
    expect(await dev.ssh("stat -c '%a %u %n' /etc/docker/*.pem*")).toBe(
      '444 0 /etc/docker/ca.pem\n400 0 /etc/docker/server-key.pem\n444 0 /etc/docker/server.pem',
    )
    expect(await dev.ssh('uname -n; ls /etc/docker/.machine.json 2>&1 | wc -l; sha256sum -c /root/sum')).toBe(
      'elsewhere\n1\n/etc/docker/daemon.json: OK',
    )
    expect(read('machines/dev/config.json')).toBe(record)
    await dev.docker('rm', '-f', id)
  })

  test('where live-restore is off, what that means is told before', async () => {
    await dev.home.dockerOk('other', 'run', '-d', '--restart', 'always', 'busybox', 'sleep', '1000')
    const done = await regenerate('-f', 'other')
    expect(done.code).toBe(0)
    expect(done.stderr).toContain(
      'warning: live-restore is off: the running containers of other stop while its engine restarts, and only those with a restart policy come back\n',
    )
    await engineWorks('other')
  })

  test('an engine that does not come up with the new ones has the old ones back', async () => {
    await ssh(
      'other',
      `cp /etc/docker/server.pem /root/; mkdir -p /etc/systemd/system/docker.service.d
printf '[Service]\\nExecStartPre=/usr/bin/cmp /root/server.pem /etc/docker/server.pem\\n' > /etc/systemd/system/docker.service.d/picky.conf
systemctl daemon-reload`,
    )
    const before = read('machines/other/server.pem')
    const failed = await regenerate('--force', 'other')
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('it runs again with the certificates it had before')
    expect(read('machines/other/server.pem')).toBe(before)
    await ssh('other', 'rm /etc/systemd/system/docker.service.d/picky.conf; systemctl daemon-reload')
    await engineWorks('other')
  })

  test('--client-certs makes a new client certificate, and every machine of the store goes on with it', async () => {
    const [client, server] = [serial('certs/cert.pem'), serial('machines/other/server.pem')]
    const done = await regenerate('-f', '--client-certs', '--json', 'dev')
    expect(done.code).toBe(0)
    expect(serial('certs/cert.pem')).not.toBe(client)
    expect(JSON.parse(done.stdout)).toMatchObject({
      client: { serial: serial('certs/cert.pem'), newCa: false },
      machines: [{ name: 'dev' }],
      outdated: [],
    })
    expect(serial('machines/other/server.pem')).toBe(server)
    for (const name of ['dev', 'other']) {
      expect(read('machines', name, 'cert.pem')).toBe(read('certs/cert.pem'))
      expect(read('machines', name, 'key.pem')).toBe(read('certs/key.pem'))
      await engineWorks(name)
    }
  })

  test('a renewal that was cut short between key and certificate is finished by whatever comes next', async () => {
    const log = file('points')
    const killed = await dev.home.cliWith(
      { env: { MACHINE_CRASH_LOG: log, MACHINE_CRASH_AT: '2' } },
      ...['regenerate-certs', '-f', '--client-certs', 'dev'],
    )
    expect(killed.signal).toBe('SIGKILL')
    expect(readFileSync(log, 'utf8')).toBe('1 cert.pem pending\n2 key.pem written\n')
    await dev.home.ok('provision', 'dev')
    await engineWorks('dev')
    expect(read('machines/dev/cert.pem')).toBe(read('certs/cert.pem'))
  })

  test('an expired CA: a sentence that says how; then a new one, and which machines need it too', async () => {
    const longAgo = new Date(Date.now() - 11 * 365 * 86_400_000)
    const ca = await createCa({ owner: 'someone', now: longAgo })
    const client = await issueClientCert({ ca, owner: 'someone', now: new Date() })
    writeFileSync(file('certs/ca.pem'), ca.certPem)
    writeFileSync(file('certs/ca-key.pem'), ca.keyPem)
    writeFileSync(file('certs/cert.pem'), client.certPem)
    writeFileSync(file('certs/key.pem'), client.keyPem)
    const day = new X509Certificate(ca.certPem).validToDate?.toISOString().slice(0, 10)

    const refused = await regenerate('-f', 'dev')
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain(`the CA certificate expired on ${day} (${file('certs')})\n`)
    expect(refused.stderr).toContain('→ machine regenerate-certs --client-certs NAME… makes new ones')

    const done = await regenerate('-f', '--client-certs', '--json', 'dev')
    expect(done.code).toBe(0)
    expect(done.stderr).toContain(`warning: the CA of this store expired on ${day}: a new one is made\n`)
    expect(done.stderr).toContain(
      'warning: these machines still have certificates of the old CA: run machine regenerate-certs other\n',
    )
    expect(JSON.parse(done.stdout)).toMatchObject({ client: { newCa: true }, outdated: ['other'] })
    expect(read('certs/ca.pem.expired')).toBe(ca.certPem)
    await engineWorks('dev')
    await engineWorks('other') // with its own copies of the old ones, which go with its engine
    await dev.home.ok('regenerate-certs', '-f', 'other')
    await engineWorks('other')
  })

  test("docker-machine's own record stays one, and gets its certificates", async () => {
    const { Machine: _, ...record } = JSON.parse(read('machines/dev/config.json'))
    writeFileSync(file('machines/dev/config.json'), JSON.stringify(record, null, 4))
    const before = serial('machines/dev/server.pem')
    await dev.home.ok('regenerate-certs', '-f', 'dev')
    expect(serial('machines/dev/server.pem')).not.toBe(before)
    expect(JSON.parse(read('machines/dev/config.json'))).toEqual(record)
    await engineWorks('dev')
  })

  test('several: unknown names are told before anything is done, a failure takes nothing from the others', async () => {
    const before = serial('machines/dev/server.pem')
    const unknown = await regenerate('-f', 'dev', 'nope', 'neither')
    expect(unknown).toMatchObject({ code: 1, stdout: '' })
    expect(unknown.stderr.match(/Docker machine "(nope|neither)" does not exist/g)).toHaveLength(2)
    expect(serial('machines/dev/server.pem')).toBe(before)

    await dev.home.ok('stop', 'other')
    const some = await regenerate('-f', '--json', 'dev', 'other', 'none', 'dev')
    expect(some.code).toBe(1)
    expect(some.stderr).toContain('other: Host is not running\n')
    expect(some.stderr).toContain('none: machine "none" has driver none: its engine is not ours to provision\n')
    expect(JSON.parse(some.stdout).machines).toMatchObject([{ name: 'dev' }])
    expect(serial('machines/dev/server.pem')).not.toBe(before)
  })

  test('start, stop, kill, restart, provision, upgrade and ip of several', async () => {
    for (const verb of ['start', 'stop', 'kill', 'restart', 'provision', 'upgrade', 'ip']) {
      const refused = await dev.home.cli(verb, 'dev', 'nope', 'neither')
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr.match(/Docker machine "(nope|neither)" does not exist/g)).toHaveLength(2)
      expect(refused.stderr).not.toContain('"dev"')
    }
    expect(await dev.home.cli('ip', 'other', 'dev')).toMatchObject({ code: 1, stdout: `${dev.address}\n` })
    const stopped = await dev.home.cli('stop', 'dev', 'other')
    expect(stopped).toMatchObject({ code: 1, stdout: '' })
    expect(stopped.stderr).toContain('other: Machine "other" is already stopped.\n')
    expect(await dev.home.ok('status', 'dev')).toBe('Stopped\n')
    await dev.home.ok('start', 'dev', 'other', 'dev')
    await engineWorks('dev')
  })
})
