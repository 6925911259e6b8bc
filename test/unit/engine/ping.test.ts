import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { EngineAddress } from '../../../src/engine/attempt.ts'
import { tlsHandshake } from '../../../src/engine/handshake.ts'
import { pingEngine } from '../../../src/engine/ping.ts'
import { freePort } from '../../kit/sshd.ts'
import { engine, type Identities, listen, makeIdentities, makeServer, opensslServer } from './servers.ts'

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

  test('the server’s has expired', async () => {
    const its = { ...ours, server: await makeServer(ours.ca, [], new Date(Date.now() - 86_400_000), 0.5) }
    await using server = await engine(its, version)
    expect(await failure(at(server.url))).toMatchObject({
      code: 'ENGINE_TLS',
      message: `the certificate of ${server.url} has expired`,
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
        message: expect.stringMatching(`^${server.url} refused our client certificate \\(.*${why}`),
      })
  })

  test('ours is refused without one', async () => {
    await using server = await engine(ours, version, '127.0.0.1', others.ca)
    expect(await failure(at(server.url))).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: `${server.url} closed the connection`,
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
      message: `${server.url} closed the connection`,
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
      message: `nothing answers at ${url} (ECONNREFUSED)`,
      suggestions: ['is the machine running, and is its engine port open to this computer?'],
    })
  })

  test('a name nobody has', async () => {
    expect(await failure(at('tcp://nobody.invalid:2376'))).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: expect.stringMatching(/^nothing answers at tcp:\/\/nobody\.invalid:2376 \((ENOTFOUND|EAI_AGAIN)\)$/),
    })
  })

  test.each([
    ['says nothing', createServer(() => {})],
    ['says nothing after the handshake', undefined],
  ])('one that %s', async (_, silent) => {
    await using server = silent ? await listen(silent) : await engine(ours, () => {})
    expect(await failure(at(server.url, { timeoutMs: 200 }))).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: `no answer from ${server.url} in time`,
      suggestions: [
        'a firewall or security group between here and there often swallows packets like this: open the engine port',
      ],
    })
  })

  test('one that hangs up at once', async () => {
    await using server = await listen(createServer(socket => socket.destroy()))
    expect(await failure(at(server.url))).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: `${server.url} closed the connection`,
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
