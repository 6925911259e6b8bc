/** The agent's part of provisioning, from facts and wishes alone. */
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { HOST } from '../../../agent/protocol.ts'
import type { AgentAsk } from '../../../provisioning/agent/ask.ts'
import { checkAgentSettings } from '../../../provisioning/agent/ask-check.ts'
import { changeCommand } from '../../../provisioning/agent/change-script.ts'
import { agentFiles, agentPlanFiles, differing } from '../../../provisioning/agent/files.ts'
import { frontChange } from '../../../provisioning/agent/front.ts'
import { initScript } from '../../../provisioning/agent/init-script.ts'
import { settleAgent } from '../../../provisioning/agent/settle.ts'
import { agentRevocations } from '../../../provisioning/agent/steps/revocations.ts'
import type { Facts } from '../../../provisioning/facts.ts'
import { plan } from '../../../provisioning/plan.ts'
import { engineConfig } from '../../../provisioning/settings.ts'
import { textOf } from '../../../src/ssh/quote.ts'
import { ALPINE, applied, ask, DEBIAN, factsOf, SYSVINIT } from './hosts.ts'

const agent: AgentAsk = {
  id: '0123456789abcdef0123456789abcdef',
  asked: false,
  program: { digest: 'fedcba9876543210', text: Buffer.from('') },
  operatorMounts: ['/srv'],
  source: {
    near: false,
    registry: async () => undefined,
    cached: async () => undefined,
    tarball: async () => Buffer.of(),
  },
}
const wish = { ...ask(), agent }
const certificates = { caPem: 'CA', problem: () => undefined, issue: async () => 'CERT' }

describe('with the agent in front', () => {
  test('a new engine gets no listener and no key', () => {
    for (const host of [DEBIAN, ALPINE, SYSVINIT]) {
      const { config, ourWords } = engineConfig(factsOf(host), wish)
      expect(JSON.stringify([config, ourWords])).not.toMatch(/tls|hosts|2376/)
    }
  })

  test('a listener on its port goes, others and the socket stay', () => {
    const hosts = ['unix:///var/run/docker.sock', 'tcp://0.0.0.0:2376', 'tcp://127.0.0.1:2999']
    const facts = factsOf({ ...DEBIAN, config: JSON.stringify({ hosts, tlsverify: true }) })
    expect(engineConfig(facts, wish).config).toMatchObject({
      hosts: ['unix:///var/run/docker.sock', 'tcp://127.0.0.1:2999'],
      tlsverify: true,
    })
    const only = factsOf({ ...DEBIAN, config: JSON.stringify({ hosts: ['tcp://0.0.0.0:2376'] }) })
    expect(engineConfig(only, wish).config.hosts).toEqual(['unix:///var/run/docker.sock'])
  })

  test('what stood there comes back when the agent goes', () => {
    const config = JSON.stringify({ hosts: ['fd://', 'tcp://127.0.0.1:2376'] })
    const before = factsOf({ ...DEBIAN, config })
    const after = applied(before, wish)
    expect(JSON.parse(after.config ?? '').hosts).toEqual(['fd://'])
    expect(engineConfig(after, ask()).config.hosts).toEqual(engineConfig(before, ask()).config.hosts)
  })

  test('on a command line too', () => {
    const unit = DEBIAN.unit.replace('-H fd://', '-H fd:// -H tcp://0.0.0.0:2376')
    expect(engineConfig(factsOf({ ...DEBIAN, unit }), wish).theirLine).not.toContain('2376')
    const others = DEBIAN.unit.replace('-H fd://', '-H tcp://127.0.0.1:2999')
    expect(engineConfig(factsOf({ ...DEBIAN, unit: others }), wish).ourWords).toContain(
      '--host=unix:///var/run/docker.sock',
    )
  })
})

