/** Settings of the engine on a generic host: asked for at create, changed in the record, refused by dockerd. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { CLASSIC, type Home, startHome } from '../kit/cli.ts'
import { editRecord, engineEnvironment, engineInfo, provisioned } from '../kit/generic.ts'
import { importBusybox } from '../kit/images.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()

const ODD = `a  "b" 'c' $HOME \${PATH} %n %% \\d #; end `
const PROXY = 'http://user:p$s%40"w@proxy.example:3128'

describe('engine settings', () => {
  if (why) {
    test.skip(`[${why}]`, () => {})
    return
  }

  describe('of an engine without any', () => {
    let host: TestHost
    let home: Home
    beforeAll(async () => {
      host = await startHost()
      home = await startHome(CLASSIC)
    })
    afterAll(async () => {
      await home?.[Symbol.asyncDispose]()
      await host?.[Symbol.asyncDispose]()
    })

    test('a wish that cannot be is refused before the host is asked', async () => {
      const refused = await home.cli('create', '-d', 'generic', ...host.flags, '--engine-opt', 'mtu=wide', 'box')
      expect(refused.stderr).toContain('the engine option "mtu" wants a whole number, not "wide"')
      expect(refused.code).toBe(2)
      expect(await home.ok('ls', '-q')).toBe('')
    })

    test('what create was asked for is in force', async () => {
      await home.ok(
        ...['create', '-d', 'generic', ...host.flags, '--engine-storage-driver', 'overlay2'],
        ...['--engine-label', 'purpose=builds for all', '--engine-label', 'tier=1'],
        ...['--engine-insecure-registry', '198.51.100.7:5000', '--engine-registry-mirror', 'https://mirror.example'],
        ...['--engine-opt', 'default-ulimit=nofile=1234:2345', '--engine-opt', 'log-opt=max-size=3m'],
        ...['--engine-env', `ODD=${ODD}`, '--engine-env', `HTTPS_PROXY=${PROXY}`],
        ...['--tls-san', 'box.example', '--tls-san', '198.51.100.9', 'box'],
      )
      const info = await engineInfo(home, 'box')
      expect(info).toMatchObject({ Driver: 'overlay2', LiveRestoreEnabled: true })
      expect([...(info.Labels as string[])].sort()).toEqual(['provider=generic', 'purpose=builds for all', 'tier=1'])
      expect(info.RegistryConfig).toMatchObject({
        Mirrors: ['https://mirror.example/'],
        IndexConfigs: { '198.51.100.7:5000': { Secure: false } },
      })
      const image = await importBusybox(home, 'box')
      expect(await home.dockerOk('box', 'run', '--rm', image, 'sh', '-c', 'ulimit -Sn; ulimit -Hn')).toBe('1234\n2345')
      await home.dockerOk('box', 'run', '-d', '--name', 'survivor', image, 'sleep', '100000')
      expect(
        await home.dockerOk('box', 'inspect', '-f', '{{json .HostConfig.LogConfig.Config}}', 'survivor'),
      ).toContain('"max-size":"3m"')
    })

    test('environment values arrive unchanged, and where others on the host cannot read them', async () => {
      const environment = await engineEnvironment(host)
      expect(environment.get('ODD')).toBe(ODD)
      expect(environment.get('HTTPS_PROXY')).toBe(PROXY)
      const readable =
        'find /etc /run/systemd /proc/$(pidof dockerd)/cmdline -type f -perm -4 -exec grep -alF proxy.example {} +'
      expect(await host.exec(readable, { ok: true })).toBe('')
      // systemd tells everybody what stands in a unit, whatever the mode of its file.
      expect(await host.exec('runuser -u nobody -- systemctl show docker')).not.toContain('proxy.example')
    })

    test('the server certificate covers what --tls-san names', async () => {
      const names = await host.exec('openssl x509 -in /etc/docker/server.pem -noout -ext subjectAltName')
      for (const name of [host.address, 'DNS:box.example', '198.51.100.9', 'DNS:localhost'])
        expect(names).toContain(name)
    })

    test('provision with the same record changes nothing', async () => {
      const before = await host.exec('pidof dockerd')
      expect(await provisioned(home, 'box')).toEqual([])
      expect(await host.exec('pidof dockerd')).toBe(before)
    })

    test('a changed label and a changed environment come into force, and containers run on', async () => {
      const started = await home.dockerOk('box', 'inspect', '-f', '{{.State.StartedAt}} {{.State.Pid}}', 'survivor')
      const engine = await host.exec('pidof dockerd')
      editRecord(home, 'box', options => {
        options.Labels = ['tier=2']
      })
      expect(await provisioned(home, 'box')).toEqual(['engine-settings'])
      expect([...((await engineInfo(home, 'box')).Labels as string[])].sort()).toEqual(['provider=generic', 'tier=2'])
      expect(await host.exec('pidof dockerd')).toBe(engine) // labels only need a reload

      editRecord(home, 'box', options => {
        options.Env = ['ODD=plain']
      })
      expect(await provisioned(home, 'box')).toEqual(['engine-settings'])
      expect(await host.exec('pidof dockerd')).not.toBe(engine)
      const environment = await engineEnvironment(host)
      expect([environment.get('ODD'), environment.get('HTTPS_PROXY')]).toEqual(['plain', undefined])
      const now = await home.dockerOk('box', 'inspect', '-f', '{{.State.StartedAt}} {{.State.Pid}}', 'survivor')
      expect(now).toBe(started)
    })

    test.each([
      // The first dockerd sees by itself before anything is touched; the second only when it starts.
      { opt: 'log-level=shouting', says: /dockerd refuses these settings: .*shouting/, changed: 'nothing was changed' },
      { opt: 'exec-root=/proc/1', says: /did not start with the new settings: .+/, changed: 'it runs again' },
      { opt: 'no-such-thing=1', says: /unknown flag: --no-such-thing/, changed: 'nothing was changed' },
    ])('$opt is refused in the engine’s own words, and the engine serves on', async ({ opt, says, changed }) => {
      const files = 'md5sum /etc/docker/daemon.json /etc/systemd/system/docker.service.d/*'
      const before = await host.exec(files)
      editRecord(home, 'box', options => {
        options.ArbitraryFlags.push(opt)
      })
      const refused = await home.cli('provision', 'box')
      expect(refused.stderr).toMatch(says)
      expect(refused.stderr).toContain(changed)
      expect(refused.code).toBe(1)
      expect(await host.exec(files)).toBe(before)
      expect(await home.dockerOk('box', 'inspect', '-f', '{{.State.Running}}', 'survivor')).toBe('true')
      editRecord(home, 'box', options => {
        options.ArbitraryFlags.pop()
      })
      expect(await provisioned(home, 'box')).toEqual([])
    })
  })
})
