/** A machine shared with somebody who has a home of their own, and certificates that are good for one machine or one role. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { hostEnv } from '../kit/dev-machine.ts'
import { issueFor } from '../kit/docker-as.ts'
import { importBusybox } from '../kit/images.ts'

jest.setTimeout(240_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe

suite(why ? `sharing [${why}]` : 'sharing', () => {
  let home: Home
  let hers: Home
  const addresses: Record<string, string> = {}
  const at = (name: string) => ({ home, address: addresses[name] ?? '' })

  beforeAll(async () => {
    home = await startHome(hostEnv('agent-share'))
    hers = await startHome()
    await home.ok('create', '-d', 'nspawn', 'dev', 'other')
    for (const name of ['dev', 'other']) addresses[name] = (await home.ok('ip', name)).trim()
    await importBusybox(home, 'dev')
    await home.dockerOk('dev', 'run', '-d', '--name', 'web', 'busybox', 'sleep', '9999')
    const bundle = join(home.path, 'ci.machine')
    const shared = ['share', 'dev', '--for', 'ci', '--role', 'viewer', '--days', '7', '--no-passphrase', '-o', bundle]
    await home.ok(...shared)
    await hers.ok('import', bundle)
  })
  afterAll(async () => {
    await hers?.[Symbol.asyncDispose]()
    await home?.[Symbol.asyncDispose]()
  })

  test('she sees what runs, and changes nothing', async () => {
    expect(await hers.dockerOk('dev', 'ps', '--format', '{{.Names}}')).toBe('web')
    const run = await hers.docker('dev', 'run', '--rm', 'busybox', 'true')
    expect(run).toMatchObject({ code: 125, stderr: expect.stringContaining('viewers may not POST ') })
  })

  test('her ls, status and agent status ask the agent', async () => {
    const [row] = JSON.parse(await hers.ok('ls', '--json'))
    expect(row).toMatchObject({ name: 'dev', driver: 'none', state: 'Running', error: '', problems: [] })
    expect(row.docker).toMatch(/^v\d/)
    const log = await home.ok('ssh', 'dev', 'journalctl -u machine-agent -o cat --no-pager')
    const asked = log.split('\n').filter(line => line.includes('"ci"'))
    expect(asked.filter(line => line.includes('/_machine/health'))).toHaveLength(1)
    expect(asked.filter(line => line.includes('"path":"/version"'))).toEqual([])
    const you = { name: 'ci', role: 'viewer' }
    expect(JSON.parse(await hers.ok('status', '--json', 'dev'))).toMatchObject({ status: 'Running', health: { you } })
    expect(await hers.ok('agent', 'status', 'dev')).toMatch(/^ {2}you +ci, viewer, certificate [0-9A-F]+ until /m)
    const [seen] = JSON.parse(await hers.ok('agent', 'status', '--json', 'dev'))
    const left = Date.parse(seen.health.you.notAfter) - Date.now()
    expect(Math.ceil(left / 86_400_000)).toBe(7)
  })

  test.each([['restart'], ['upgrade'], ['logs']])('she cannot agent %s it, and is told why', async verb => {
    const ran = await hers.cli('agent', verb, 'dev')
    expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('can only be used from here') })
  })

  test('it is good for that machine and no other', async () => {
    const only = await issueFor(at('other'), 'only-dev', '--role', 'admin', '--machine', 'dev')
    const { code, stderr } = await only.docker('ps')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'Error response from daemon: the certificate of only-dev is not good for this machine\n',
    })
    const rows = JSON.parse(await home.ok('cert', 'ls', '--json'))
    const where = rows.map((row: { label: string; machines: { name: string }[] | null }) => [
      row.label,
      row.machines?.map(machine => machine.name),
    ])
    expect(where).toEqual(
      expect.arrayContaining([
        ['ci', ['dev']],
        ['only-dev', ['dev']],
      ]),
    )
  })

  test('an engine without the agent takes none that may do less than all', async () => {
    await home.ok('provision', '--engine-agent=off', 'other')
    const others = at('other')
    const viewer = await issueFor(others, 'viewer', '--role', 'viewer')
    const operator = await issueFor(others, 'operator', '--role', 'operator')
    const bound = await issueFor(others, 'bound', '--role', 'admin', '--machine', 'dev')
    for (const { docker } of [viewer, operator, bound]) {
      const { code, stderr } = await docker('ps')
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/bad certificate|unsupported certificate|connection reset by peer/),
      })
    }
    const admin = await issueFor(others, 'all', '--role', 'admin')
    expect((await admin.docker('ps')).code).toBe(0)
  })

  test('taken back: she is refused, and her ls says why', async () => {
    await home.ok('cert', 'revoke', 'ci')
    const { code, stderr } = await hers.docker('dev', 'ps')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^Error response from daemon: the certificate of ci \(serial [0-9A-F]+\) has been revoked\n$/,
    )
    const [row] = JSON.parse(await hers.ok('ls', '--json'))
    expect(row).toMatchObject({ docker: 'Unknown', error: expect.stringContaining('the certificate of ci') })
  })
})
