/**
 * The nspawn driver as most people have it: a user with sudo, on a computer whose PID 1 is systemd. That computer is a test
 * host here, and what it makes is a host inside it.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { placesOf } from '../../drivers/nspawn/state.ts'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { seedRuntime } from '../kit/runtime-cache.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe
const root = join(import.meta.dirname, '../..')

/** What an install of the package holds, and the pinned Node. */
function installInto(tree: string): void {
  const npm = ['ls', '--omit=dev', '--all', '--parseable', '--no-update-notifier']
  const modules = execFileSync('npm', npm, { cwd: root, encoding: 'utf8' }).split('\n').slice(1).filter(Boolean)
  const parts = ['bin', 'dist', 'package.json', ...modules.map(path => relative(root, path))]
  mkdirSync(join(tree, 'opt/machine'), { recursive: true })
  execFileSync('cp', ['-a', '--parents', ...parts, join(tree, 'opt/machine')], { cwd: root })
  execFileSync('cp', ['-aL', join(root, 'node_modules/node/bin/node'), join(tree, 'usr/local/bin/node')])
}

suite(why ? `a computer with systemd [${why}]` : 'a computer with systemd', () => {
  let host: TestHost
  beforeAll(async () => {
    const packages = ['systemd-container', 'mmdebstrap', 'iptables', 'sudo', 'openssh-client', 'libatomic1']
    host = await startHost({ packages, sshUser: 'ann' })
    const tree = placesOf(host.state).root
    installInto(tree)
    // that computer has no registry to get it from
    seedRuntime(join(tree, 'home/ann/.docker/machine'), { copy: true })
    await host.exec('chown -R ann: /home/ann/.docker')
    expect(await host.exec('cat /proc/1/comm')).toBe('systemd')
  })
  afterAll(() => host?.[Symbol.asyncDispose]())

  /** Runs a shell line as the user, with `machine` by its name; of the same subnet the host itself is in there is none. */
  const asUser = (line: string, options?: { ok: boolean }) =>
    host.exec(
      `su - ann -c 'export MACHINE_NSPAWN_SUBNET=10.213.0.0/24 PATH=/opt/machine/bin:/usr/local/bin:$PATH; ${line}'`,
      options,
    )
  const units = () => host.exec('systemctl list-units --no-legend --plain "machine-*" | cut -d" " -f1')
  const status = () => asUser('machine status dev', { ok: true })

  test('create makes it through sudo, as a unit of systemd', async () => {
    expect(await asUser('machine create -d nspawn dev 2>&1')).toContain('Docker is up and running!')
    expect(await units()).toMatch(/^machine-dev-[0-9a-f]{8}\.service$/)
    expect(await asUser('machine ssh dev uname -n')).toBe('dev')
    expect(await asUser('machine version dev')).toMatch(/^26\./)
    // the store is the user's own
    expect(await host.exec('find /home/ann/.docker ! -user ann')).toBe('')
  })

  test('a reboot from inside is a start of the unit', async () => {
    const booted = 'machine ssh dev cat /proc/sys/kernel/random/boot_id'
    const before = await asUser(booted)
    await asUser('machine ssh dev reboot', { ok: true })
    let now = before
    while (now === before || now === '') now = await asUser(booted, { ok: true })
    expect(await status()).toBe('Running')
    expect(await units()).toMatch(/^machine-dev-/)
  })

  test('stop, start, kill and start again', async () => {
    await asUser('machine stop dev')
    expect([await status(), await units()]).toEqual(['Stopped', ''])
    await asUser('machine start dev')
    await asUser('machine kill dev')
    expect([await status(), await units()]).toEqual(['Stopped', ''])
    await asUser('machine start dev')
    expect(await asUser('machine ls')).toMatch(/^dev +- +nspawn +Running +tcp:\/\/10\.213\.0\.2:2376 +v26\./m)
  })

  test('rm leaves no unit, no bridge, no rule and no folder', async () => {
    await asUser('machine rm -y dev')
    expect(await units()).toBe('')
    expect(await host.exec('ls /sys/class/net | grep ^mn- || :; iptables-save | grep machine || :')).toBe('')
    expect(await host.exec('ls /var/lib/machine/hosts 2>/dev/null || :')).toBe('')
  })

  test('a sudo that wants a password: drivers and create say how to go on', async () => {
    await host.exec(`echo 'ann ALL=(ALL) ALL' > /etc/sudoers.d/test`)
    expect(await asUser('machine drivers')).toMatch(/^nspawn +no .*sudo -v/m)
    const refused = await asUser('machine create -d nspawn more 2>&1; echo "left $?"')
    expect(refused).toMatch(/Error with pre-create check: .*\n.*sudo -v\nleft 3$/)
    expect(await asUser('machine ls -q')).toBe('')
  })
})