describe('files', () => {
  const facts = factsOf(DEBIAN)
  const both = (facts: Facts, asked = wish) => [...agentFiles(facts, asked), ...agentPlanFiles(facts, asked)]
  const text = (path: string) => both(facts).find(file => file.path === path)?.text ?? ''

  test('the configuration names socket, data and mounts', () => {
    expect(JSON.parse(text(HOST.config))).toEqual({
      id: agent.id,
      ports: [2376],
      socket: '/var/run/docker.sock',
      dataRoot: '/var/lib/docker',
      operatorMounts: ['/srv'],
      audit: 'stdout',
    })
  })

  test('the plan knows every file that was written, and none that only root reads', () => {
    const { files, units, port } = JSON.parse(text(HOST.plan))
    expect(Object.keys(files)).toEqual([
      '/etc/docker/daemon.json',
      '/etc/systemd/system/docker.service.d/10-machine.conf',
      '/etc/docker/.machine.json',
      '/usr/local/lib/machine-agent/watch.sh',
      '/etc/systemd/system/machine-agent-watch.service',
      '/etc/systemd/system/machine-agent-watch.timer',
      '/etc/systemd/system/machine-agent.socket',
      '/etc/systemd/system/machine-agent.service',
    ])
    expect(units).toEqual([
      'docker.service',
      'machine-agent.socket',
      'machine-agent.service',
      'machine-agent-watch.timer',
    ])
    expect(port).toBe(2376)
    const secret = { ...wish, env: ['HTTPS_PROXY=http://u:p@proxy'] }
    const plan = agentPlanFiles(facts, secret).find(file => file.path === HOST.plan)?.text
    expect(plan).not.toContain('machine.env')
  })

  test('the plan is the same once the engine is set up: a second run changes nothing', () => {
    const files = Object.fromEntries(both(facts).map(({ path, text }) => [`agent-file ${path}`, text]))
    const there = applied(factsOf({ ...DEBIAN, ...files }), wish)
    expect(differing(both(there), there)).toEqual([])
  })

  test('a disk in a home is seen', () => {
    const unit = (dataRoot: string) =>
      agentFiles(factsOf({ ...DEBIAN, 'data-root': dataRoot }), wish).find(f => f.path.endsWith('agent.service'))?.text
    expect(unit('/home/docker')).toContain('ProtectHome=read-only')
    expect(unit('/var/lib/docker')).toContain('ProtectHome=yes')
  })

  test('without systemd it is a script every shell can read, and audits to a file', () => {
    const there = both(factsOf(SYSVINIT))
    expect(there.map(file => file.path)).toEqual([
      HOST.config,
      '/usr/local/lib/machine-agent/watch.sh',
      '/etc/init.d/machine-agent',
      HOST.plan,
      '/etc/machine-agent/plan.lines',
    ])
    expect(JSON.parse(there[0]?.text ?? '').audit).toMatchObject({ file: '/var/log/machine-agent/audit.log', keep: 3 })
    for (const init of ['sysvinit', 'openrc'] as const) {
      expect(spawnSync('sh', ['-n', '-c', initScript(init)], { encoding: 'utf8' })).toMatchObject({
        status: 0,
        stderr: '',
      })
    }
  })
})

describe('facts', () => {
  test('units, revocations', () => {
    const units =
      'Id=machine-agent.socket\nActiveState=active\nUnitFileState=enabled\nNeedDaemonReload=no\n\n' +
      'Id=machine-agent.service\nActiveState=failed\nUnitFileState=enabled\nNeedDaemonReload=yes\n'
    const revoked = JSON.stringify({ payload: JSON.stringify({ number: 7, serials: [] }), signature: '' })
    const { agent } = factsOf({ ...DEBIAN, 'agent-units': units, 'agent-revoked': revoked })
    expect(agent.revoked).toBe(7)
    expect(agent.units.get('machine-agent.socket')).toEqual({ active: true, enabled: true, needsReload: false })
    expect(agent.units.get('machine-agent.service')).toEqual({ active: false, enabled: true, needsReload: true })
  })
})

