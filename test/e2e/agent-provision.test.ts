/** The engine agent on a real host: put there by create, changed, taken away and put there again while containers run. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { BUILT, otherVersion, programOf, provisionWith } from '../hosts/agent.ts'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { provisioned } from '../kit/generic.ts'
import { importBusybox } from '../kit/images.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()

describe('the engine agent on a host', () => {
  if (why) {
    test.skip(`[${why}]`, () => {})
    return
  }
  let host: TestHost
  let home: Home
  beforeAll(async () => {
    host = await startHost()
    home = await startHome()
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await host?.[Symbol.asyncDispose]()
  })

  const running = async () => JSON.parse(await host.exec('cat /run/machine-agent/running.json'))
  const record = () => JSON.parse(readFileSync(join(home.store, 'machines/box/config.json'), 'utf8')).Machine
  const pidOf = (container: string) => home.dockerOk('box', 'inspect', '-f', '{{.State.Pid}}', container)
  const listeners = () => host.exec(`ss -tlnpH 'sport = :2376'`)

  test('create puts it in front of the engine', async () => {
    await home.ok('create', '-d', 'generic', ...host.flags, 'box')
    const built = programOf(readFileSync(BUILT, 'utf8'))
    expect(record()).toMatchObject({ EngineAgent: 'on', AgentId: expect.stringMatching(/^[0-9a-f]{32}$/) })
    expect((await running()).digest).toBe(built.digest)
    expect(await listeners()).not.toContain('dockerd')
    const image = await importBusybox(home, 'box')
    expect(await home.dockerOk('box', 'run', '--rm', image, 'echo', 'through the agent')).toBe('through the agent')
    await home.dockerOk('box', 'run', '-d', '--name', 'stays', image, 'sleep', '3600')
  })

  test('it has no right but to the socket, and nobody else reads its key', async () => {
    expect(await host.exec('stat -c "%U %a" /var/lib/machine-agent /var/lib/machine-agent/identity.pem')).toBe(
      'machine-agent 700\nmachine-agent 400',
    )
    expect(await host.exec('stat -L -c "%U %a" /usr/local/lib/machine-agent/current/agent.cjs')).toBe('root 644')
    expect(await host.exec('ls /etc/docker')).not.toMatch(/pem/)
    const exposed = await host.exec('systemd-analyze security --no-pager machine-agent.service | tail -n 1', {
      ok: true,
    })
    expect(Number(/: ([\d.]+)/.exec(exposed)?.[1])).toBeLessThan(3)
  })

  test('a second provision changes nothing', async () => {
    const state =
      'cat /run/machine-agent/running.json; pidof dockerd; find /etc/machine-agent /usr/local/lib/machine-agent -printf "%p %T@\\n"'
    const before = await host.exec(state)
    expect(await provisioned(home, 'box')).toEqual([])
    expect(await host.exec(state)).toBe(before)
  })

  test('regenerate-certs reaches it without a restart of anything', async () => {
    const before = [await host.exec('pidof dockerd'), (await running()).pid]
    const serial = () => readFileSync(join(home.store, 'machines/box/server.pem'), 'utf8')
    const old = serial()
    await home.ok('regenerate-certs', '-f', 'box')
    expect(serial()).not.toBe(old)
    expect([await host.exec('pidof dockerd'), (await running()).pid]).toEqual(before)
    await home.dockerOk('box', 'ps')
    expect(await provisioned(home, 'box')).toEqual([])
  })

  test('off and on again, and the container never notices', async () => {
    const pid = await pidOf('stays')
    await home.ok('provision', '--engine-agent', 'off', 'box')
    expect(record().EngineAgent).toBe('off')
    expect(await listeners()).toContain('dockerd')
    expect(
      await host.exec('ls -d /etc/machine-agent /var/lib/machine-agent /etc/systemd/system/machine-agent*', {
        ok: true,
      }),
    ).toBe('')
    expect(await pidOf('stays')).toBe(pid)
    expect(await provisioned(home, 'box')).toEqual([])

    await home.ok('provision', '--engine-agent', 'on', 'box')
    expect(record().EngineAgent).toBe('on')
    expect(await listeners()).not.toContain('dockerd')
    expect(await pidOf('stays')).toBe(pid)
    expect(await provisioned(home, 'box')).toEqual([])
  })

  test('the same where live-restore is off: it is on meanwhile', async () => {
    await home.ok('modify', '-y', '--no-engine-live-restore', 'box')
    await home.dockerOk('box', 'start', 'stays')
    const pid = await pidOf('stays')
    for (const agent of ['off', 'on']) {
      await home.ok('provision', '--engine-agent', agent, 'box')
      expect(await pidOf('stays')).toBe(pid)
      expect(await home.dockerOk('box', 'info', '-f', '{{.LiveRestoreEnabled}}')).toBe('false')
      expect(await provisioned(home, 'box')).toEqual([])
    }
    await home.ok('modify', '-y', '--engine-live-restore', 'box')
  })

  test('another version takes over; one that does not serve gives way', async () => {
    const dockerd = await host.exec('pidof dockerd')
    const next = otherVersion('next')
    expect(await provisionWith(home, 'box', next)).toEqual(['agent-program', 'agent-running'])
    expect((await running()).digest).toBe(next.digest)

    const broken = programOf('console.error("error: this is no agent"); process.exit(1)\n')
    await expect(provisionWith(home, 'box', broken)).rejects.toMatchObject({ code: 'AGENT_NOT_UP' })
    expect((await running()).digest).toBe(next.digest)
    expect(await host.exec('readlink /usr/local/lib/machine-agent/current')).toBe(`versions/${next.digest}`)
    await home.dockerOk('box', 'ps')
    expect(await host.exec('pidof dockerd')).toBe(dockerd)
    expect(Number(await host.exec('ls /usr/local/lib/machine-agent/versions | wc -l'))).toBeLessThanOrEqual(3)
  })

  test('a first version that does not serve leaves the engine as it was', async () => {
    await home.ok('provision', '--engine-agent', 'off', 'box')
    const pid = await pidOf('stays')
    const broken = programOf('console.error("error: this is no agent either"); process.exit(1)\n')
    await expect(provisionWith(home, 'box', broken)).rejects.toMatchObject({
      code: 'AGENT_NOT_UP',
      message: expect.stringContaining('this is no agent either'),
    })
    expect(await listeners()).toContain('dockerd')
    expect(await pidOf('stays')).toBe(pid)
    await home.ok('provision', 'box')
    await home.dockerOk('box', 'ps')
  })

  test('it comes back after a reboot', async () => {
    await home.ok('provision', '--engine-agent', 'on', 'box')
    await host.stop()
    await host.start()
    expect(await provisioned(home, 'box')).toEqual([])
    await home.dockerOk('box', 'ps')
  })
})
