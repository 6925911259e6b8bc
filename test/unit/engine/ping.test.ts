import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { createCa, issueClientCert } from '../../../src/certs/index.ts'
import type { EngineAddress } from '../../../src/engine/attempt.ts'
import { tlsHandshake } from '../../../src/engine/handshake.ts'
import { pingEngine } from '../../../src/engine/ping.ts'
import { freePort } from '../../kit/sshd.ts'
import {
  engine,
  type Identities,
  listen,
  makeIdentities,
  makeServer,
  opensslServer,
  startFullListener,
} from './servers.ts'

const VERSION = JSON.stringify({ Version: '28.5.2', ApiVersion: '1.51', MinAPIVersion: '1.24', Os: 'linux' })
const version = (_: unknown, answer: { end(text: string): void }) => answer.end(VERSION)

let ours: Identities
let others: Identities
beforeAll(async () => {
  ours = await makeIdentities()
  others = await makeIdentities()
})

/** How we speak to an engine: our CA, and a client certificate of it. */
const at = (url: string, changes: Partial<EngineAddress> = {}): EngineAddress => ({
  url,
  ca: ours.ca.certPem,
  cert: ours.client.certPem,
  key: ours.client.keyPem,
  ...changes,
})
const failure = (address: EngineAddress) => pingEngine(address).catch(error => error)

describe('an engine that is ours', () => {
  test('says its version', async () => {
    await using server = await engine(ours, version)
    expect(await pingEngine(at(server.url))).toEqual({ version: '28.5.2', apiVersion: '1.51', minApiVersion: '1.24' })
    await tlsHandshake(at(server.url))
  })

  test('is found over IPv6 too', async () => {
    const its = { ...ours, server: await makeServer(ours.ca, ['::1']) }
    await using server = await engine(its, version, '::1')
    expect((await pingEngine(at(server.url))).version).toBe('28.5.2')
  })

  test('is trusted while one CA replaces another', async () => {
    await using server = await engine(ours, version)
    expect((await pingEngine(at(server.url, { ca: others.ca.certPem + ours.ca.certPem }))).version).toBe('28.5.2')
  })
})

