/** Who may reach a machine: what was typed, and the caller's own address as a check service (here on loopback) tells it. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { allowedRanges, parseAllowCidr } from '../../../../drivers/amazonec2/allow-cidr.ts'
import { normaliseCidr } from '../../../../drivers/cloud/cidr.ts'
import * as shared from '../../../../drivers/cloud/own-address.ts'
import { MachineError, UsageError } from '../../../../src/errors.ts'
import { type LoopbackApi, loopbackApi } from './loopback-api.ts'

const ownAddress = (url: string, family: 4 | 6, signal: AbortSignal, deadlineMs = 10_000) =>
  shared.ownAddress({ url, family, driver: 'amazonec2', deadlineMs }, signal)

describe('ranges', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7/32'],
    ['10.1.2.3/16', '10.1.0.0/16'],
    ['10.1.2.3/31', '10.1.2.2/31'],
    ['255.255.255.255/1', '128.0.0.0/1'],
    ['2001:DB8:0:0:0:0:0:7', '2001:db8::7/128'],
    ['2001:db8:1:2:3:4:5:6/48', '2001:db8:1::/48'],
    ['::1', '::1/128'],
    ['::/0', '::/0'],
    ['::ffff:192.0.2.1', '::ffff:c000:201/128'],
    ['2001:db8:ffff:ffff::/33', '2001:db8:8000::/33'],
    [' 192.0.2.0/24 ', '192.0.2.0/24'],
  ])('%s → %s', (typed, cidr) => expect(normaliseCidr(typed)?.cidr).toBe(cidr))
  test.each([
    '',
    '203.0.113',
    '203.0.113.7/33',
    '203.0.113.7/',
    '203.0.113.07',
    '2001:db8::/129',
    'fe80::1%eth0',
    'host.example',
    '10.0.0.0/8/8',
    '/24',
  ])('%j is none', text => expect(normaliseCidr(text)).toBeUndefined())
})

describe('what was typed', () => {
  test('nothing is auto; ranges and auto go together; each stands once', () => {
    expect(parseAllowCidr([])).toEqual({ auto: true, v4: [], v6: [] })
    expect(parseAllowCidr(['203.0.113.7'])).toEqual({ auto: false, v4: ['203.0.113.7/32'], v6: [] })
    expect(parseAllowCidr(['AUTO, 203.0.113.7,2001:db8::/48', '203.0.113.7/32'])).toEqual({
      auto: true,
      v4: ['203.0.113.7/32'],
      v6: ['2001:db8::/48'],
    })
  })
  test('everybody is let in only by who says so', () => {
    expect(parseAllowCidr(['0.0.0.0/0', '::/0'])).toEqual({ auto: false, v4: ['0.0.0.0/0'], v6: ['::/0'] })
    expect(() => parseAllowCidr(['203.0.113.7/0'])).toThrow(
      '--amazonec2-allow-cidr 203.0.113.7/0 would let everybody in',
    )
    expect(() => parseAllowCidr(['2001:db8::7/0'])).toThrow(UsageError)
  })
  test('anything else is refused by name', () => {
    expect(() => parseAllowCidr(['me'])).toThrow('--amazonec2-allow-cidr cannot be "me"')
  })
})

describe('auto', () => {
  let api: LoopbackApi
  beforeEach(async () => {
    api = await loopbackApi()
  })
  afterEach(async () => {
    await api[Symbol.asyncDispose]()
  })
  const vpcRanges = { v4: ['172.31.0.0/16'], v6: ['2001:db8:9::/56'] }
  const signal = new AbortController().signal
  const ask = (words: string[], more: object = {}, env: Record<string, string> = {}) =>
    allowedRanges({ words, vpcRanges, checkUrl: api.url, ...more }, { env, signal })
  const refusal = (work: Promise<unknown>): Promise<MachineError> =>
    work.then(
      () => {
        throw new Error('was not refused')
      },
      error => error,
    )

  test('is the address the service sees, beside what was typed', async () => {
    api.answer({ body: '198.51.100.4\n' })
    expect(await ask([])).toEqual({ v4: ['198.51.100.4/32'], v6: [] })
    expect(await ask(['auto', '203.0.113.0/24'])).toEqual({ v4: ['203.0.113.0/24', '198.51.100.4/32'], v6: [] })
  })
  test('is asked where the variable says, and the flag goes before it', async () => {
    api.answer({ body: '198.51.100.4' })
    const env = { MACHINE_AMAZONEC2_CHECK_URL: api.url }
    expect((await ask([], { checkUrl: undefined }, env)).v4).toEqual(['198.51.100.4/32'])
    expect((await ask([], {}, { MACHINE_AMAZONEC2_CHECK_URL: 'http://127.0.0.1:9' })).v4).toEqual(['198.51.100.4/32'])
  })
  test('is the network of a machine that only that can reach; nobody is asked', async () => {
    expect(await ask(['auto', '10.0.0.0/8'], { privateOnly: true })).toEqual({
      v4: ['10.0.0.0/8', '172.31.0.0/16'],
      v6: ['2001:db8:9::/56'],
    })
    expect(api.asked).toEqual([])
  })
  test('is not asked for where ranges were given', async () => {
    expect(await ask(['203.0.113.7'])).toEqual({ v4: ['203.0.113.7/32'], v6: [] })
    expect(api.asked).toEqual([])
  })
  test.each([
    ['no address', { body: '<html>Please log in</html>' }, /what it answers is no address/],
    ['a page without end', { body: 'x'.repeat(100_000) }, /what it answers is no address/],
    ['a redirection', { status: 302, body: '', headers: { location: 'https://example.org' } }, /status 302/],
    ['an error', { status: 503, body: '203.0.113.7' }, /status 503/],
    ['an address of the other family', { body: '2001:db8::7' }, /it saw 2001:db8::7/],
    ['nothing', { instead: 'break' } as const, /socket hang up/],
  ])('%s as an answer fails, and names the flag', async (_, answer, why) => {
    api.answer(answer)
    const error = await refusal(ask([]))
    expect(error).toBeInstanceOf(MachineError)
    expect(error).toMatchObject({ code: 'OWN_ADDRESS', message: expect.stringMatching(why) })
    expect(error.message).toMatch(
      /^the IPv4 address that this computer comes from cannot be found out at 127\.0\.0\.1:\d+: /,
    )
    expect(error.suggestions[0]).toBe('say who may reach the machine: --amazonec2-allow-cidr 203.0.113.7/32')
  })
  test('has a deadline, and heeds Ctrl-C', async () => {
    api.answer({ instead: 'hang' })
    expect((await refusal(ownAddress(api.url, 4, signal, 100))).message).toMatch(/no answer within 0\.1 s$/)
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('interrupted (SIGINT)')), 50)
    await expect(ownAddress(api.url, 4, stop.signal)).rejects.toThrow('interrupted (SIGINT)')
  })
  test('of a machine with IPv6 alone is asked for over IPv6', async () => {
    api.answer({ body: '198.51.100.4' })
    const error = await refusal(ask([], { ipv6Only: true }))
    expect(error.message).toMatch(/^the IPv6 address/)
    expect(error.suggestions[0]).toMatch(/2001:db8::7\/128/)
  })
  test('is then the address of that family', async () => {
    await using six = await loopbackApi('::1')
    six.answer({ body: '2001:DB8::7\n' })
    expect(await ask(['auto'], { ipv6Only: true, checkUrl: six.url })).toEqual({ v4: [], v6: ['2001:db8::7/128'] })
  })
  test('wants a URL', async () => {
    await expect(ask([], { checkUrl: 'checkip' })).rejects.toThrow('--amazonec2-check-url "checkip" is no URL')
    await expect(ask([], { checkUrl: 'file:///etc/passwd' })).rejects.toThrow('is no URL')
  })
})
