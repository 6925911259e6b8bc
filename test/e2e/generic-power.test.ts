/** Power of hosts that are not ours: rebooted over SSH, seen as stopped, never switched. And driver none. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { provisioned } from '../kit/generic.ts'

jest.setTimeout(400_000)
const why = await whyNoHosts()

describe('power of a generic host', () => {
  if (why) {
    test.skip(`[${why}]`, () => {})
    return
  }
  let host: TestHost
  let home: Home
  beforeAll(async () => {
    host = await startHost({ sshUser: 'ann' })
    home = await startHome()
    await home.ok('create', '-d', 'generic', ...host.flags, 'box')
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await host?.[Symbol.asyncDispose]()
  })

  test('none: an engine by its URL', async () => {
    const url = `tcp://${host.address}:2376`
    const refused = await home.cli('create', '-d', 'none', 'there')
    expect(refused.stderr).toContain('--url option is required when no driver is selected')
    await home.ok('create', '-d', 'none', '--url', url, 'there')
    expect(await home.ok('url', 'there')).toBe(`${url}\n`)
    expect(await home.ok('status', 'there')).toBe('Running\n')
    expect(await home.ok('env', 'there')).toContain(`DOCKER_HOST="${url}"`)
    const row = JSON.parse(await home.ok('ls', '--json')).find((m: { name: string }) => m.name === 'there')
    expect(row).toMatchObject({ driver: 'none', url, state: 'Running' })
    for (const verb of ['start', 'stop', 'restart', 'kill']) expect((await home.cli(verb, 'there')).code).toBe(1)
    expect((await home.cli('provision', 'there')).stderr).toContain('its engine is not ours to provision')
    await home.ok('rm', '-y', 'there')
    expect((await home.cli('status', 'there')).code).toBe(4)
    expect(await home.dockerOk('box', 'version', '--format', '{{.Server.Os}}')).toBe('linux')
  })

  test('start, stop and kill are refused in Docker Machine’s words', async () => {
    for (const verb of ['stop', 'kill']) {
      const refused = await home.cli(verb, 'box')
      expect(refused.stderr).toContain(`generic driver does not support ${verb}`)
      expect(refused.code).toBe(1)
    }
    expect((await home.cli('start', 'box')).stderr).toContain('Machine "box" is already running.')
  })

  test('restart reboots the host over SSH, and the engine answers again', async () => {
    const boot = 'cat /proc/sys/kernel/random/boot_id'
    const before = await host.exec(boot)
    expect(await home.cli('restart', 'box')).toMatchObject({ code: 0 })
    expect(await host.exec(boot)).not.toBe(before)
    expect(await home.dockerOk('box', 'version', '--format', '{{.Server.Os}}')).toBe('linux')
    expect(await provisioned(home, 'box')).toEqual([])
  })

  test('a host that is off is Stopped, and Running when it is back', async () => {
    await host.stop()
    expect(await home.ok('status', 'box')).toBe('Stopped\n')
    const env = await home.cli('env', 'box')
    expect(env.code).toBe(1)
    expect(env.stderr).toContain('not running')
    await host.start()
    expect(await home.ok('status', 'box')).toBe('Running\n')
    expect(await home.dockerOk('box', 'version', '--format', '{{.Server.Os}}')).toBe('linux')
  })
})
