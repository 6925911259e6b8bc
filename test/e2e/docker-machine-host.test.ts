/** A host that docker-machine v0.16.2 made, with its store: used, brought up to date and removed from here. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { addOldMachine, makeOldStore, type OldStore, setUpAsDockerMachine } from '../kit/docker-machine.ts'
import { engineInfo, provisioned } from '../kit/generic.ts'
import { importBusybox } from '../kit/images.ts'
import { expectStrictRecord } from '../unit/machine/strict-record.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe

suite(why ? `a host of docker-machine's [${why}]` : "a host of docker-machine's", () => {
  let host: TestHost
  let home: Home
  let store: OldStore
  const file = (name: string) => join(store.path, 'machines/old', name)
  const config = () => readFileSync(file('config.json'), 'utf8')
  let before: string

  beforeAll(async () => {
    host = await startHost()
    home = await startHome()
    store = makeOldStore(home.store)
    const machine = { name: 'old', address: host.address, sshUser: 'root', keyPath: host.keyPath, labels: ['tier=old'] }
    const server = addOldMachine(store, machine)
    await setUpAsDockerMachine(host, store, server, machine.labels)
    before = config()
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await host?.[Symbol.asyncDispose]()
  })

  test('is listed, and its engine answers', async () => {
    const [row] = JSON.parse(await home.ok('ls', '--json'))
    expect(row).toMatchObject({
      name: 'old',
      driver: 'generic',
      state: 'Running',
      url: `tcp://${host.address}:2376`,
      error: '',
    })
    expect(row.docker).toMatch(/^v\d+\./)
  })

  test('env, config, ip, url, status, version and docker work; nothing is written', async () => {
    expect(JSON.parse(await home.ok('env', '--json', 'old'))).toEqual({
      DOCKER_TLS_VERIFY: '1',
      DOCKER_HOST: `tcp://${host.address}:2376`,
      DOCKER_CERT_PATH: join(store.path, 'machines/old'),
      DOCKER_MACHINE_NAME: 'old',
    })
    expect(await home.ok('config', 'old')).toContain(`-H=tcp://${host.address}:2376\n`)
    expect(await home.ok('ip', 'old')).toBe(`${host.address}\n`)
    expect(await home.ok('url', 'old')).toBe(`tcp://${host.address}:2376\n`)
    expect(await home.ok('status', 'old')).toBe('Running\n')
    expect(await home.ok('version', 'old')).toMatch(/^\d+\./)
    // dockerd keeps labels in no order
    expect([...((await engineInfo(home, 'old')).Labels as string[])].sort()).toEqual(['provider=generic', 'tier=old'])
    expect(config()).toBe(before)
  })

  test('ssh logs in with the key docker-machine copied', async () => {
    expect(await home.cli('ssh', 'old', 'cat', '/etc/docker/ca.pem')).toMatchObject({
      code: 0,
      stdout: store.ca.certPem,
    })
  })

  test('provision brings it up to date: containers are kept, the RSA CA and keys stay, but root alone reads them', async () => {
    await importBusybox(home, 'old')
    await home.dockerOk('old', 'run', '-d', '--name', 'kept', 'busybox', 'sleep', '3600')
    const hostname = await host.exec('hostname')
    expect(await provisioned(home, 'old')).not.toEqual([])
    expect(await host.exec('hostname')).toBe(hostname) // docker-machine called every host by its machine's name
    expect(readFileSync(join(store.path, 'certs/ca.pem'), 'utf8')).toBe(store.ca.certPem)
    expect(readFileSync(join(store.path, 'certs/ca-key.pem'), 'utf8')).toBe(store.ca.keyPem)
    expect(readFileSync(file('cert.pem'), 'utf8')).toBe(store.client.certPem)
    expect(await host.exec('stat -c %a /etc/docker/server-key.pem')).toBe('400')
    expect(await host.exec('cat /etc/docker/server-key.pem')).toBe(readFileSync(file('server-key.pem'), 'utf8').trim())
    const info = await engineInfo(home, 'old')
    expect(info.Labels).toEqual(expect.arrayContaining(['tier=old', 'provider=generic']))
    expect(await home.dockerOk('old', 'ps', '-a', '--format', '{{.Names}}')).toBe('kept')
    expect(await provisioned(home, 'old')).toEqual([])
  })

  test('what is written then, a strict reader of docker-machine’s schema takes', async () => {
    expectStrictRecord(config())
    const record = JSON.parse(config())
    const old = JSON.parse(before)
    expect(record.HostOptions).toEqual(old.HostOptions)
    expect(record.Driver).toEqual(old.Driver)
    expect(record.Machine.Phase).toBe('ready')
    expect(statSync(file('config.json')).mode & 0o777).toBe(0o600)
  })

  test('the engine takes a client that docker-machine made, and openssl finds its certificate in order', async () => {
    const dir = join(store.path, 'machines/old')
    const said = execFileSync(
      'openssl',
      [
        ...['s_client', '-connect', `${host.address}:2376`, '-CAfile', join(dir, 'ca.pem'), '-verify_return_error'],
        ...['-cert', join(dir, 'cert.pem'), '-key', join(dir, 'key.pem')],
      ],
      { input: '', encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] },
    )
    expect(said).toContain('Verify return code: 0 (ok)')
  })

  test('rm drops it and leaves the host as it is', async () => {
    await home.ok('rm', '-y', 'old')
    expect(existsSync(join(store.path, 'machines/old'))).toBe(false)
    expect(await host.exec('systemctl is-active docker; ls /var/lib/docker/containers | wc -l')).toBe('active\n1')
    expect(await host.exec('ls /etc/docker/server.pem')).toBe('/etc/docker/server.pem')
  })
})
