/** Each check of a machine, seen to fail against a real sshd and a real TLS server. */
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { generic } from '../../../../drivers/generic/index.ts'
import { none } from '../../../../drivers/none/index.ts'
import { issueClientCert } from '../../../../src/certs/index.ts'
import { doctor } from '../../../../src/machine/doctor/doctor.ts'
import { type MachineExtras, newRecord, renderRecord } from '../../../../src/machine/record.ts'
import { type LoneMachine, writeMachine } from '../../../kit/lone-machine.ts'
import { freePort, type Sshd, startSshd } from '../../../kit/sshd.ts'
import { makeTempDir, type TempDir } from '../../../kit/temp-dir.ts'
import { needs, which } from '../../../kit/tools.ts'
import { makeUnixUser } from '../../../kit/unix-user.ts'
import {
  engine,
  type Identities,
  type Listening,
  makeIdentities,
  makeServer,
  opensslServer,
} from '../../engine/servers.ts'
import { type WorldChanges, worldOf } from '../world.ts'

const it = needs('sshd')
const DAY = 86_400_000
const day = (from: number) => new Date(Date.now() + from).toISOString().slice(0, 10)
const version = JSON.stringify({ Version: '28.5.2', ApiVersion: '1.51', MinAPIVersion: '1.24' })

let dir: TempDir
let ours: Identities
let sshd: Sshd
let server: Listening
beforeAll(async () => {
  dir = makeTempDir()
  ours = await makeIdentities(['127.0.0.1'], new Date(), 100)
  if (which('sshd')) sshd = await startSshd()
  server = await engine(ours, (_, answer) => answer.end(version))
})
afterAll(async () => {
  await sshd?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
  dir[Symbol.dispose]()
})

/** What the checks `ids` tell of a machine: state, detail, remedies. */
async function told(ids: string[], more: Partial<LoneMachine> = {}, changes: WorldChanges = {}): Promise<string[][]> {
  await writeMachine(dir.path, {
    sshPort: sshd.port,
    user: sshd.user,
    sshKey: readFileSync(sshd.keyPath, 'utf8'),
    hostKeys: [...sshd.hostKeys],
    enginePort: server.port,
    ...ours,
    serverCertPem: ours.server.certPem,
    ...more,
  })
  const w = { ...worldOf(dir.path, { env: { PATH: process.env.PATH }, ...changes }), drivers: [generic, none] }
  const results = (await doctor(w, { names: ['dev'] })).filter(r => r.machine === 'dev')
  return ids.map(id => {
    const result = results.find(r => r.check === id)
    return result ? [result.state, result.detail, ...result.remedies] : []
  })
}

/** A machine of driver `none`. */
async function writeNone(name: string, phase: MachineExtras['Phase'], url = ''): Promise<void> {
  const base = { name, driverName: 'none', storePath: dir.path, engine: {}, swarm: {}, tlsSans: [] }
  const record = newRecord({ ...base, machine: { Phase: phase } })
  Object.assign(record.Driver, { URL: url, IPAddress: url.replace('tcp://', '') })
  await mkdir(join(dir.path, 'machines', name), { recursive: true })
  await writeFile(join(dir.path, 'machines', name, 'config.json'), renderRecord(record))
}

