/** `ls`, `status` and `agent status` of machines whose agents are stand-ins: the text they show, and how they fall back. */
import type { RequestListener } from 'node:http'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Health } from '../../agent/protocol.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { writeMachine } from '../kit/lone-machine.ts'
import { HEALTH } from '../unit/agent/health/fixtures.ts'
import { engine, type Identities, type Listening, makeIdentities } from '../unit/engine/servers.ts'

jest.setTimeout(60_000)
let home: Home
let its: Identities
const servers: Listening[] = []
const asked: Record<string, string[]> = {}

const NO_PAGE: [number, unknown] = [404, { message: 'page not found' }]
const VERSION: [number, unknown] = [200, { Version: '20.10.24', ApiVersion: '1.41', MinAPIVersion: '1.12' }]

function answering(name: string, answers: Record<string, [number, unknown]>): RequestListener {
  asked[name] = []
  return (request, response) => {
    asked[name]?.push(request.url ?? '')
    const [status, body] = answers[request.url ?? ''] ?? NO_PAGE
    response.writeHead(status).end(JSON.stringify(body))
  }
}

async function machine(name: string, health: [number, unknown], agent: 'on' | 'off' = 'on'): Promise<void> {
  const server = await engine(its, answering(name, { '/_machine/health': health, '/version': VERSION }))
  servers.push(server)
  const ports = { sshPort: server.port, enginePort: server.port }
  await writeMachine(home.store, { name, ...ports, ca: its.ca, client: its.client, agent })
}

// Far from its end: ls would see to it otherwise.
const certificate = { serial: '0B', notAfter: '2099-01-01T00:00:00.000Z' }
const healthy = (changes: Partial<Health>): [number, unknown] => [200, { ...HEALTH, certificate, ...changes }]

beforeAll(async () => {
  home = await startHome()
  its = await makeIdentities()
  await machine('well', healthy({}))
  await machine('full', healthy({ problems: ['the disk of /d is 95 % full', 'docker.service is not active'] }))
  const error = 'there is no socket /run/docker.sock: it does not run'
  const down = { engine: { answers: false, error } as const, problems: [`the engine does not answer: ${error}`] }
  await machine('down', healthy(down))
  await machine('older', NO_PAGE)
  await machine('newer', [200, { later: 'shape' }])
  await machine('plain', healthy({}), 'off')
  await machine('revoked', [403, { message: 'this certificate was revoked' }])
})
afterAll(async () => {
  await home?.[Symbol.asyncDispose]()
  for (const server of servers) await server[Symbol.asyncDispose]()
})

test('ls asks the agent alone, and the engine where there is none that it understands', async () => {
  const shown = await home.ok('ls', '-f', '{{.Name}}|{{.DockerVersion}}|{{.Error}}')
  const error = 'the engine does not answer: there is no socket /run/docker.sock: it does not run'
  const lines = shown.trimEnd().split('\n')
  expect(lines.map(line => line.replace(/tcp:\S+/, 'URL'))).toEqual([
    `down|Unknown|${error}`,
    'full|v28.5.2|the disk of /d is 95 % full (and 1 more: machine agent status full)',
    'newer|v20.10.24|',
    'older|v20.10.24|',
    'plain|v20.10.24|',
    'revoked|Unknown|the agent at URL refused: this certificate was revoked',
    'well|v28.5.2|',
  ])
  expect(asked).toMatchObject({
    well: ['/_machine/health'],
    older: ['/_machine/health', '/version'],
    plain: ['/version'],
  })
  const rows = JSON.parse(await home.ok('ls', '--json', '--filter', 'name=full')) as { problems: string[] }[]
  expect(rows[0]?.problems).toEqual(['the disk of /d is 95 % full', 'docker.service is not active'])
})

test('status says the state and asks no agent; --json tells its health, or why there is none', async () => {
  const before = asked.full?.length
  expect(await home.cli('status', 'full')).toMatchObject({ code: 0, stdout: 'Running\n', stderr: '' })
  expect(asked.full?.length).toBe(before)
  expect(JSON.parse(await home.ok('status', '--json', 'well'))).toEqual({
    name: 'well',
    status: 'Running',
    health: { ...HEALTH, certificate },
  })
  expect(JSON.parse(await home.ok('status', '--json', 'plain'))).toEqual({ name: 'plain', status: 'Running' })
  expect(JSON.parse(await home.ok('status', '--json', 'older'))).toMatchObject({
    status: 'Running',
    healthError: expect.stringMatching(/has no agent in front of it$/),
  })
})

test('agent status: a table, JSON, and an exit code when asked for one', async () => {
  const { code, stdout, stderr } = await home.cli('agent', 'status', 'full')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.replace(/\(\S+ days? left\)|\(over\)/g, '(…)').replace(/tcp:\S+/, 'URL')).toBe(`full
  agent         0.1.0 (0123456789abcdef) on Node 26.10.0, since 2026-01-01T00:00:00.000Z
  address       URL
  engine        28.5.2 (API 1.24 to 1.51)
  disk          0.0 of 0.0 GiB free (50 %, 50 % of the inodes) at /var/lib/docker
  certificate   0B, until 2099-01-01 (…)
  CA            AA:BB, until 2035-01-01 (…)
  revoked       2 certificates (list 3)
  you           ann, admin, certificate 0A until 2027-01-01 (…)
  clock         2026-01-02T00:00:00.000Z
  watch         looked at 2026-01-01T23:59:30Z
  ! the disk of /d is 95 % full
  ! docker.service is not active
`)
  expect((await home.cli('agent', 'status', '--exit-code', 'full', 'well')).code).toBe(1)
  expect((await home.cli('agent', 'status', '--exit-code', 'well')).code).toBe(0)
  const seen = JSON.parse(await home.ok('agent', 'status', '--json', 'well')) as object[]
  expect(seen).toEqual([{ name: 'well', url: expect.stringMatching(/^tcp:/), health: { ...HEALTH, certificate } }])
})

test.each([['status'], ['logs'], ['upgrade'], ['restart']])('agent %s of a machine without one', async verb => {
  const { code, stdout, stderr } = await home.cli('agent', verb, 'plain')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('machine "plain" has no engine agent\n')
  expect(stderr).toContain('→ machine provision --engine-agent=on plain puts it there; containers keep running\n')
})

test.each([
  [['agent', 'nonsense'], "machine: 'agent nonsense' is not a machine command. See 'machine --help'."],
  [['agent', 'statsu', 'x'], 'did you mean agent status?'],
  [['agent', 'status', '--jsno'], 'see machine agent status --help'],
])('%j is said to be wrong', async (words, said) => {
  const { code, stderr } = await home.cli(...words)
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) })
})
