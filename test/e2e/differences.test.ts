/** What differs from docker-machine on purpose (docs/differences-from-docker-machine.md) and no other test shows. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { hostEnv } from '../kit/dev-machine.ts'

jest.setTimeout(180_000)
let home: Home
beforeAll(async () => {
  home = await startHome(hostEnv('differences'))
})
afterAll(() => home?.[Symbol.asyncDispose]())

const first = (text: string) => text.split('\n')[0]
const none = (...words: string[]) => ['create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', ...words]

describe('without a host', () => {
  test('create takes several names', async () => {
    await home.ok(...none('b', 'a'))
    expect(await home.ok('ls', '-q')).toBe('a\nb\n')
    await home.ok('rm', '-y', 'a', 'b')
  })

  test('ip of a machine of none is its address, without the port', async () => {
    await home.ok(...none('a'))
    expect(await home.ok('ip', 'a')).toBe('192.0.2.1\n')
    await home.ok('rm', '-y', 'a')
  })

  test.each([
    [{ NO_PROXY: 'foo', no_proxy: undefined }, 'NO_PROXY'],
    [{ NO_PROXY: 'foo', no_proxy: 'bar' }, 'no_proxy'],
  ])('env -u --no-proxy takes the variable in use away (%j)', async (env, name) => {
    const { stdout } = await home.cliWith({ env }, 'env', '-u', '--no-proxy', '--shell', 'sh')
    expect(stdout.split('\n').filter(line => line.startsWith('unset '))).toEqual([
      'unset DOCKER_TLS_VERIFY',
      'unset DOCKER_HOST',
      'unset DOCKER_CERT_PATH',
      'unset DOCKER_MACHINE_NAME',
      `unset ${name}`,
    ])
  })

  test('an unknown shell is told before any machine is looked at', async () => {
    const ran = await home.cliWith({ env: { SHELL: '' } }, 'env', 'nope')
    expect([ran.code, first(ran.stderr)]).toEqual([2, 'Error: Unknown shell'])
  })

  test('a number in a variable that is none is refused, not ignored', async () => {
    const words = ['create', '-d', 'generic', '--generic-ip-address', '192.0.2.1', 'x']
    const ran = await home.cliWith({ env: { GENERIC_SSH_PORT: 'ssh' } }, ...words)
    expect([ran.code, first(ran.stderr)]).toEqual([2, '--generic-ssh-port wants a whole number, not "ssh"'])
  })

  test('no help is printed over the sentence that says what is missing', async () => {
    for (const words of [['create'], ['rm']]) {
      const ran = await home.cli(...words)
      expect(ran.stdout).toBe('')
      expect(ran.stderr.trimEnd().split('\n')).toHaveLength(2)
    }
  })
})

const why = await whyNoHosts()
const suite = why ? describe.skip : describe
suite(why ? `on a machine [${why}]` : 'on a machine', () => {
  const dir = () => join(home.store, 'machines/dev')
  const record = () => JSON.parse(readFileSync(join(dir(), 'config.json'), 'utf8'))
  const certificate = () =>
    execFileSync('openssl', ['x509', '-noout', '-text', '-in', join(dir(), 'server.pem')], { encoding: 'utf8' })
  beforeAll(async () => {
    await home.ok('create', '-d', 'nspawn', '--engine-port', '2377', '--swarm-discovery', 'consul://192.0.2.1', 'dev')
    await home.ok(...none('ext'))
  })

  test('the engine’s port is a setting of any driver', async () => {
    expect(await home.ok('url', 'dev')).toMatch(/^tcp:\/\/[\d.]+:2377\n$/)
    expect(await home.dockerOk('dev', 'info', '-f', '{{.OSType}}')).toBe('linux')
  })

  test('a driver that makes hosts keeps the swarm flags in its state, as docker-machine’s did', () =>
    expect(record().Driver).toMatchObject({
      SwarmMaster: false,
      SwarmHost: 'tcp://0.0.0.0:3376',
      SwarmDiscovery: 'consul://192.0.2.1',
    }))

  test('the key called id_rsa is ed25519; there is no server key; server certificates are P-256, for servers alone', () => {
    expect(readFileSync(join(dir(), 'id_rsa.pub'), 'utf8')).toMatch(/^ssh-ed25519 /)
    expect(existsSync(join(dir(), 'server-key.pem'))).toBe(false)
    expect(certificate()).toMatch(/ASN1 OID: prime256v1/)
    expect(certificate()).toMatch(/Extended Key Usage: *\n *TLS Web Server Authentication\n/)
  })

  test('of several machines, those that can are stopped and started, and saved; those that cannot are named', async () => {
    const stopped = await home.cli('stop', 'dev', 'ext')
    expect([stopped.code, stopped.stderr]).toEqual([
      1,
      expect.stringContaining('ext: hosts without a driver cannot be stopped'),
    ])
    expect(await home.ok('status', 'dev')).toBe('Stopped\n')
    const started = await home.cli('start', 'dev', 'ext')
    expect([started.code, started.stderr]).toEqual([
      1,
      expect.stringContaining('ext: Machine "ext" is already running.'),
    ])
    expect(await home.ok('status', 'dev')).toBe('Running\n')
  })

  test('start issues a certificate for the address the machine has now', async () => {
    const old = (await home.ok('ip', 'dev')).trim()
    const now = old.replace(/\d+$/, '77')
    await home.ok('ssh', 'dev', `grep -rl '${old}' /etc/systemd/network | xargs sed -i 's#${old}\\b#${now}#'`)
    await home.ok('stop', 'dev')
    const moved = record()
    moved.Driver.IPAddress = now // what the driver of a cloud would find
    writeFileSync(join(dir(), 'config.json'), JSON.stringify(moved, null, 4))
    expect((await home.cli('start', 'dev')).stderr).toContain('Issuing a new server certificate')
    expect(certificate()).toContain(`IP Address:${now}`)
    expect(await home.ok('env', '--shell', 'sh', 'dev')).toContain(`DOCKER_HOST="tcp://${now}:2377"`)
  })
})
