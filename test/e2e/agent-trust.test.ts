/** Certificates of a machine with the agent: renewed, rotated and revoked on a real host while clients are at work. */
import { X509Certificate } from 'node:crypto'
import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { TrustState } from '../../agent/protocol.ts'
import { issueClientCert, signRevocations } from '../../src/certs/index.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { type Dev, startDev } from '../kit/dev-machine.ts'
import { issueFor, type Somebody } from '../kit/docker-as.ts'
import { type Answer, askOnce, identityIn, keptAlive } from '../kit/engine-client.ts'
import { startLoad } from '../kit/load.ts'
import { shownTo } from '../kit/openssl.ts'
import { caOf, showCertificateFor } from '../kit/server-certificate.ts'
import { hearsOn, LISTEN, missedBy, startTicker } from '../kit/ticker.ts'

jest.setTimeout(180_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe

suite(why ? `trust of an agent [${why}]` : 'trust of an agent', () => {
  let dev: Dev
  /** Has a certificate of the first CA, and never renews it. */
  let late: Somebody

  beforeAll(async () => {
    dev = await startDev('agent-trust')
    await startTicker(dev)
    late = await issueFor(dev, 'late', '--role', 'admin')
  })
  afterAll(async () => await dev?.[Symbol.asyncDispose]())

  const inStore = (...path: string[]) => join(dev.home.store, ...path)
  const own = () => identityIn(inStore('machines/dev'))
  const asAdmin = (path: string) => askOnce(dev.address, own(), path)
  const trustNow = async () => (await asAdmin('/_machine/certs')).json() as unknown as TrustState
  const listNow = async () => JSON.parse((await trustNow()).revoked?.payload ?? '{"number":0,"serials":[]}')
  const casIn = (pem: string) => pem.split('BEGIN CERTIFICATE').length - 1
  /** Processes that live through whatever becomes of certificates: the engine, the agent, a container. */
  const processes = async () => [
    await dev.ssh('pidof dockerd'),
    JSON.parse(await dev.ssh('cat /run/machine-agent/running.json')).pid,
    await dev.docker('inspect', '-f', '{{.State.Pid}}', 'ticker'),
  ]

  /** 50 requests a second, half of them over a connection that stays, half over new ones; returns how to end and judge them. */
  function startClients(): () => Promise<void> {
    const fine = ({ status, text }: Answer) => (status === 200 ? undefined : `${status} ${text}`)
    const lasting = keptAlive(dev.address, own())
    const kept = startLoad(25, async () => fine(await lasting.ask('GET', '/containers/json')))
    const fresh = startLoad(25, async () => fine(await askOnce(dev.address, own(), '/version')))
    return async () => {
      const [a, b] = [await kept.stop(), await fresh.stop()]
      lasting[Symbol.dispose]()
      expect([...a.failures, ...b.failures]).toEqual([])
      expect(Math.min(a.done, b.done)).toBeGreaterThan(10)
    }
  }

  test('a new server certificate, then a new CA: no request fails, no stream ends, nothing restarts', async () => {
    const before = await processes()
    await using listener = await dev.dockerFollow(...LISTEN)
    await hearsOn(listener)
    const first = shownTo(dev.address)
    const finish = startClients()
    await dev.home.ok('regenerate-certs', '-f', 'dev')
    const second = shownTo(dev.address)
    expect(second.serial).not.toBe(first.serial)
    const rotated = await dev.home.cli('cert', 'rotate-ca')
    expect(rotated).toMatchObject({ code: 0, stderr: expect.stringContaining('What ends with it: late (') })
    expect(shownTo(dev.address).serial).not.toBe(second.serial)
    expect(casIn((await trustNow()).ca)).toBe(2)
    await hearsOn(listener)
    await finish()
    expect(missedBy(listener)).toEqual([])
    expect((await late.docker('ps')).code).toBe(0)
    expect(await processes()).toEqual(before)
  })

  test('--finish: who has a certificate of the new CA goes on; the others are cut and refused', async () => {
    const before = await processes()
    const soon = await issueFor(dev, 'soon', '--role', 'admin')
    await using listener = soon.follow(...LISTEN)
    await using cut = late.follow(...LISTEN)
    using open = keptAlive(dev.address, identityIn(late.folder))
    expect((await open.ask('GET', '/_ping')).status).toBe(200)
    await Promise.all([hearsOn(listener), hearsOn(cut)])
    const finish = startClients()
    const done = await dev.home.cli('cert', 'rotate-ca', '--finish')
    expect(done).toMatchObject({ code: 0, stderr: 'The old CA is gone.\nCertificates that went with it: late\n' })
    await hearsOn(listener)
    await finish()
    expect(missedBy(listener)).toEqual([])

    expect(await cut.ended).not.toBe(0)
    const refused = await open.ask('GET', '/_ping')
    expect(refused).toMatchObject({ status: 403, reused: true })
    expect(refused.json()).toEqual({ message: expect.stringMatching(/late.*revoked|trusted no longer/) })
    const anew = askOnce(dev.address, { ...identityIn(late.folder), ca: own().ca }, '/_ping')
    await expect(anew).rejects.toThrow(/unknown ca|socket hang up|ECONNRESET/i)
    expect(casIn((await trustNow()).ca)).toBe(1)
    expect(await processes()).toEqual(before)
  })

  test('revoked: streams end, open connections and new ones are refused in docker’s words', async () => {
    const bob = await issueFor(dev, 'bob', '--role', 'admin')
    await using listener = bob.follow(...LISTEN)
    using open = keptAlive(dev.address, identityIn(bob.folder))
    expect((await open.ask('GET', '/_ping')).status).toBe(200)
    await hearsOn(listener)
    await dev.home.ok('cert', 'revoke', 'bob')
    expect(await listener.ended).not.toBe(0)
    const sentence = `the certificate of bob (serial ${bob.serial}) has been revoked`
    const refused = await open.ask('GET', '/_ping')
    expect(refused).toMatchObject({ status: 403, reused: true })
    expect(refused.json()).toEqual({ message: sentence })
    expect(await bob.docker('ps')).toMatchObject({ code: 1, stderr: `Error response from daemon: ${sentence}\n` })
  })

  test('what is revoked stays so: through a restart of the agent and of the host, and against older lists', async () => {
    const bob = identityIn(join(dev.home.path, 'bob'))
    const refused = async () => expect((await askOnce(dev.address, bob, '/_ping')).status).toBe(403)
    const written = await dev.ssh('stat -c %.Y /var/lib/machine-agent/revoked.json')
    await dev.home.ok('agent', 'restart', 'dev')
    await refused()
    await dev.home.ok('restart', 'dev')
    await refused()
    // Nobody told it again: it read its own file.
    expect(await dev.ssh('stat -c %.Y /var/lib/machine-agent/revoked.json')).toBe(written)

    const { number, serials } = await listNow()
    const post = async (revoked: object) =>
      (await askOnce(dev.address, own(), '/_machine/certs', 'POST', { revoked })).json().message
    const key = caOf(dev).keyPem
    expect(await post(signRevocations({ number: number - 1, serials: [] }, key))).toBe(
      `the revocation list has number ${number - 1}, and ${number} is in force`,
    )
    expect(await post(signRevocations({ number, serials: [] }, key))).toBe(
      `another revocation list with number ${number} is in force`,
    )
    const next = signRevocations({ number: number + 1, serials: [] }, key)
    const forged = { ...next, payload: next.payload.replace('"serials":[]', '"serials":["AA"]') }
    expect(await post(forged)).toBe('the revocation list will not do: none of the CAs in force signed it')
    expect(await listNow()).toEqual({ number, serials })
    await refused()
  })

  test('a machine that could not be told is told by start, or by provision', async () => {
    const [carl, dora] = [await issueFor(dev, 'carl', '--role', 'admin'), await issueFor(dev, 'dora')]
    await dev.home.ok('stop', 'dev')
    const told = await dev.home.cli('cert', 'revoke', 'carl')
    expect(told).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Revoked carl [\s\S]* what is revoked: dev \(Host is not running\)\n/),
    })
    await dev.home.ok('start', 'dev')
    expect((await carl.docker('ps')).stderr).toContain('the certificate of carl')

    await dev.ssh('systemctl stop machine-agent.socket machine-agent.service')
    expect((await dev.home.cli('cert', 'revoke', 'dora')).code).toBe(1)
    await dev.home.ok('provision', 'dev')
    expect((await dora.docker('ps')).stderr).toContain('the certificate of dora')
    expect((await listNow()).serials).toEqual(expect.arrayContaining([carl.serial, dora.serial]))
  })

  test('an expired client certificate does not get as far as a request', async () => {
    const [ca, then] = [caOf(dev), new Date(Date.now() - 2 * 86_400_000)]
    const { certPem, keyPem } = await issueClientCert({ ca, owner: 'someone', commonName: 'gone', days: 1, now: then })
    const gone = { ca: ca.certPem, cert: certPem, key: keyPem }
    await expect(askOnce(dev.address, gone, '/_ping')).rejects.toThrow(/certificate expired|socket hang up|ECONNRESET/)
  })

  test.each([['ls'], ['env dev'], ['status --json dev'], ['agent status dev']])(
    '%s renews a server certificate that has days left, and says so in a line',
    async call => {
      const words = call.split(' ')
      const env = { MACHINE_CALLED_AS: 'docker-machine' }
      const before = await showCertificateFor(5, dev)
      const { code, stdout, stderr } = await dev.home.cliWith({ env }, ...words)
      expect(stderr).toMatch(/^Renewed the server certificate of "dev" \(good until \S+\)\n$/)
      expect(code).toBe(0)
      expect(stdout).not.toMatch(/Renewed|runs out/)
      const after = shownTo(dev.address).serial
      expect(after).not.toBe(before)
      expect(new X509Certificate(readFileSync(inStore('machines/dev/server.pem'))).serialNumber).toBe(after)
    },
  )

  test('where it cannot be renewed, nothing fails and nothing is said', async () => {
    const before = await showCertificateFor(5, dev)
    renameSync(inStore('certs/ca-key.pem'), inStore('certs/away.pem'))
    const ran = await dev.home.cli('env', 'dev')
    renameSync(inStore('certs/away.pem'), inStore('certs/ca-key.pem'))
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(shownTo(dev.address).serial).toBe(before)
  })

  test.each([
    ['does not run', () => dev.ssh('systemctl stop machine-agent.socket machine-agent.service')],
    ['shows a certificate that has run out', async () => untilExpired(await showCertificateFor(4 / 86_400, dev))],
  ])('regenerate-certs goes over SSH where the agent %s', async (_, breakIt) => {
    const state = 'pidof dockerd; find /etc/docker -type f -exec md5sum {} + | sort'
    const before = await dev.ssh(state)
    await breakIt()
    expect((await dev.home.cli('ls')).stdout).not.toMatch(/v\d+\./)
    const ran = await dev.home.cli('regenerate-certs', '-f', 'dev')
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('the certificate is made anew over SSH') })
    expect(await dev.ssh(state)).toBe(before)
    const kept = new X509Certificate(readFileSync(inStore('machines/dev/server.pem')))
    expect(shownTo(dev.address).serial).toBe(kept.serialNumber)
    expect((await asAdmin('/_machine/health')).json()).toMatchObject({ certificate: { serial: kept.serialNumber } })
  })

  async function untilExpired(serial: string): Promise<void> {
    const shows = () => askOnce(dev.address, own(), '/_ping').then(String, error => error.code)
    while ((await shows()) !== 'CERT_HAS_EXPIRED') await sleep(200)
    expect(shownTo(dev.address).serial).toBe(serial)
  }
})
