/** `doctor` on a real host: all green, then each thing broken on it for real. Outputs are compared whole. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { doctor, listDrivers } from '../../src/index.ts'
import { whyNoHosts } from '../hosts/host.ts'
import type { Ran } from '../kit/cli.ts'
import { type Dev, hostEnv, startDev } from '../kit/dev-machine.ts'

jest.setTimeout(180_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe

suite(why ? `doctor [${why}]` : 'doctor', () => {
  let dev: Dev
  beforeAll(async () => {
    dev = await startDev('doctor', '--engine-agent=off')
  })
  afterAll(() => dev?.[Symbol.asyncDispose]())

  const look = (...args: string[]) => dev.home.cli('doctor', ...args)
  /** The lines about the machine, with what differs from run to run taken out. */
  const lines = (ran: Ran) => {
    const all = ran.stdout.trimEnd().split('\n')
    return all.slice(all.indexOf('dev')).map(line =>
      line
        .replaceAll(dev.address, 'ADDRESS')
        .replace(/SHA256:[\w+/]{43}/, 'SHA256:…')
        .replace(/\d{4}-\d\d-\d\d(T[\d:.]+Z)?/, 'DATE')
        .replace(/\d+ MB \(\d+ %\) and \d+ % of/, 'N MB (N %) and N % of')
        .replace(/within \d+ s/, 'within N s')
        .replace(/\d+\.\d+\.\d+\+dfsg\d+/, 'VERSION')
        .replace(/\(API [\d.]+ to [\d.]+\)/, '(API)')
        .replace(/speaks API [\d.]+/, 'speaks API N'),
    )
  }
  const GREEN = [
    'dev',
    '  ✓ record              driver nspawn',
    '  ✓ create              finished (begun DATE)',
    '  ✓ host                Running (ADDRESS, SSH port 22)',
    '  ✓ address             ADDRESS',
    '  ✓ SSH                 root@ADDRESS:22, host key as known (ecdsa-sha2-nistp256 SHA256:…)',
    "  ✓ clock               within N s of this computer's",
    '  ✓ root                logged in as root',
    `  ✓ system              Debian GNU/Linux 13 (trixie), ${process.arch === 'x64' ? 'x86_64' : 'aarch64'}, systemd`,
    '  ✓ engine service      dockerd VERSION runs',
    "  ✓ engine's disk       N MB (N %) and N % of the inodes free on /",
    '  ✓ settings            as the record says',
    '  ✓ proxy               none is set',
    '  ✓ client certificate  valid until DATE',
    '  ✓ server certificate  valid until DATE, for ADDRESS, localhost, 127.0.0.1, 0:0:0:0:0:0:0:1',
    '  ✓ engine              VERSION (API) answers at tcp://ADDRESS:2376 over mutual TLS',
    '  ✓ docker client       speaks API N, which the engine takes',
  ]
  /** GREEN with some lines replaced (by their first words), and lines of remedies after them. */
  const but = (changes: Record<string, string[]>) =>
    GREEN.flatMap(line => {
      const what = Object.keys(changes).find(name => line.slice(4).startsWith(name))
      return what === undefined ? [line] : (changes[what] ?? [])
    })

  test('all is well: a line a check, exit 0', async () => {
    const ran = await look('dev')
    expect(lines(ran)).toEqual(GREEN)
    expect([ran.code, ran.stdout.split('\n')[0], ran.stderr]).toEqual([
      0,
      'this computer',
      expect.stringMatching(/^(all is well|\d+ warnings?)\n$/),
    ])
  })

  test('which machines: none unless active or default, the active one, those named, all', async () => {
    const machines = async (...args: string[]) => {
      const seen = JSON.parse(
        (await dev.home.cliWith({ env: { DOCKER_HOST: args[0] } }, 'doctor', '--json', ...args.slice(1))).stdout,
      )
      return [...new Set((seen as { machine?: string }[]).map(r => r.machine))]
    }
    expect(await machines('')).toEqual([undefined])
    expect(await machines(`tcp://${dev.address}:2376`)).toEqual([undefined, 'dev'])
    await dev.home.ok('create', '-d', 'none', '--url', 'tcp://engine.invalid:2376', 'default')
    expect(await machines('')).toEqual([undefined, 'default'])
    expect(await machines('', 'dev', 'dev')).toEqual([undefined, 'dev'])
    expect(await machines('', '--all')).toEqual([undefined, 'default', 'dev'])
    await dev.home.ok('rm', '-y', 'default')
    expect(await look('dve')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('→ did you mean dev?'),
    })
    expect(await look('--all', 'dev')).toMatchObject({ code: 2, stdout: '' })
  })

  test('an engine that is stopped', async () => {
    await dev.ssh('systemctl stop docker.socket docker')
    const ran = await look('dev')
    await dev.ssh('systemctl start docker')
    expect(lines(ran)).toEqual(
      but({
        'engine service': [
          '  ✗ engine service      dockerd VERSION does not run',
          '      → machine ssh dev -- sudo systemctl start docker',
          '      → machine provision dev',
        ],
        settings: ['  ! settings            not so: engine running', '      → machine provision dev'],
        'server certificate': [
          '  ✓ server certificate  valid until DATE, for ADDRESS, localhost, 127.0.0.1, 0:0:0:0:0:0:0:1 (the copy in the store: the engine shows none now)',
        ],
        'engine  ': [
          '  ✗ engine              nothing listens at tcp://ADDRESS:2376: the connection was refused (ECONNREFUSED)',
          '      → start the engine: machine ssh dev -- sudo systemctl start docker',
        ],
        'docker client': ['  - docker client       not looked at: engine failed'],
      }),
    )
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringMatching(/^2 checks failed, \d+ warnings?\n$/)])
  })

  test('a firewall that swallows the engine port, and a check’s deadline', async () => {
    await dev.ssh('iptables -I INPUT -p tcp --dport 2376 -j DROP')
    const ran = await look('-t', '3', 'dev')
    await dev.ssh('iptables -D INPUT -p tcp --dport 2376 -j DROP')
    expect(lines(ran).at(-2)).toBe('  ✗ engine              took longer than 3 s')
    expect(ran.code).toBe(1)
  })

  test('settings somebody changed, and a full disk under the engine', async () => {
    await dev.ssh(
      'cp -p /etc/docker/daemon.json /root/kept; mkdir /tiny; mount -t tmpfs -o size=1m,nr_inodes=50 none /tiny; ' +
        `sed -i 's#"live-restore": *true#"live-restore": false, "data-root": "/tiny"#' /etc/docker/daemon.json; dd if=/dev/zero of=/tiny/x 2>/dev/null || :`,
    )
    const full = await look('dev')
    await dev.ssh(
      'rm /tiny/x; mount -o remount,size=4g /tiny; for i in $(seq 60); do : >/tiny/$i; done 2>/dev/null || :',
    )
    const many = await look('dev')
    await dev.ssh('umount /tiny; rmdir /tiny; mv /root/kept /etc/docker/daemon.json')
    expect(lines(full)).toEqual(
      but({
        "engine's disk": [
          "  ✗ engine's disk       full: N MB (N %) and N % of the inodes free on /tiny",
          '      → machine ssh dev -- sudo docker system prune',
        ],
        settings: [
          expect.stringMatching(/^ {2}! settings {12}not so: .*engine/) as unknown as string,
          '      → machine provision dev',
        ],
      }),
    )
    expect(many.stdout).toMatch(/✗ engine's disk +full: 4096 MB \(100 %\) and 0 % of the inodes free on \/tiny/)
  })

  test('a host that is off: what lies behind is skipped', async () => {
    await dev.home.ok('stop', 'dev')
    const ran = await look('dev')
    await dev.home.ok('start', 'dev')
    const off = 'not looked at: host failed'
    expect(lines(ran)).toEqual([
      ...GREEN.slice(0, 3),
      '  ✗ host                Stopped (ADDRESS, SSH port 22)',
      '      → machine start dev',
      ...GREEN.slice(4).map(line => (/client certificate/.test(line) ? line : `  - ${line.slice(4, 24)}${off}`)),
    ])
    expect(lines(await look('dev'))).toEqual(GREEN)
  })

  test('keys others may read, and a lock a dead process left, are told with their remedies', async () => {
    const key = join(dev.home.store, 'machines/dev/key.pem')
    chmodSync(key, 0o644)
    mkdirSync(join(dev.home.store, 'locks'), { recursive: true })
    const dead = {
      pid: 2 ** 22 + 1,
      host: hostname(),
      token: 'cafe0001',
      purpose: 'create dev',
      since: 'noon',
      boot: 'another',
    }
    writeFileSync(join(dev.home.store, 'locks/dev.lock'), JSON.stringify(dead))
    const ran = await look('dev')
    expect(ran.code).toBe(1)
    expect(ran.stdout).toContain(`  ✗ key files           others may read or write ${key}\n      → chmod 600 ${key}\n`)
    expect(ran.stdout).toContain(
      `  ! locks               left by processes that died: dev: process ${dead.pid} (create dev) since noon\n      → the next command on it takes them away\n`,
    )
    chmodSync(key, 0o600)
    await dev.home.ok('provision', 'dev')
    expect((await look('dev')).stdout).toContain('  ✓ locks               none held\n')
  })

  test('the library tells the same, and looking changes nothing', async () => {
    const record = join(dev.home.store, 'machines/dev/config.json')
    const before = readFileSync(record, 'utf8')
    const env = { ...process.env, ...dev.home.env, ...hostEnv('doctor') }
    const results = await doctor({ names: ['dev'] }, { storagePath: dev.home.store, env })
    expect(results.filter(r => r.machine === 'dev').map(r => r.state)).toEqual(GREEN.slice(1).map(() => 'ok'))
    const json = JSON.parse((await look('--json', 'dev')).stdout) as typeof results
    expect(json.map(r => [r.machine, r.check, r.what])).toEqual(results.map(r => [r.machine, r.check, r.what]))
    expect(json.filter(r => r.check.startsWith('driver-') && !r.check.endsWith('-disk'))).toHaveLength(
      (await listDrivers()).length,
    )
    expect(readFileSync(record, 'utf8')).toBe(before)
  })
})
