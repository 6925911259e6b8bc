/** `create -d generic` on hosts that have an engine already, from the oldest we work with to a new one. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { importBusybox } from '../kit/images.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()

const ENGINES = [
  { suite: 'bookworm', version: /^20\.10\./ },
  { suite: 'trixie', version: /^26\.1\./ },
  { suite: 'forky', version: /^2[89]\./ },
] as const

describe('generic on an engine that is there', () => {
  if (why) {
    test.skip(`[${why}]`, () => {})
    return
  }

  describe.each(ENGINES)('$suite', ({ suite, version }) => {
    let host: TestHost
    let home: Home
    beforeAll(async () => {
      host = await startHost({ suite })
      home = await startHome()
    })
    afterAll(async () => {
      await home?.[Symbol.asyncDispose]()
      await host?.[Symbol.asyncDispose]()
    })

    test('create keeps the engine and makes it answer a docker client', async () => {
      const installed = /version ([\d.]+)/.exec(await host.exec('dockerd --version'))?.[1]
      const made = JSON.parse(await home.ok('create', '-d', 'generic', ...host.flags, '--json', 'box'))
      expect(made.engineVersion).toMatch(version)
      expect(made.engineVersion).toContain(installed)
      expect(made.url).toBe(`tcp://${host.address}:2376`)
      expect(await home.dockerOk('box', 'version', '--format', '{{.Server.Version}}')).toMatch(version)
      const image = await importBusybox(home, 'box')
      expect(await home.dockerOk('box', 'run', '--rm', image, 'echo', 'from a container')).toBe('from a container')
    })

    test('a second provision changes nothing and restarts nothing', async () => {
      const running = 'pidof dockerd; stat -c %Y /etc/docker/* /etc/systemd/system/docker.service.d/*'
      const before = await host.exec(running)
      expect(JSON.parse(await home.ok('provision', '--json', 'box'))).toMatchObject([{ name: 'box', changed: [] }])
      expect(await host.exec(running)).toBe(before)
    })

    test('new engines rotate logs and restore containers; the label names the driver', async () => {
      const info = JSON.parse(await home.dockerOk('box', 'info', '--format', '{{json .}}'))
      expect(info).toMatchObject({ LiveRestoreEnabled: true, LoggingDriver: 'json-file' })
      expect(info.Labels).toContain('provider=generic')
    })

    test('rm forgets the host and leaves it as it is', async () => {
      const state = 'hostname; pidof dockerd; md5sum /etc/docker/*; ls /var/lib/docker/image/*/imagedb/content/*'
      const before = await host.exec(state)
      await home.ok('rm', '-y', 'box')
      expect(await host.exec(state)).toBe(before)
      expect((await home.cli('status', 'box')).code).toBe(4)
    })
  })
})
