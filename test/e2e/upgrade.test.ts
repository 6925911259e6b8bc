/**
 * `machine upgrade` on a real machine, from a real apt repository: Debian's docker.io, repacked with another version
 * number in the package and in dockerd itself, so that a real upgrade takes place.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { type Dev, startDev } from '../kit/dev-machine.ts'
import { importBusybox } from '../kit/images.ts'

jest.setTimeout(600_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe

/** Shell: what the host has becomes a package of each version given, in a repository of the host's own. */
const repack = (...versions: string[]) => `set -e
mkdir -p /srv/repo /root/pack; cd /root/pack
[ -d tree ] || { apt-get -q update; apt-get -q download docker.io; dpkg-deb -R docker.io_*.deb tree; } >/dev/null 2>&1
for v in ${versions.join(' ')}; do
  was=$(tree/usr/sbin/dockerd --version | sed 's/Docker version \\([^,]*\\),.*/\\1/')
  [ \${#was} = \${#v} ] # in place: the program's other parts stay where they are
  sed -i "s/$(printf %s "$was" | sed 's/[.]/\\\\&/g')/$v/g" tree/usr/sbin/dockerd
  sed -i "s/^Version: .*/Version: $v-1/" tree/DEBIAN/control
  dpkg-deb -Zgzip -z1 -b tree /srv/repo/docker.io_$v.deb >/dev/null
done
cd /srv/repo
for f in *.deb; do dpkg-deb -f $f; echo "Filename: ./$f"; echo "Size: $(stat -c %s $f)"; echo "SHA256: $(sha256sum $f | cut -d' ' -f1)"; echo; done > Packages
echo 'deb [trusted=yes] file:/srv/repo ./' > /etc/apt/sources.list.d/local.list`

/** Shell: the repository then offers nothing above this version. */
const only = (version: string) =>
  `cd /srv/repo && awk -v v='Version: ${version}-1' 'BEGIN { RS = ""; ORS = "\\n\\n" } index($0, v)' Packages > P && mv P Packages`

