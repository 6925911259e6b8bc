/** What the agent is asked, of servers that answer as it does, or do not. */
import type { RequestListener } from 'node:http'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { agentHealth, agentKey, agentMetrics, agentTrust, changeTrust } from '../../../src/engine/agent.ts'
import type { EngineAddress } from '../../../src/engine/attempt.ts'
import { HEALTH } from '../agent/health/fixtures.ts'
import { engine, type Identities, makeIdentities } from './servers.ts'

let ours: Identities
beforeAll(async () => {
  ours = await makeIdentities()
})
const at = (url: string): EngineAddress => ({
  url,
  ca: ours.ca.certPem,
  cert: ours.client.certPem,
  key: ours.client.keyPem,
})

const saying =
  (value: unknown, status = 200): RequestListener =>
  (_, answer) => {
    answer.statusCode = status
    answer.end(typeof value === 'string' ? value : JSON.stringify(value))
  }
async function health(value: unknown, status?: number) {
  await using server = await engine(ours, saying(value, status))
  return await agentHealth(at(server.url)).catch(error => ({ code: error.code, message: error.message }))
}

describe('health', () => {
  test('comes as it was said; what is not known is passed over', async () => {
    expect(await health(HEALTH)).toEqual(HEALTH)
    expect(await health({ ...HEALTH, later: 'field' })).toEqual(HEALTH)
    const { disk: _, drift: __, ...rest } = HEALTH
    expect(await health(rest)).toEqual(rest)
  })

  test('what a terminal would obey is taken out', async () => {
    const said = await health({
      ...HEALTH,
      problems: ['a\u001b[2J\nb\u202e'],
      engine: { answers: false, error: '\u0007x' },
    })
    expect(said).toMatchObject({ problems: ['a [2J b '], engine: { answers: false, error: ' x' } })
  })

  test.each([
    ['no JSON', '<html>'],
    ['no object', '[]'],
    ['a part missing', { ...HEALTH, certificate: undefined }],
    ['a wrong kind', { ...HEALTH, id: 1 }],
    ['a role that is none', { ...HEALTH, you: { ...HEALTH.you, role: 'root' } }],
    ['a time that is none', { ...HEALTH, clock: 'noon' }],
    ['too many problems', { ...HEALTH, problems: Array(2000).fill('x') }],
  ])('%s is no answer', async (_, value) => {
    expect(await health(value)).toEqual({
      code: 'AGENT_BAD_ANSWER',
      message: expect.stringMatching(/^what the agent at tcp:\S+ answers cannot be read$/),
    })
  })

  test('an engine without an agent says so', async () => {
    expect(await health({ message: 'page not found' }, 404)).toEqual({
      code: 'NO_AGENT',
      message: expect.stringMatching(/^the engine at tcp:\S+ has no agent in front of it$/),
    })
  })

  test('a refusal keeps the agent’s sentence', async () => {
    expect(await health({ message: 'this certificate was revoked' }, 403)).toEqual({
      code: 'AGENT_REFUSED',
      message: expect.stringMatching(/refused: this certificate was revoked$/),
    })
    expect(await health('', 503)).toMatchObject({
      code: 'AGENT_BAD_ANSWER',
      message: expect.stringMatching(/failed with status 503$/),
    })
  })
})

test('metrics, a new key, trust and its change: path, method and body', async () => {
  const asked: string[] = []
  const trust = { ca: ours.ca.certPem, cert: ours.server.certPem, revoked: { payload: '{}', signature: 'AA==' } }
  const key = { publicKey: ours.ca.certPem, csr: ours.ca.certPem }
  const answers: Record<string, unknown> = {
    '/_machine/metrics': '# text\n',
    '/_machine/csr': key,
    '/_machine/certs': trust,
  }
  await using server = await engine(ours, (request, answer) => {
    let body = ''
    request.on('data', part => {
      body += part
    })
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${body}`)
      const its = answers[request.url ?? '']
      answer.end(typeof its === 'string' ? its : JSON.stringify(its))
    })
  })
  expect(await agentMetrics(at(server.url))).toBe('# text\n')
  expect(await agentKey(at(server.url))).toEqual(key)
  expect(await agentTrust(at(server.url))).toEqual(trust)
  expect(await changeTrust(at(server.url), { cert: 'x' })).toEqual(trust)
  expect(asked).toEqual([
    'GET /_machine/metrics ',
    'POST /_machine/csr {}',
    'GET /_machine/certs ',
    'POST /_machine/certs {"cert":"x"}',
  ])
})
