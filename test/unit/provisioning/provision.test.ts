import { describe, expect, test } from '@jest/globals'
import type { Certificates, ProvisionCtx } from '../../../provisioning/ask.ts'
import { MANAGED_PATH } from '../../../provisioning/managed.ts'
import { plan } from '../../../provisioning/plan.ts'
import { provision } from '../../../provisioning/provision.ts'
import type { MachineEvent } from '../../../src/events.ts'
import type { Host } from '../../../src/ssh/host.ts'
import { applied, ask, DEBIAN, factsOf, output } from './hosts.ts'

const certificates: Certificates = { caPem: 'CA\n', problem: () => undefined, issue: async () => 'CERT\n' }
const KEYS = {
  ca: 'CA\n',
  'server-cert': 'CERT\n',
  'public-key': 'PUB\n',
  'key-mode': '400 0',
  listening: '0016\n0948',
}

/** DEBIAN with everything in place. */
function ready() {
  const facts = applied(factsOf(DEBIAN), ask())
  const unit = facts.service.unit.map(({ path, text }) => `# ${path}\n${text}`).join('\n')
  return { ...DEBIAN, ...KEYS, unit, config: facts.config ?? '', managed: JSON.stringify(facts.managed) }
}

/** A host that answers each command with the next of what it was given. */
function hostOf(...answers: string[]) {
  const ran: number[] = []
  const host: Host = {
    name: 'root@192.0.2.1:22',
    hostKey: '',
    run: async () => {
      ran.push(answers.length)
      return { code: 0, stdout: answers.shift() ?? '', stderr: '' }
    },
    upload: async () => {},
    [Symbol.asyncDispose]: async () => {},
  }
  return { host, ran }
}

function context() {
  const said: MachineEvent[] = []
  const points: string[] = []
  const ctx: ProvisionCtx = {
    say: event => said.push(event),
    signal: new AbortController().signal,
    machine: 'm',
    point: label => points.push(label),
    now: () => new Date(0),
  }
  return { ctx, said, points }
}

describe('provision', () => {
  test('a host that is as it should be costs one round trip and is not changed', async () => {
    const { host, ran } = hostOf(output(ready()))
    const { ctx, points } = context()
    const done = await provision(host, ask(), certificates, ctx)
    expect(done).toMatchObject({ changed: [], engineVersion: '26.1.5+dfsg1', serverCertPem: 'CERT\n' })
    expect([ran.length, points]).toEqual([1, []])
  })

  test('a step that was applied and does not hold is named with its hint', async () => {
    const off = output({ ...ready(), service: 'ActiveState=active\nUnitFileState=disabled\n' })
    const { host } = hostOf(off, '', off)
    const { ctx, points } = context()
    await expect(provision(host, ask(), certificates, ctx)).rejects.toMatchObject({
      code: 'STEP_UNTRUE',
      suggestions: [expect.stringContaining('systemctl')],
    })
    expect(points).toEqual(['provision engine-enabled'])
  })

  test('a full disk is told before anything is begun, and does not matter when nothing is to do', async () => {
    const full = hostOf(output({ ...DEBIAN, 'free-kb': '100' }))
    await expect(provision(full.host, ask(), certificates, context().ctx)).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(full.ran).toHaveLength(1)
    await provision(hostOf(output({ ...ready(), 'free-kb': '100' })).host, ask(), certificates, context().ctx)
  })

  test('a version asked for beside an engine that is there is not swallowed', async () => {
    const { ctx, said } = context()
    await provision(hostOf(output(ready())).host, ask({ version: '29' }), certificates, ctx)
    expect(said).toContainEqual(expect.objectContaining({ type: 'warn', text: expect.stringContaining('26.1.5') }))
  })

  test('an abort stops it before the next round trip', async () => {
    const { host, ran } = hostOf(output(DEBIAN))
    await expect(
      provision(host, ask(), certificates, { ...context().ctx, signal: AbortSignal.abort() }),
    ).rejects.toThrow()
    expect(ran).toEqual([])
  })
})

describe('the plan', () => {
  const pending = (parts: Parameters<typeof factsOf>[0], wish = ask()) => {
    const facts = factsOf(parts)
    return plan(facts, wish, certificates)
      .filter(step => !step.holds(facts))
      .map(step => step.id)
  }
  test.each([
    ['nothing missing', ready(), []],
    ['an engine never touched', DEBIAN, ['server-certificate', 'engine-settings', 'engine-running']],
    ['cloud-init at work', { ...ready(), 'cloud-init': 'running' }, ['cloud-init']],
    ['login user not in the group', { ...ready(), login: 'ops', groups: 'ops' }, ['engine-group']],
    ['files changed, engine not restarted', { ...ready(), stale: 'yes' }, ['engine-settings']],
    ['key readable by all, as docker-machine left it', { ...ready(), 'key-mode': '644 0' }, ['server-certificate']],
    ['another CA', { ...ready(), ca: 'OTHER\n' }, ['server-certificate']],
    ['firewall', { ...ready(), firewall: 'ufw' }, ['firewall']],
    ['engine stopped', { ...ready(), service: 'ActiveState=inactive\nUnitFileState=enabled\n' }, ['engine-running']],
    ['port not served', { ...ready(), listening: '0016' }, ['engine-running']],
  ])('%s', (_name, parts, ids) => {
    expect(pending(parts)).toEqual(ids)
  })

  test('the host is renamed only if asked', () => {
    expect(pending(ready(), ask({ hostname: 'dev' }))).toEqual(['hostname'])
    expect(pending({ ...ready(), hostname: 'dev', 'in-hosts': 'yes' }, ask({ hostname: 'dev' }))).toEqual([])
  })

  test.each([
    [{ ...DEBIAN, version: 'Docker version 19.03.15, build x' }, 'ENGINE_TOO_OLD'],
    [{ ...DEBIAN, uid: '1000' }, 'NOT_ROOT'],
    [{ ...DEBIAN, init: 'unknown' }, 'OS_UNKNOWN'],
  ])('hosts no step could help are refused', (parts, code) => {
    expect(() => plan(factsOf(parts), ask(), certificates)).toThrow(expect.objectContaining({ code }))
  })

  test('our record lies beside daemon.json', () => {
    expect(MANAGED_PATH).toBe('/etc/docker/.machine.json')
  })
})