describe('the plan', () => {
  test('prepares everything before the engine leaves its port', () => {
    const ids = plan(factsOf(DEBIAN), wish, certificates).map(step => step.id)
    expect(ids.slice(ids.indexOf('agent-runtime'))).toEqual([
      'agent-runtime',
      'agent-user',
      'agent-program',
      'agent-files',
      'agent-certificate',
      'agent-revocations',
      'firewall',
      'engine-enabled',
      'engine-settings',
      'engine-running',
      'agent-plan',
      'agent-running',
      'engine-keys-gone',
    ])
  })

  test('knows when the port changes hands', () => {
    const facts = factsOf(DEBIAN)
    expect(frontChange(facts, wish)).toBe('on')
    expect(frontChange(facts, ask())).toBeUndefined()
    const units = 'Id=machine-agent.socket\nActiveState=active\nUnitFileState=enabled\n'
    const config = { [`agent-file ${HOST.config}`]: '{}' }
    const set = factsOf({ ...DEBIAN, ...config, 'agent-units': units, 'agent-current': 'versions/fedcba9876543210' })
    expect(frontChange(set, wish)).toBeUndefined()
    expect(frontChange(set, ask())).toBe('off')
  })

  test('a list of revocations that is older than the one there is not put there', () => {
    const list = (number: number) => ({ payload: JSON.stringify({ number, serials: [] }), signature: 's' })
    const facts = factsOf({ ...DEBIAN, 'agent-revoked': JSON.stringify(list(7)) })
    const holds = (number: number) =>
      plan(facts, { ...wish, agent: { ...agent, revocations: list(number) } }, certificates)
        .find(step => step.id === 'agent-revocations')
        ?.holds(facts)
    expect([holds(6), holds(7), holds(8)]).toEqual([true, true, false])
  })
})

test('every shell here can read the change of versions', () => {
  const command = textOf(changeCommand({ init: 'systemd', port: 2376, digest: 'fedcba9876543210' }))
  for (const [program = '', ...args] of [['sh'], ['busybox', 'sh']]) {
    const read = spawnSync(program, [...args, '-n', '-c', command], { encoding: 'utf8' })
    if (read.error === undefined) expect(read).toMatchObject({ status: 0, stderr: '' })
  }
})

test('where it cannot run: an error for who asked, the classic set-up for who did not', () => {
  const facts = factsOf({ ...DEBIAN, arch: 'riscv64' })
  expect(settleAgent(facts, wish)).toMatchObject({ without: expect.stringContaining('riscv64') })
  expect(settleAgent(facts, wish).ask.agent).toBeUndefined()
  expect(() => settleAgent(facts, { ...wish, agent: { ...agent, asked: true } })).toThrow(/riscv64/)
})

test('what cannot be is said before a host is there to ask', () => {
  expect(() => checkAgentSettings({ operatorMounts: ['/srv', '/data/x'] })).not.toThrow()
  for (const path of ['srv', '', '/srv/../etc', '/a//b', '/srv/.', '/a\nb'])
    expect(() => checkAgentSettings({ operatorMounts: [path] })).toThrow(/absolute path/)
  expect(() => checkAgentSettings({ registry: 'not a url' })).toThrow(/registry/)
})

test('a revocation list that cannot be read, with which no agent starts, is taken away or replaced', () => {
  const list = (number: number) => ({ payload: JSON.stringify({ number, serials: [] }), signature: 'x' })
  const there = (text?: string) => factsOf({ ...DEBIAN, ...(text === undefined ? {} : { 'agent-revoked': text }) })
  const none = agentRevocations(agent)
  const third = agentRevocations({ ...agent, revocations: list(3) })
  const holds = (text?: string) => [none, third].map(step => step.holds(there(text)))
  expect(holds()).toEqual([true, false])
  for (const broken of ['', '{"payload":', '{}']) expect(holds(broken)).toEqual([false, false])
  expect(holds(JSON.stringify(list(2)))).toEqual([true, false])
  expect(holds(JSON.stringify(list(4)))).toEqual([true, true])
})