suite(why ? `upgrade [${why}]` : 'upgrade', () => {
  let dev: Dev
  let container: string
  const upgrade = (...args: string[]) => dev.home.cli('upgrade', ...args)
  const record = () => JSON.parse(readFileSync(join(dev.home.store, 'machines/dev/config.json'), 'utf8'))
  const version = () => dev.docker('version', '--format', '{{.Server.Version}}')
  const pid = () => dev.docker('inspect', '-f', '{{.State.Pid}}', container)

  beforeAll(async () => {
    dev = await startDev('upgrade', '--engine-agent=off')
    await importBusybox(dev.home, 'dev')
    container = await dev.docker('run', '-d', 'busybox', 'sleep', '10000')
  })
  afterAll(() => dev?.[Symbol.asyncDispose]())

  test('the newest already: it says so and changes nothing', async () => {
    const [before, engine] = [await version(), await dev.ssh('pidof dockerd')]
    const done = await upgrade('dev')
    expect(done).toMatchObject({ code: 0, stdout: '' })
    expect(done.stderr).toMatch(
      /\nthe engine 26\.1\.5\+dfsg1 of dev is the newest engine there is \(docker\.io 26\.1\.5\+dfsg1-\S+\): nothing was upgraded\n/,
    )
    expect(await version()).toBe(before)
    expect(await dev.ssh('pidof dockerd')).toBe(engine)
  })

  test('a newer package: the engine is the new one, and containers never stopped', async () => {
    await dev.ssh(repack('26.1.6+dfsg1'))
    const before = await pid()
    const done = await upgrade('--json', 'dev')
    expect(done.code).toBe(0)
    expect(done.stderr).toContain('Upgrading docker...\n')
    expect(done.stderr).toMatch(/upgrading docker\.io from 26\.1\.5\+dfsg1-\S+ to 26\.1\.6\+dfsg1-1\n/)
    expect(done.stderr).toContain(
      'the engine of dev was upgraded from 26.1.5+dfsg1 to 26.1.6+dfsg1 (docker.io 26.1.6+dfsg1-1)\n',
    )
    expect(done.stderr).not.toContain('live-restore')
    expect(JSON.parse(done.stdout)).toEqual([
      {
        name: 'dev',
        from: '26.1.5+dfsg1',
        to: '26.1.6+dfsg1',
        upgraded: true,
        package: 'docker.io 26.1.6+dfsg1-1',
        changed: ['engine-settings'], // which restarts the engine: this package does not
      },
    ])
    expect(await version()).toBe('26.1.6+dfsg1')
    expect(await pid()).toBe(before)
    expect(await dev.docker('exec', container, 'echo', 'alive')).toBe('alive')
  })

  test('--engine-version goes to that one, is kept in the record, and holds the next upgrade', async () => {
    await dev.ssh(repack('26.1.8+dfsg1', '26.1.9+dfsg1', '27.0.1+dfsg1'))
    await dev.home.ok('upgrade', '--engine-version', '26.1.8', 'dev')
    expect(await version()).toBe('26.1.8+dfsg1')
    expect(record().Machine.Engine.Version).toBe('26.1.8')
    expect((await upgrade('dev')).stderr).toContain('the engine 26.1.8+dfsg1 of dev is the newest 26.1.8 there is')
    await dev.home.ok('upgrade', 'dev', '--engine-version', '26.1')
    expect(await version()).toBe('26.1.9+dfsg1')
    await dev.home.ok('provision', 'dev')
  })

  test('it does not go back', async () => {
    const refused = await upgrade('--engine-version', '26.1.6', 'dev')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(
      refused.stderr,
    ).toContain(`the engine of dev is 26.1.9+dfsg1, newer than the 26.1.6 that is asked for: upgrade does not go back
  → machine upgrade --engine-version latest dev takes the newest from now on
`)
    expect(record().Machine.Engine.Version).toBe('26.1')
    expect(await upgrade('--engine-version', 'new est', 'dev')).toMatchObject({ code: 2 })
  })

  test('a version there is none of: Docker’s own package is looked for, and the reason told', async () => {
    const refused = await upgrade('--engine-version', '26.2', 'dev')
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain("docker.io of Debian has no version 26.2: going over to Docker's own package\n")
    expect(refused.stderr).toMatch(/needs Docker's repository|Docker's repository has no engine 26\.2/)
    expect(await version()).toBe('26.1.9+dfsg1')
  })

  test('a package that is held is left where it is, and how to release it is said', async () => {
    await dev.ssh('apt-mark hold docker.io')
    const held = await upgrade('--engine-version', 'latest', 'dev')
    expect(held.code).toBe(1)
    expect(held.stderr).toContain('docker.io is held at 26.1.9+dfsg1-1 on root@')
    expect(held.stderr).toContain('→ release it: machine ssh dev sudo apt-mark unhold docker.io\n')
    expect(await version()).toBe('26.1.9+dfsg1')
    await dev.ssh('apt-mark unhold docker.io')
  })

  test('latest drops the wish of the record; a machine that is off is started', async () => {
    await dev.home.ok('stop', 'dev')
    const done = await upgrade('--engine-version', 'latest', 'dev')
    expect(done.code).toBe(0)
    expect(done.stderr).toContain('Starting "dev"...\n')
    expect(await version()).toBe('27.0.1+dfsg1')
    expect(record().Machine.Engine).not.toHaveProperty('Version')
    expect(await dev.home.ok('status', 'dev')).toBe('Running\n')
  })

  test('where live-restore is off, what that means is told before', async () => {
    await dev.ssh(
      `${repack('27.0.2+dfsg1')}; sed -i 's/"live-restore": true/"live-restore": false/' /etc/docker/daemon.json; systemctl restart docker`,
    )
    const done = await upgrade('dev')
    expect(done.code).toBe(0)
    expect(done.stderr).toMatch(
      /upgrading docker\.io [^\n]*\nwarning: live-restore is off: the running containers of dev stop while/,
    )
    expect(await version()).toBe('27.0.2+dfsg1')
  })

  test('an engine that create and provision refuse as too old', async () => {
    const path = join(dev.home.store, 'machines/dev/config.json')
    const old = '/srv/repo/docker.io_19.03.9+dfsg.deb'
    await dev.ssh(`${repack('19.03.9+dfsg', '27.0.3+dfsg1')}
apt-get -q -y --allow-downgrades install ${old} >/dev/null 2>&1; ${only('27.0.3+dfsg1')}`)
    const refused = await dev.home.cli('provision', 'dev')
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain(
      'the engine 19.03.9+dfsg is older than 20.10\n  → machine upgrade NAME installs a current one\n',
    )
    // as docker-machine left it
    const { Machine: _, ...theirs } = record()
    writeFileSync(path, JSON.stringify(theirs, null, 4))
    await dev.home.ok('upgrade', 'dev')
    expect(await version()).toBe('27.0.3+dfsg1')
    expect(record().Machine.Phase).toBe('ready')
  })

  test('a machine whose record says that nothing is installed; an engine no package brought', async () => {
    const path = join(dev.home.store, 'machines/dev/config.json')
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace(/"InstallURL": "[^"]*"/, '"InstallURL": "none"'))
    expect((await upgrade('dev')).stderr).toContain(
      'dev was made with --engine-install-url=none: its engine is not upgraded from here\n',
    )
    writeFileSync(path, text)
    await dev.ssh('cp /usr/sbin/dockerd /usr/local/bin/dockerd')
    expect((await upgrade('dev')).stderr).toMatch(
      /no package brought the engine of root@\S+, so none can be upgraded\n/,
    )
  })
})