describe('certificates that do not fit', () => {
  test('the server is of another CA', async () => {
    await using server = await engine({ ...ours, server: others.server }, version)
    expect(await failure(at(server.url))).toMatchObject({
      code: 'ENGINE_TLS',
      message: `the certificate of ${server.url} is not signed by the CA of this store (UNABLE_TO_VERIFY_LEAF_SIGNATURE)`,
      suggestions: ['another store or another tool made certificates for this engine'],
    })
  })

  test('the server has another address', async () => {
    await using server = await engine(ours, version, '127.0.0.2')
    expect(await failure(at(server.url))).toMatchObject({
      code: 'ENGINE_TLS',
      message: expect.stringMatching(
        /^the certificate of tcp:\/\/127\.0\.0\.2:\d+ is for other names: .*127\.0\.0\.2 is not in the cert's list/,
      ),
      suggestions: ['the address of the machine changed, or something else answers there'],
    })
  })

  const DAY = 86_400_000
  const day = (from: number) => new Date(Date.now() + from).toISOString().slice(0, 10)

  test('the server’s has expired', async () => {
    const its = { ...ours, server: await makeServer(ours.ca, [], new Date(Date.now() - 4 * DAY), 1) }
    await using server = await engine(its, version)
    expect(await failure(at(server.url))).toMatchObject({
      code: 'ENGINE_TLS',
      message: `the certificate of ${server.url} expired on ${day(-3 * DAY)}`,
      suggestions: ['issue a new one: machine provision NAME; containers keep running'],
    })
  })

  test('the CA above the server’s has expired', async () => {
    const old = await createCa({ owner: 'someone', now: new Date(Date.now() - 4 * DAY), days: 1 })
    const its = { ...ours, ca: old, server: await makeServer(old, ['127.0.0.1']) }
    await using server = await engine(its, version, '127.0.0.1', ours.ca)
    expect(await failure(at(server.url, { ca: old.certPem }))).toMatchObject({
      code: 'ENGINE_TLS',
      message: `the CA that signed the certificate of ${server.url} has expired`,
    })
  })

  test('the server’s is of the future: one of the two clocks is wrong', async () => {
    const its = { ...ours, server: await makeServer(ours.ca, ['127.0.0.1'], new Date(Date.now() + 3 * DAY)) }
    await using server = await engine(its, version)
    expect(await failure(at(server.url))).toMatchObject({
      code: 'ENGINE_TLS',
      message: expect.stringMatching(
        `^the certificate of ${server.url} is not valid before ${day(3 * DAY - 300_000)}, and the clock of this computer says ${day(0)}T`,
      ),
      suggestions: ["set this computer's clock: sudo timedatectl set-ntp true", expect.anything()],
    })
  })

  test.each(['-tls1_2', '-tls1_3'] as const)('ours has expired, which the server says (%s)', async tls => {
    await using server = await opensslServer(ours, tls)
    const { certPem: cert, keyPem: key } = await issueClientCert({
      ca: ours.ca,
      owner: 'someone',
      now: new Date(Date.now() - 4 * DAY),
      days: 1,
    })
    expect(await failure(at(server.url, { cert, key }))).toMatchObject({
      code: 'ENGINE_TLS',
      message: `${server.url} refused our client certificate as expired: it ends on ${day(-3 * DAY)}`,
      suggestions: ['make a new one: machine regenerate-certs --client-certs NAME', expect.anything()],
    })
  })

  test('the server speaks an old TLS alone', async () => {
    const tls = { key: ours.server.keyPem, cert: ours.server.certPem, minVersion: 'TLSv1' as const }
    await using server = await listen(
      createHttpsServer({ ...tls, maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }, version),
    )
    expect(await failure(at(server.url))).toMatchObject({
      code: 'ENGINE_TLS',
      message: `${server.url} speaks no TLS newer than 1.1, which is not safe any more`,
    })
  })

  test.each([
    ['-tls1_2', 'tlsv1 alert unknown ca'],
    ['-tls1_3', 'tlsv1 alert unknown ca'],
  ] as const)('ours is refused with a reason (%s)', async (tls, why) => {
    await using server = await opensslServer(ours, tls)
    for (let i = 0; i < 10; i += 1)
      expect(await failure(at(server.url, { cert: others.client.certPem, key: others.client.keyPem }))).toMatchObject({
        code: 'ENGINE_TLS',
        message: expect.stringMatching(
          `^${server.url} refused our client certificate: the engine trusts another CA \\(.*${why}`,
        ),
      })
  })

  test('ours is refused without one', async () => {
    await using server = await engine(ours, version, '127.0.0.1', others.ca)
    expect(await failure(at(server.url))).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: `${server.url} closed the connection without an answer`,
      suggestions: [expect.stringContaining('refuse a client certificate like this'), expect.anything()],
    })
  })

  test.each([
    ['no CA', { ca: '' }, 'there is no CA or client certificate here to speak to URL with'],
    ['no certificate', { cert: ' \n' }, 'there is no CA or client certificate here to speak to URL with'],
    ['nonsense', { cert: 'nonsense' }, 'our CA or client certificate for URL cannot be used: no start line'],
    [
      'half a key',
      { key: '-----BEGIN EC PRIVATE KEY-----\nM' },
      'our CA or client certificate for URL cannot be used: ',
    ],
  ])('ours is %s', async (_, changes, message) => {
    const url = 'tcp://127.0.0.1:1'
    expect(await failure(at(url, changes))).toMatchObject({
      code: 'ENGINE_TLS',
      message: expect.stringContaining(message.replace('URL', url)),
    })
  })

  test('ours has another key', async () => {
    expect(await failure(at('tcp://127.0.0.1:1', { key: others.client.keyPem }))).toMatchObject({
      code: 'ENGINE_TLS',
      message: 'our CA or client certificate for tcp://127.0.0.1:1 cannot be used: key values mismatch',
    })
  })
})

