/** A host without systemd: Debian with sysvinit, its engine's settings in /etc/default/docker. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { editRecord, engineEnvironment, engineInfo, provisioned } from '../kit/generic.ts'
import { importBusybox } from '../kit/images.ts'

jest.setTimeout(400_000)
const why = await whyNoHosts()

/**
 * Shell: cgroups as a computer that sysvinit boots has them. Inside a container sysvinit mounts its own /sys over the one
 * with the cgroups, and all processes sit in their root, where those of containers may not be beside them. Nor may a
 * container raise limits, on which Debian's service script insists.
 */
const CGROUPS = `echo 'cgroup2 /sys/fs/cgroup cgroup2 defaults 0 0' >> /etc/fstab
cat > /etc/default/docker <<'END'
# The owner's own line.
mkdir -p /sys/fs/cgroup/init
xargs -rn1 < /sys/fs/cgroup/cgroup.procs > /sys/fs/cgroup/init/cgroup.procs 2>/dev/null || :
ulimit() { :; }
END
mount -a && service docker start`

describe('generic without systemd', () => {
  if (why) {
    test.skip(`[${why}]`, () => {})
    return
  }
  let host: TestHost
  let home: Home
  beforeAll(async () => {
    const packages = ['-systemd', '-systemd-sysv', '-dbus', 'sysvinit-core', 'ifupdown', 'systemd-standalone-sysusers']
    host = await startHost({ packages, setUp: CGROUPS })
    home = await startHome()
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await host?.[Symbol.asyncDispose]()
  })

  test('create', async () => {
    expect(await host.exec('cat /proc/1/comm')).toBe('init')
    const ask = ['--engine-label', 'tier=1', '--engine-env', 'ODD=a "b" \'c\' $HOME `id`']
    await home.ok('create', '-d', 'generic', ...host.flags, ...ask, 'box')
    expect((await engineInfo(home, 'box')).Labels).toEqual(expect.arrayContaining(['tier=1', 'provider=generic']))
    expect((await engineEnvironment(host)).get('ODD')).toBe('a "b" \'c\' $HOME `id`')
    const image = await importBusybox(home, 'box')
    expect(await home.dockerOk('box', 'run', '--rm', image, 'echo', 'hello')).toBe('hello')
  })

  test("the owner's file is kept, and our part of it is readable by root alone", async () => {
    expect(await host.exec('stat -c %a /etc/default/docker; head -n 1 /etc/default/docker')).toBe(
      "600\n# The owner's own line.",
    )
  })

  test('provision again changes nothing', async () => {
    expect(await provisioned(home, 'box')).toEqual([])
  })

  test('an option dockerd refuses is rolled back', async () => {
    editRecord(home, 'box', engine => {
      engine.ArbitraryFlags = ['exec-root=/proc/1']
    })
    const refused = await home.cli('provision', 'box')
    expect(refused.stderr).toMatch(/the engine did not start with the new settings: .+/)
    expect(refused.stderr).toContain('/var/log/docker.log')
    expect(refused.code).toBe(1)
    expect((await engineInfo(home, 'box')).Labels).toContain('tier=1')
    editRecord(home, 'box', engine => {
      engine.ArbitraryFlags = []
    })
    expect(await provisioned(home, 'box')).toEqual([])
  })

  test('restart reboots it, and the engine is back', async () => {
    expect(await home.cli('restart', 'box')).toMatchObject({ code: 0 })
    expect((await engineInfo(home, 'box')).Labels).toContain('tier=1')
    expect(await provisioned(home, 'box')).toEqual([])
  })
})
