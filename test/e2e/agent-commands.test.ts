/** The agent of a real host as `agent …`, `ls` and `status` show it: what it says of itself, of the engine and of the host. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Health } from '../../agent/protocol.ts'
import { BUILT, otherVersion, programOf, provisionWith } from '../hosts/agent.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { type Dev, startDev } from '../kit/dev-machine.ts'
import { issueFor } from '../kit/docker-as.ts'
import { askOnce, type Identity, identityIn } from '../kit/engine-client.ts'
import { follow } from '../kit/follow.ts'
import { showCertificateFor } from '../kit/server-certificate.ts'
import { hearsOn, LISTEN, missedBy, startTicker } from '../kit/ticker.ts'
import { readExposition } from '../unit/agent/health/exposition.ts'

jest.setTimeout(180_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe
/** The watch, which a timer starts each minute. */
const LOOK =
  'systemctl reset-failed machine-agent-watch.service 2>/dev/null; systemctl start machine-agent-watch.service'
const machine = join(import.meta.dirname, '../../bin/machine')

suite(why ? `commands of the agent [${why}]` : 'commands of the agent', () => {
  let dev: Dev
  let viewer: Identity
  let operator: Identity
  const built = programOf(readFileSync(BUILT, 'utf8'))

  beforeAll(async () => {
    dev = await startDev('agent-commands')
    await startTicker(dev)
    viewer = identityIn((await issueFor(dev, 'eve', '--role', 'viewer')).folder)
    operator = identityIn((await issueFor(dev, 'olga', '--role', 'operator')).folder)
  })
  afterAll(async () => await dev?.[Symbol.asyncDispose]())

  const running = async () => JSON.parse(await dev.ssh('cat /run/machine-agent/running.json'))
  /** What goes on whatever becomes of the agent. */
  const others = async () => [
    await dev.ssh('pidof dockerd'),
    await dev.docker('inspect', '-f', '{{.State.Pid}}', 'ticker'),
  ]
  const health = async () => (await askOnce(dev.address, viewer, '/_machine/health')).json() as unknown as Health
  /** What it tells once it tells what is expected: answers are kept for a second. */
  async function problems(expected: RegExp | 'none'): Promise<readonly string[]> {
    const isThat = (told: readonly string[]) =>
      expected === 'none' ? told.length === 0 : told.some(problem => expected.test(problem))
    for (const end = Date.now() + 10_000; ; ) {
      const told = (await health()).problems
      if (isThat(told) || Date.now() > end) return told
    }
  }
  const row = async () => JSON.parse(await dev.home.ok('ls', '--json'))[0]

  test('agent status: what it says, for people and as JSON', async () => {
    await dev.ssh(LOOK)
    const text = await dev.home.ok('agent', 'status', 'dev')
    expect(text).toMatch(/^dev\n {2}agent +0\.\d+\.\d+ \([0-9a-f]{16}\) on Node \d+\.\d+\.\d+, since \S+Z\n/)
    expect(text).toContain(`  address       tcp://${dev.address}:2376\n`)
    expect(text).toMatch(/^ {2}engine +\d+\.\d+\.\d+\S* \(API 1\.\d+ to 1\.\d+\)$/m)
    expect(text).toMatch(/^ {2}disk +[\d.]+ of [\d.]+ GiB free \(.*\) at \/var\/lib\/docker$/m)
    expect(text).toMatch(/^ {2}revoked +none$/m)
    expect(text).toMatch(/^ {2}all is well$/m)
    const [seen] = JSON.parse(await dev.home.ok('agent', 'status', '--json', 'dev')) as { health: Health }[]
    expect(seen?.health).toMatchObject({
      agent: { digest: built.digest },
      you: { role: 'admin' },
      engine: { answers: true, version: await dev.docker('version', '-f', '{{.Server.Version}}') },
      drift: { files: {}, units: [], portOpen: true, listening: true },
      problems: [],
    })
    expect((await dev.home.cli('agent', 'status', '--exit-code', 'dev')).code).toBe(0)
  })

  test('agent logs: as many lines as asked for, from when asked for, and what comes', async () => {
    await dev.docker('images')
    const lines = (await dev.home.ok('agent', 'logs', '-n', '3', 'dev')).trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines.join('\n')).toMatch(/"method":"GET","path":"\/v1\.\d+\/images\/json","status":200/)
    expect(await dev.home.ok('agent', 'logs', '--since', '1 hour ago', 'dev')).toContain('serves')
    expect(await dev.home.ok('agent', 'logs', '--since', '2099-01-01', 'dev')).not.toContain('serves')
    const env = { ...dev.home.env }
    await using followed = follow(process.execPath, [machine, 'agent', 'logs', '-f', '-n', '1', 'dev'], env)
    await followed.said('\n')
    expect(followed.text()).not.toContain('/volumes')
    await dev.docker('volume', 'ls')
    await followed.said('/volumes","status":200')
    process.kill(followed.pid, 'SIGINT')
    expect(await followed.ended).toBe(130)
  })

  test('agent restart: another process, and nobody but it', async () => {
    const [before, rest] = [await running(), await others()]
    const { code, stderr } = await dev.home.cli('agent', 'restart', 'dev')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(`^the agent 0\\.\\S+ \\(${built.digest}\\) of "dev" answers\n$`),
    })
    expect((await running()).pid).not.toBe(before.pid)
    expect(await others()).toEqual(rest)
  })

  test('agent upgrade: nothing to do; then from another version, while somebody listens', async () => {
    const upgrade = async () => JSON.parse(await dev.home.ok('agent', 'upgrade', '--json', 'dev'))
    const now = { name: 'dev', version: expect.stringMatching(/^0\./), digest: built.digest }
    const before = await running()
    expect(await upgrade()).toEqual([{ ...now, changed: [] }])
    expect(await running()).toEqual(before)

    const rest = await others()
    const other = otherVersion('for agent upgrade')
    await provisionWith(dev.home, 'dev', other)
    expect((await running()).digest).toBe(other.digest)
    await using listener = await dev.dockerFollow(...LISTEN)
    await hearsOn(listener)
    expect(await upgrade()).toEqual([{ ...now, changed: ['agent-running'] }])
    expect((await running()).digest).toBe(built.digest)
    await hearsOn(listener)
    expect(missedBy(listener)).toEqual([])
    expect(await others()).toEqual(rest)
  })

  test('ls makes one request of the agent, and none of the engine', async () => {
    const requests = async () => {
      const log = await dev.ssh('journalctl -u machine-agent -o cat --no-pager')
      const entries = log.split('\n').filter(line => line.startsWith('{'))
      return entries.map(line => JSON.parse(line)).map(({ method, path }) => `${method} ${path}`)
    }
    const before = (await requests()).length
    const { state, docker, error, problems } = await row()
    expect({ state, error, problems }).toEqual({ state: 'Running', error: '', problems: [] })
    expect(docker).toBe(`v${await dev.docker('version', '-f', '{{.Server.Version}}')}`)
    const made = (await requests()).slice(before)
    expect(made.filter(request => request.includes('/_machine/'))).toEqual(['GET /_machine/health'])
    expect(made[0]).toBe('GET /_machine/health')
  })

  test('an engine that is down: told by ls; the machine runs, as status says', async () => {
    await dev.ssh('systemctl stop docker.service docker.socket')
    await dev.ssh(LOOK)
    expect((await problems(/not active/)).slice(0, 2)).toEqual([
      expect.stringMatching(/^the engine does not answer: /),
      'docker.service is not active',
    ])
    const { state, docker, error } = await row()
    expect({ state, docker }).toEqual({ state: 'Running', docker: 'Unknown' })
    expect(error).toMatch(/^the engine does not answer: /)
    expect(await dev.home.ok('status', 'dev')).toBe(`${state}\n`)
    expect((await dev.home.cli('agent', 'status', '--exit-code', 'dev')).code).toBe(1)
    await dev.ssh('systemctl start docker.socket docker.service')
    await dev.ssh(LOOK)
    expect((await row()).error).toBe('')
  })

  const settings = '/etc/docker/daemon.json'
  const shut =
    'iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT; iptables -A INPUT -p tcp --dport 22 -j ACCEPT; iptables -A INPUT -j DROP'
  test.each([
    [
      'settings changed by hand',
      `cp ${settings} /root/kept; echo >>${settings}`,
      `cp /root/kept ${settings}`,
      `${settings} was changed since it was provisioned`,
    ],
    ['settings taken away', `mv ${settings} /root/kept`, `mv /root/kept ${settings}`, `${settings} is gone`],
    [
      'a unit stopped',
      'systemctl stop machine-agent-watch.timer',
      'systemctl start machine-agent-watch.timer',
      'machine-agent-watch.timer is not active',
    ],
    ['a firewall shut', shut, 'iptables -F INPUT', "the host's firewall no longer lets the engine's port in"],
  ])('%s is told', async (_, change, back, sentence) => {
    await dev.ssh(`${change}; ${LOOK}; ${back}`)
    expect(await problems(/changed|gone|active|firewall/)).toEqual([sentence])
    expect((await row()).problems).toEqual([sentence])
    await dev.ssh(LOOK)
  })

  test('a disk that is full, and a certificate that runs out, are told', async () => {
    const fill = 'mount -t tmpfs -o size=10m tmpfs /var/lib/docker && head -c 9900000 /dev/zero >/var/lib/docker/full'
    await dev.ssh(fill)
    const told = await problems(/disk/)
    await dev.ssh('umount /var/lib/docker')
    expect(told).toEqual([expect.stringMatching(/^the disk of \/var\/lib\/docker is 9\d % full$/)])
    expect(await problems('none')).toEqual([])
    await showCertificateFor(10, dev)
    expect(await problems(/server certificate/)).toEqual([
      expect.stringMatching(/^the server certificate runs out on \S+ \(in 9 days\)$/),
    ])
    await dev.home.ok('regenerate-certs', '-f', 'dev')
    expect((await health()).problems).toEqual([])
  })

  test('metrics, as Prometheus reads them', async () => {
    const { status, text } = await askOnce(dev.address, viewer, '/_machine/metrics')
    expect(status).toBe(200)
    const { values, types } = readExposition(text)
    expect(types.size).toBeGreaterThan(10)
    const requests = [...values].filter(([name]) => name.startsWith('machine_agent_requests_total{'))
    expect(requests.some(([name, count]) => name.includes('role="admin"') && count > 0)).toBe(true)
  })

  test('health and metrics are for all roles, certificates for admins', async () => {
    for (const [role, who] of [
      ['viewer', viewer],
      ['operator', operator],
    ] as const) {
      expect((await askOnce(dev.address, who, '/_machine/health')).json()).toMatchObject({ you: { role } })
      expect((await askOnce(dev.address, who, '/_machine/metrics')).status).toBe(200)
      for (const [method, path] of [
        ['GET', 'certs'],
        ['POST', 'certs'],
        ['POST', 'csr'],
      ] as const) {
        const { status, json } = await askOnce(dev.address, who, `/_machine/${path}`, method)
        const message = `/_machine/${path} is for admins, and this certificate is a ${role}'s`
        expect({ status, ...json() }).toEqual({ status: 403, message })
      }
    }
  })

  test('without an agent all of them say so, kindly; ls and status go on', async () => {
    await dev.home.ok('provision', '--engine-agent=off', 'dev')
    for (const verb of ['status', 'logs', 'restart', 'upgrade']) {
      const { code, stdout, stderr } = await dev.home.cli('agent', verb, 'dev')
      expect({ code, stdout, stderr }).toEqual({
        code: 1,
        stdout: '',
        stderr:
          'machine "dev" has no engine agent\n  → machine provision --engine-agent=on dev puts it there; containers keep running\n',
      })
    }
    expect(await row()).toMatchObject({
      state: 'Running',
      docker: expect.stringMatching(/^v/),
      error: '',
      problems: [],
    })
    expect(JSON.parse(await dev.home.ok('status', '--json', 'dev'))).toEqual({ name: 'dev', status: 'Running' })
  })
})