describe('what is no engine', () => {
  test('a plain HTTP server', async () => {
    await using server = await listen(createHttpServer(version))
    expect(await failure(at(server.url))).toMatchObject({
      code: 'ENGINE_BAD_ANSWER',
      message: `what answers at ${server.url} does not speak TLS`,
      suggestions: ['is it the engine that listens there, and was it set up by this tool?'],
    })
  })

  test('another TLS server', async () => {
    await using server = await engine(ours, (_, answer) => answer.end('<html>'))
    expect(await failure(at(server.url))).toMatchObject({
      code: 'ENGINE_BAD_ANSWER',
      message: `what answers at ${server.url} is not a Docker engine`,
    })
  })

  test.each([404, 500, 302])('one that answers %d', async status => {
    await using server = await engine(ours, (_, answer) => answer.writeHead(status).end())
    expect(await failure(at(server.url))).toMatchObject({
      code: 'ENGINE_BAD_ANSWER',
      message: `the engine at ${server.url} answered ${status} to GET /version`,
    })
  })

  test('one that says why it does not answer', async () => {
    const message = 'client version 1.22 is too old.\nMinimum supported API version is 1.44'
    await using server = await engine(ours, (_, answer) => answer.writeHead(400).end(JSON.stringify({ message })))
    expect(await failure(at(server.url))).toMatchObject({
      message: `the engine at ${server.url} answered 400 to GET /version: ${message.replace('\n', ' ')}`,
    })
  })

  test('a TLS server that speaks no HTTP', async () => {
    const tls = { key: ours.server.keyPem, cert: ours.server.certPem }
    await using server = await listen(createTlsServer(tls, socket => socket.end('220 mail.example ESMTP\r\n')))
    expect(await failure(at(server.url))).toMatchObject({
      code: 'ENGINE_BAD_ANSWER',
      message: `what answers at ${server.url} speaks TLS, but not HTTP: it is no engine`,
    })
  })

  test('one that never stops', async () => {
    await using server = await engine(ours, (_, answer) => {
      const more = () => void (answer.destroyed || answer.write('x'.repeat(65_536), more))
      more()
    })
    expect(await failure(at(server.url))).toMatchObject({
      code: 'ENGINE_BAD_ANSWER',
      message: `${server.url} answers more to GET /version than any engine does`,
    })
  })

  test('one that breaks off', async () => {
    await using server = await engine(ours, (_, answer) => {
      answer.writeHead(200, { 'content-length': 100 })
      answer.write('{"Ver', () => answer.destroy())
    })
    expect(await failure(at(server.url))).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: `${server.url} closed the connection in the middle of its answer`,
    })
  })

  test.each(['', 'unix:///var/run/docker.sock', 'http://127.0.0.1:2375', 'tcp://', 'nonsense'])('%j', async url => {
    expect(await failure(at(url))).toMatchObject({
      code: 'ENGINE_URL',
      message: `"${url}" is no engine's address: it has to be tcp://host:port`,
    })
  })
})

describe('nobody there', () => {
  test('a closed port', async () => {
    const url = `tcp://127.0.0.1:${await freePort()}`
    expect(await failure(at(url))).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: `nothing listens at ${url}: the connection was refused (ECONNREFUSED)`,
      suggestions: ['start the engine: machine ssh NAME -- sudo systemctl start docker'],
    })
  })

  test('a name nobody has', async () => {
    expect(await failure(at('tcp://nobody.invalid:2376'))).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: expect.stringMatching(
        /^the name nobody\.invalid of tcp:\/\/nobody\.invalid:2376 (has no address|cannot be looked up) \((ENOTFOUND|EAI_AGAIN)\)$/,
      ),
    })
  })

  test.each([
    ['says nothing', createServer(() => {}), 'URL accepts connections, but began no TLS in time'],
    ['says nothing after the handshake', undefined, 'the engine at URL let us in, but did not answer in time'],
  ])('one that %s', async (_, silent, message) => {
    await using server = silent ? await listen(silent) : await engine(ours, () => {})
    expect(await failure(at(server.url, { timeoutMs: 200 }))).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: message.replace('URL', server.url),
      suggestions: expect.arrayContaining([expect.stringContaining('sudo systemctl restart docker')]),
    })
  })

  test('one whose packets nobody answers', async () => {
    // A listener whose queue is full drops further connections, as a firewall does.
    await using full = await startFullListener()
    expect(await failure(at(full.url, { timeoutMs: 300 }))).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: `no answer from ${full.url} in time`,
      suggestions: [
        'a firewall or security group between here and there often swallows packets like this: open the engine port',
        'or the host is off, or its address changed',
      ],
    })
  })

  test('one that hangs up at once', async () => {
    await using server = await listen(createServer(socket => socket.destroy()))
    expect(await failure(at(server.url))).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: `${server.url} closed the connection during the TLS handshake`,
    })
  })
})

describe('a signal', () => {
  test('ends the asking with its reason', async () => {
    await using server = await engine(ours, () => stop.abort(reason))
    const stop = new AbortController()
    const reason = new Error('enough')
    await expect(pingEngine(at(server.url, { signal: stop.signal }))).rejects.toBe(reason)
    await expect(pingEngine(at(server.url, { signal: stop.signal }))).rejects.toBe(reason)
  })
})
