/** login, push and pull against Debian's docker-registry: plain where the engine was told so, and over TLS with a CA of one's own. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals'
import { createCa, issueServerCert } from '../../src/certs/index.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { type Dev, startDev } from '../kit/dev-machine.ts'
import { importBusybox } from '../kit/images.ts'
import { testSubnet } from '../kit/places.ts'
import { startRegistry } from '../kit/registry.ts'
import { needs } from '../kit/tools.ts'

jest.setTimeout(180_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe
const test = needs('docker-registry', 'htpasswd')
// The bridge's address is made with the machine, so its ports are free.
const PLAIN = 5000
const UNTOLD = 5001
const TLS = 5443
// The first address of the tests' subnet is this computer's end of the bridge.
const GATEWAY = testSubnet('dev').replace(/0\/24$/, '1')

suite(why ? `docker registries [${why}]` : 'docker registries', () => {
  let dev: Dev
  beforeAll(async () => {
    dev = await startDev('docker-registry', '--engine-insecure-registry', `${GATEWAY}:${PLAIN}`)
    await importBusybox(dev.home, 'dev')
  })
  afterAll(() => dev?.[Symbol.asyncDispose]())

  const at = (name: string, port: number) => ({ address: dev.gateway, port, folder: join(dev.home.path, name) })
  const tryDocker = async (...args: string[]) => {
    const ran = await dev.dockerWith({}, ...args)
    return { code: ran.code, said: ran.stdout + ran.stderr }
  }

  /** Pushes busybox, forgets it, pulls it again and runs it. */
  async function roundTrip(image: string): Promise<void> {
    await dev.docker('tag', 'busybox', image)
    const pushed = await dev.docker('push', image)
    expect(pushed).toMatch(/digest: sha256:[0-9a-f]{64}/)
    await dev.docker('rmi', image)
    expect(await dev.docker('pull', image)).toContain('Downloaded newer image')
    expect(await dev.docker('run', '--rm', image, 'echo', 'pulled')).toBe('pulled')
    await dev.docker('rmi', image)
  }

  test('plain, named with --engine-insecure-registry: push, pull, and run of what is not here', async () => {
    await using _registry = await startRegistry(at('plain', PLAIN))
    const image = `${dev.gateway}:${PLAIN}/team/busybox:1`
    await roundTrip(image)
    // run pulls by itself
    expect(await dev.docker('run', '--rm', image, 'echo', 'ran')).toMatch(/ran$/)
    const unknown = await tryDocker('pull', `${dev.gateway}:${PLAIN}/team/none:1`)
    expect(unknown.code).toBe(1)
    expect(unknown.said).toContain('not found')
  })

  test('plain, and the engine was not told: refused', async () => {
    await using _registry = await startRegistry(at('untold', UNTOLD))
    const refused = await tryDocker('pull', `${dev.gateway}:${UNTOLD}/team/busybox:1`)
    expect(refused.code).toBe(1)
    expect(refused.said).toContain('server gave HTTP response to HTTPS client')
  })

  test('TLS: refused until the machine has its CA; login, push and pull with it', async () => {
    const now = new Date()
    const ca = await createCa({ owner: 'registry', now })
    const tls = await serverPair(ca, dev.gateway, now)
    const htpasswd = execFileSync('htpasswd', ['-nbB', 'alice', 'a secret'], { encoding: 'utf8' })
    await using _registry = await startRegistry({ ...at('tls', TLS), tls, htpasswd })
    const registry = `${dev.gateway}:${TLS}`
    const image = `${registry}/busybox:1`
    const login = (password: string) =>
      dev.dockerWith({ input: password }, 'login', '-u', 'alice', '--password-stdin', registry)

    const early = await login('a secret')
    expect(early.code).toBe(1)
    expect(early.stderr).toContain('certificate signed by unknown authority')

    await dev.ssh(
      `mkdir -p /etc/docker/certs.d/${registry} && cat > /etc/docker/certs.d/${registry}/ca.crt`,
      ca.certPem,
    )
    await dev.docker('tag', 'busybox', image)
    const anonymous = await tryDocker('push', image)
    expect(anonymous.code).toBe(1)
    expect(anonymous.said).toMatch(/no basic auth credentials|unauthorized/)

    const wrong = await login('another')
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toMatch(/unauthorized|401/)
    expect(await login('a secret')).toMatchObject({ code: 0, stdout: expect.stringContaining('Login Succeeded') })
    await roundTrip(image)

    await dev.docker('logout', registry)
    expect((await tryDocker('pull', image)).code).toBe(1)
  })
})

/** A server key with its certificate for `address`, by openssl and the project's own issuing. */
async function serverPair(ca: { certPem: string; keyPem: string }, address: string, now: Date) {
  const generate = ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']
  const keyPem = execFileSync('openssl', generate, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const publicKeyPem = execFileSync('openssl', ['pkey', '-pubout'], { input: keyPem, encoding: 'utf8' })
  const certPem = await issueServerCert({
    ca,
    publicKeyPem,
    owner: 'registry',
    machine: 'registry',
    names: [address],
    now,
  })
  return { keyPem, certPem }
}
