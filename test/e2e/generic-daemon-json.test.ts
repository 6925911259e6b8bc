/** A host whose owner has written daemon.json and a drop-in before us, with the oldest engine we work with. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { CLASSIC, type Home, startHome } from '../kit/cli.ts'
import { editRecord, engineInfo, provisioned } from '../kit/generic.ts'
import { importBusybox } from '../kit/images.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()

const THEIRS = {
  hosts: ['unix:///var/run/docker.sock', 'tcp://127.0.0.1:23750'],
  labels: ['rack=7', 'tier=owner'],
  'log-driver': 'local',
  'log-opts': { 'max-size': '1m' },
  'max-concurrent-downloads': 2,
}
const text = `${JSON.stringify(THEIRS, null, 4)}\n\n`

/** `hosts` in the file and -H on the unit's line is an error to dockerd, so whoever writes the one drops the other. */
const WRITE = `mkdir -p /etc/docker /etc/systemd/system/docker.service.d
printf '[Service]\\nExecStart=\\nExecStart=/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS\\nEnvironment=OWNER=yes\\n' \
  > /etc/systemd/system/docker.service.d/10-owner.conf
echo '${Buffer.from(text).toString('base64')}' | base64 -d > /etc/docker/daemon.json
systemctl daemon-reload && systemctl restart docker`

describe('generic with a daemon.json', () => {
  if (why) {
    test.skip(`[${why}]`, () => {})
    return
  }
  let host: TestHost
  let home: Home
  beforeAll(async () => {
    host = await startHost({ suite: 'bookworm', setUp: WRITE })
    home = await startHome(CLASSIC)
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await host?.[Symbol.asyncDispose]()
  })
  const daemonJson = async () => JSON.parse(await host.exec('cat /etc/docker/daemon.json'))

  test('what was there is kept, ours is added, and a copy lies beside', async () => {
    await home.ok('create', '-d', 'generic', ...host.flags, '--engine-label', 'tier=2', 'box')
    expect(await daemonJson()).toMatchObject({
      ...THEIRS,
      hosts: expect.arrayContaining(THEIRS.hosts),
      labels: expect.arrayContaining(['rack=7']),
    })
    expect(`${await host.exec('cat /etc/docker/daemon.json.before-machine; echo .')}`).toBe(`${text}.`)
    const info = await engineInfo(home, 'box')
    expect(info.LoggingDriver).toBe('local')
    expect(info.Labels).toEqual(expect.arrayContaining(['rack=7', 'tier=2', 'provider=generic']))
    // A machine that was in use gets none of our defaults.
    expect(info.LiveRestoreEnabled).toBe(false)
    const image = await importBusybox(home, 'box')
    await home.dockerOk('box', 'run', '--rm', image, 'true')
  })

  test("the owner's own listener and environment are still there", async () => {
    const version = 'printf "GET /version HTTP/1.0\\r\\n\\r\\n" > /dev/tcp/127.0.0.1/23750'
    await host.exec(`bash -c '${version}' && tr '\\0' '\\n' < /proc/$(pidof dockerd)/environ | grep -x OWNER=yes`)
  })

  test('provision again changes nothing', async () => {
    expect(await provisioned(home, 'box')).toEqual([])
  })

  test('an option this engine refuses only when it starts is rolled back', async () => {
    const files = 'md5sum /etc/docker/* /etc/systemd/system/docker.service.d/*'
    const before = await host.exec(files)
    editRecord(home, 'box', engine => {
      engine.ArbitraryFlags = ['no-such-thing=1']
    })
    const refused = await home.cli('provision', 'box')
    expect(refused.stderr).toMatch(/the engine did not start with the new settings: .*unknown flag: --no-such-thing/)
    expect(refused.code).toBe(1)
    expect(await host.exec(files)).toBe(before)
    expect((await engineInfo(home, 'box')).LoggingDriver).toBe('local')
  })

  test('what is no longer asked for goes, and what it hid comes back', async () => {
    editRecord(home, 'box', engine => {
      engine.ArbitraryFlags = ['max-concurrent-downloads=5']
      engine.Labels = []
    })
    expect(await provisioned(home, 'box')).toEqual(['engine-settings'])
    expect(await daemonJson()).toMatchObject({ 'max-concurrent-downloads': 5 })
    editRecord(home, 'box', engine => {
      engine.ArbitraryFlags = []
    })
    expect(await provisioned(home, 'box')).toEqual(['engine-settings'])
    const now = await daemonJson()
    expect(now).toMatchObject({ 'max-concurrent-downloads': 2, 'log-driver': 'local' })
    expect([...now.labels].sort()).toEqual(['provider=generic', 'rack=7', 'tier=owner'])
  })

  test('a daemon.json that is no JSON is named, and nothing is touched', async () => {
    await host.exec(`cp /etc/docker/daemon.json /root/good.json; echo '{ "labels": [' > /etc/docker/daemon.json`)
    const before = await host.exec('pidof dockerd; md5sum /etc/docker/*')
    const refused = await home.cli('provision', 'box')
    expect(refused.stderr).toContain('/etc/docker/daemon.json on the host is not valid JSON')
    expect(refused.code).toBe(1)
    expect(await host.exec('pidof dockerd; md5sum /etc/docker/*')).toBe(before)
    await host.exec('cp /root/good.json /etc/docker/daemon.json')
    expect(await provisioned(home, 'box')).toEqual([])
  })
})
