/** A host without an engine: a real install. Docker's own repository is out of reach, so the distribution's package it is. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { repositoryBase } from '../../provisioning/mirrors.ts'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { provisioned } from '../kit/generic.ts'
import { importBusybox } from '../kit/images.ts'

jest.setTimeout(600_000)
const why = await whyNoHosts()

/** Shell: holds dpkg's lock, as a package tool would, until an install of the engine has met it. */
const HOLD_LOCK = `cat > /root/hold.pl <<'END'
use Fcntl;
open(my $lock, '>', '/var/lib/dpkg/lock-frontend') or die;
my $whole = pack('s s x4 q q i x4', F_WRLCK, 0, 0, 0, 0);
fcntl($lock, F_SETLK, $whole) or die;
open(my $held, '>', '/root/held'); close($held);
until (\`pgrep -f '[a]pt-get .*install .*docker\\.io'\`) { select(undef, undef, undef, 0.1) }
sleep 1;
open(my $met, '>', '/root/met'); close($met);
END
setsid perl /root/hold.pl >/root/said 2>&1 </dev/null &
for i in $(seq 100); do [ -e /root/held ] && exit 0; sleep 0.1; done; cat /root/said >&2; exit 1`

describe('generic on a host without an engine', () => {
  if (why) {
    test.skip(`[${why}]`, () => {})
    return
  }
  let host: TestHost
  let home: Home
  beforeAll(async () => {
    host = await startHost({ packages: ['-docker.io'] })
    home = await startHome()
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await host?.[Symbol.asyncDispose]()
  })

  test('--engine-install-url none says that there is none, and installs none', async () => {
    const refused = await home.cli('create', '-d', 'generic', ...host.flags, '--engine-install-url', 'none', 'box')
    expect(refused.stderr).toMatch(/there is no engine on \S+, and --engine-install-url=none installs none/)
    expect(refused.code).toBe(1)
    expect(await host.exec('command -v dockerd', { ok: true })).toBe('')
    await home.ok('rm', '-y', 'box')
  })

  test('an install script that cannot be fetched is named', async () => {
    const url = `http://${host.address}:9/install.sh`
    const refused = await home.cli('create', '-d', 'generic', ...host.flags, '--engine-install-url', url, 'box')
    expect(refused.stderr).toContain(`could not fetch ${url}`)
    expect(refused.code).toBe(1)
    await home.ok('rm', '-y', 'box')
  })

  test('a version that only the unreachable repository could have is not replaced by another', async () => {
    await host.exec(`echo 127.0.0.1 ${new URL(repositoryBase(undefined)).hostname} >> /etc/hosts`) // on every computer
    const refused = await home.cli('create', '-d', 'generic', ...host.flags, '--engine-version', '28.5.2', 'box')
    expect(refused.stderr).toMatch(/--engine-version/)
    expect(refused.code).toBe(1)
    expect(await host.exec('command -v dockerd', { ok: true })).toBe('')
  })

  test('the package of the distribution is installed, said so, and waited for where a package tool is at work', async () => {
    await home.ok('rm', '-y', 'box')
    await host.exec(HOLD_LOCK)
    const made = await home.cli('create', '-d', 'generic', ...host.flags, 'box')
    expect(made).toMatchObject({ code: 0 })
    await host.exec('test -e /root/met')
    expect(made.stderr).toMatch(/is out of its reach: installing Debian's own docker.io/)
    const image = await importBusybox(home, 'box')
    expect(await home.dockerOk('box', 'run', '--rm', image, 'echo', 'installed')).toBe('installed')
    expect(await host.exec('systemctl is-enabled docker')).toBe('enabled')
    expect(await host.exec('docker version --format "{{.Client.Os}}"')).toBe('linux') // its own client came along
    expect(await provisioned(home, 'box')).toEqual([])
  })
})