it('a machine that is well as far as loopback can be one', async () => {
  const url = `tcp://127.0.0.1:${server.port}`
  expect(
    await told(['record', 'host', 'address', 'ssh', 'clock', 'root', 'proxy', 'server-certificate', 'engine']),
  ).toEqual([
    ['ok', 'driver generic'],
    ['ok', `Running (127.0.0.1, SSH port ${sshd.port})`],
    ['ok', '127.0.0.1'],
    ['ok', expect.stringMatching(`^${sshd.user}@127.0.0.1:${sshd.port}, host key as known \\(ssh-ed25519 SHA256:`)],
    ['ok', expect.stringMatching(/^within \d+ s of this computer's$/)],
    ['ok', sshd.user === 'root' ? 'logged in as root' : 'sudo works'],
    ['ok', 'none is set'],
    ['ok', `valid until ${day(100 * DAY)}, for 127.0.0.1, localhost, 0:0:0:0:0:0:0:1`],
    ['ok', `28.5.2 (API 1.24 to 1.51) answers at ${url} over mutual TLS`],
  ])
})

describe('the record', () => {
  it('that is torn: nothing else can be looked at', async () => {
    await told([])
    const path = join(dir.path, 'machines/dev/config.json')
    await writeFile(path, readFileSync(path, 'utf8').slice(0, 100))
    const w = { ...worldOf(dir.path), drivers: [generic] }
    const results = (await doctor(w, { names: ['dev'] })).filter(r => r.machine === 'dev')
    expect([results[0]?.state, ...new Set(results.slice(1).map(r => `${r.state} ${r.detail}`))]).toEqual([
      'failed',
      'skipped not looked at: record failed',
    ])
  })

  it('of a create that was interrupted', async () => {
    for (const [phase, said] of [
      ['creating', ['failed', 'was interrupted', 'machine create --resume -d none half', 'machine rm half']],
      ['provisioning', ['failed', 'provisioning was interrupted', 'machine provision half']],
    ] as const) {
      await writeNone('half', phase)
      const results = await doctor({ ...worldOf(dir.path), drivers: [none] }, { names: ['half'] })
      const seen = results.find(r => r.check === 'finished')
      expect([seen?.state, seen?.detail, ...(seen?.remedies ?? [])]).toEqual(said)
    }
  })
})

describe('SSH', () => {
  it('nothing answers: what lies behind is skipped, the store’s copies are looked at all the same', async () => {
    const port = await freePort()
    expect(await told(['host', 'address', 'ssh', 'clock', 'engine', 'client-files'], { sshPort: port })).toEqual([
      [
        'failed',
        `nothing answers (127.0.0.1, SSH port ${port})`,
        'switch it on; is its address right? machine inspect dev',
      ],
      ['skipped', 'not looked at: host failed'],
      ['skipped', 'not looked at: host failed'],
      ['skipped', 'not looked at: host failed'],
      ['skipped', 'not looked at: host failed'],
      ['ok', `valid until ${day(730 * DAY)}`],
    ])
  })

  it('the key is refused', async () => {
    await using other = await startSshd()
    const [ssh, clock] = await told(['ssh', 'clock'], { sshKey: readFileSync(other.keyPath, 'utf8') })
    expect(ssh).toEqual([
      'failed',
      `127.0.0.1:${sshd.port} does not let ${sshd.user} log in (tried a ssh-ed25519 key)`,
      expect.stringContaining('authorized_keys'),
    ])
    expect(clock).toEqual(['skipped', 'not looked at: SSH failed'])
  })

  it('the host key is another one', async () => {
    await using other = await startSshd()
    const [ssh] = await told(['ssh'], { hostKeys: [...other.hostKeys] })
    expect(ssh).toEqual([
      'failed',
      expect.stringMatching(/^the SSH host key of .* is not the one this machine had/),
      'if the host was rebuilt: machine provision --accept-host-key dev',
      expect.stringContaining('do not go on'),
    ])
  })

  it('the host key is not pinned, and looking pins none', async () => {
    const [ssh] = await told(['ssh'], { hostKeys: [] })
    expect(ssh).toEqual(['warning', expect.stringContaining('host key not pinned yet'), 'machine provision dev'])
    expect(readFileSync(join(dir.path, 'machines/dev/config.json'), 'utf8')).not.toContain(
      sshd.hostKeys[0]?.split(' ')[1],
    )
  })
})

describe('root', () => {
  const asRoot =
    process.getuid?.() === 0
      ? needs('sshd', 'sudo', 'useradd')
      : (title: string, _: () => Promise<void>) => test.skip(`${title} [needs root, to make a user]`, () => {})

  asRoot('is not to be had by somebody sudo does not know; the engine is looked at all the same', async () => {
    using somebody = makeUnixUser()
    somebody.allowSudo()
    const [ssh, root, system, engine] = await told(['ssh', 'root', 'system', 'engine'], { user: somebody.name })
    expect([ssh?.[0], root?.[0], system, engine?.[0]]).toEqual([
      'ok',
      'failed',
      ['skipped', 'not looked at: root failed'],
      'ok',
    ])
    expect(root?.[1]).toContain(somebody.name)
    expect(root?.length).toBeGreaterThan(2)
  })
})

describe('the clock', () => {
  const set = ['machine ssh dev -- sudo timedatectl set-ntp true', 'sudo timedatectl set-ntp true']
  for (const [ahead, said] of [
    [40_000, ['warning', "40 s behind this computer's"]],
    [3 * 3_600_000, ['failed', "3 hours behind this computer's"]],
    [-10 * 60_000, ['failed', "10 minutes ahead of this computer's"]],
    [-30 * DAY, ['failed', "30 days ahead of this computer's"]],
  ] as const)
    it(`of this computer is ${ahead} ms ahead`, async () => {
      const [clock] = await told(['clock'], {}, { now: new Date(Date.now() + ahead) })
      expect(clock?.[0]).toBe(said[0])
      // a second more or less: the whole seconds of `date`, and the way there
      expect(clock?.[1]?.replace(/^(39|41) s/, '40 s')).toBe(said[1])
      expect(clock?.slice(2)).toEqual(set)
    })
})

describe('the engine', () => {
  it('does not listen: its certificate is the copy in the store', async () => {
    const [engine, certificate] = await told(['engine', 'server-certificate'], { enginePort: await freePort() })
    expect(engine).toEqual([
      'failed',
      expect.stringMatching(
        /^nothing listens at tcp:\/\/127\.0\.0\.1:\d+: the connection was refused \(ECONNREFUSED\)$/,
      ),
      'start the engine: machine ssh dev -- sudo systemctl start docker',
    ])
    expect(certificate).toEqual([
      'ok',
      expect.stringMatching(/^valid until .* \(the copy in the store: the engine shows none now\)$/),
    ])
  })

  it('has a certificate that expired', async () => {
    const old = await makeServer(ours.ca, ['127.0.0.1'], new Date(Date.now() - 4 * DAY), 1)
    await using its = await engine({ ...ours, server: old }, () => {})
    expect(await told(['engine', 'server-certificate'], { enginePort: its.port })).toEqual([
      [
        'failed',
        `the certificate of tcp://127.0.0.1:${its.port} expired on ${day(-3 * DAY)}`,
        'issue a new one: machine provision dev; containers keep running',
      ],
      ['failed', `expired on ${day(-3 * DAY)}`, 'machine provision dev'],
    ])
  })

  it('has a certificate that soon expires', async () => {
    const soon = await makeServer(ours.ca, ['127.0.0.1'], new Date(), 13)
    await using its = await engine({ ...ours, server: soon }, (_, answer) => answer.end(version))
    const [engine_, certificate] = await told(['engine', 'server-certificate'], { enginePort: its.port })
    expect(engine_?.[0]).toBe('ok')
    expect(certificate).toEqual([
      'warning',
      expect.stringMatching(`^expires on ${day(13 * DAY)}, in 12 days, for 127.0.0.1`),
      'machine provision dev',
    ])
  })

  it('refuses our client certificate', async () => {
    const now = new Date(Date.now() - 4 * DAY)
    const client = await issueClientCert({ ca: ours.ca, owner: 'x', now, days: 1 })
    await using its = await opensslServer(ours, '-tls1_3')
    const [engine_, files] = await told(['engine', 'client-files'], { enginePort: its.port, client })
    expect(engine_?.slice(0, 3)).toEqual([
      'failed',
      `tcp://127.0.0.1:${its.port} refused our client certificate as expired: it ends on ${day(-3 * DAY)}`,
      'make a new one: machine regenerate-certs --client-certs dev',
    ])
    expect(files).toEqual(['failed', `expired on ${day(-3 * DAY)}`, 'machine regenerate-certs --client-certs dev'])
  })

  it('takes no client as old as the docker here', async () => {
    writeFileSync(join(dir.path, 'docker'), '#!/bin/sh\necho 1.41; echo "Cannot connect" >&2; exit 1\n', {
      mode: 0o755,
    })
    const env = { PATH: `${dir.path}:/usr/bin:/bin` }
    expect(await told(['docker-client'], {}, { env })).toEqual([['ok', 'speaks API 1.41, which the engine takes']])
    const modern = JSON.stringify({ Version: '29.0.1', ApiVersion: '1.52', MinAPIVersion: '1.44' })
    await using its = await engine(ours, (_, answer) => answer.end(modern))
    expect(await told(['docker-client'], { enginePort: its.port }, { env })).toEqual([
      ['failed', 'speaks API 1.41 at most, and the engine takes 1.44 or newer', 'install a newer docker client'],
    ])
  })

  it('is behind a proxy, as docker would see it', async () => {
    const env = { HTTPS_PROXY: 'http://proxy:3128', no_proxy: 'example.net' }
    const [local] = await told(['proxy'], {}, { env })
    expect(local).toEqual(['ok', 'HTTPS_PROXY is set, and not for 127.0.0.1'])
    await writeNone('far', 'ready', 'tcp://engine.invalid:2376')
    const results = await doctor({ ...worldOf(dir.path, { env }), drivers: [none] }, { names: ['far'] })
    const named = results.find(r => r.check === 'proxy')
    expect(named).toMatchObject({
      state: 'warning',
      detail: 'docker would ask the proxy of HTTPS_PROXY for engine.invalid: no_proxy does not name it',
      remedies: ['eval $(machine env --no-proxy far)'],
    })
    // the same machine, which is nobody's to log in to, and whose name nobody knows
    expect(results.filter(r => r.machine).map(r => [r.check, r.state])).toEqual([
      ['record', 'ok'],
      ['finished', 'ok'],
      ['host', 'ok'],
      ['address', 'failed'],
      ['ssh', 'skipped'],
      ['clock', 'skipped'],
      ['root', 'skipped'],
      ['system', 'skipped'],
      ['service', 'skipped'],
      ['disk', 'skipped'],
      ['settings', 'skipped'],
      ['proxy', 'warning'],
      ['client-files', 'skipped'],
      ['server-certificate', 'skipped'],
      ['engine', 'warning'],
      ['docker-client', 'skipped'],
    ])
  })
})
