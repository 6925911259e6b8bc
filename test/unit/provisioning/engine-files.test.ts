import { describe, expect, test } from '@jest/globals'
import { engineFiles } from '../../../provisioning/engine-files.ts'
import { ALPINE, AMAZON, applied, ask, DEBIAN, factsOf, SUSE, SYSVINIT } from './hosts.ts'

const TLS =
  '--tlsverify --tlscacert=/etc/docker/ca.pem --tlscert=/etc/docker/server.pem --tlskey=/etc/docker/server-key.pem'
const DROP_IN = '/etc/systemd/system/docker.service.d/10-machine.conf'
const ENVIRONMENT = '/etc/docker/machine.env'
const HOSTS = { DEBIAN, AMAZON, SUSE, ALPINE, SYSVINIT }

const text = (parts: Parameters<typeof factsOf>[0], wish = ask(), path = DROP_IN) => {
  const found = engineFiles(factsOf(parts), wish).files.find(file => file.path === path)
  if (!found?.text) throw new Error(`no ${path}`)
  return found.text
}
const exec = (parts: Parameters<typeof factsOf>[0], wish = ask()) => /^ExecStart=(.+)$/m.exec(text(parts, wish))?.[1]
const config = (parts: Parameters<typeof factsOf>[0], wish = ask()) =>
  JSON.parse(text(parts, wish, '/etc/docker/daemon.json'))

describe("the engine's files", () => {
  test.each([
    [
      'DEBIAN',
      DEBIAN,
      `/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS --host=tcp://0.0.0.0:2376 ${TLS}`,
    ],
    [
      'AMAZON',
      AMAZON,
      `/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $OPTIONS $DOCKER_STORAGE_OPTIONS $DOCKER_ADD_RUNTIMES --host=tcp://0.0.0.0:2376 ${TLS}`,
    ],
    [
      'SUSE',
      SUSE,
      `/usr/bin/dockerd --add-runtime oci=/usr/sbin/runc $DOCKER_NETWORK_OPTIONS $DOCKER_OPTS --host=unix:///var/run/docker.sock --host=tcp://0.0.0.0:2376 ${TLS}`,
    ],
  ])('%s: the unit keeps its own line', (_name, host, line) => {
    expect(exec(host)).toBe(line)
  })

  test.each(Object.entries(HOSTS))('%s: what was applied holds, and taking it back leaves nothing', (_name, host) => {
    const wish = ask({
      opts: ['dns=192.0.2.1', 'log-opt=max-size=1m', 'default-ulimit=core=0:0', 'brand-new=1'],
      labels: ['a=b c'],
      env: ['A=b $c'],
    })
    const before = factsOf(host)
    const after = applied(before, wish)
    expect(engineFiles(before, wish).differing).not.toEqual([])
    expect(engineFiles(after, wish).differing).toEqual([])
    const plain = applied(after, ask())
    expect(engineFiles(plain, ask()).differing).toEqual([])
    expect(plain.config).toEqual(applied(before, ask()).config)
  })

  test('new and empty engines get live-restore and log rotation; each can be switched off', () => {
    expect(config(DEBIAN)).toEqual({
      labels: ['provider=test'],
      'live-restore': true,
      'log-driver': 'json-file',
      'log-opts': { 'max-size': '10m', 'max-file': '3' },
    })
    expect(engineFiles(factsOf(DEBIAN), ask()).defaults).toHaveLength(2)
    expect(config(DEBIAN, ask({ liveRestore: false, logRotation: false }))).toEqual({
      labels: ['provider=test'],
      'live-restore': false,
    })
    expect(config(DEBIAN, ask({ opts: ['log-driver=journald'] }))).not.toHaveProperty('log-opts')
  })

  test.each([
    ['containers', { ...DEBIAN, containers: '1' }],
    ['volumes', { ...DEBIAN, volumes: '1' }],
    ['settings of its own', { ...DEBIAN, config: '{}\n' }],
  ])('an engine with %s gets neither', (_name, host) => {
    expect(config(host)).toEqual({ labels: ['provider=test'] })
  })

  test('an engine that was new stays so in our book, until it joins a swarm', () => {
    const after = applied(factsOf(DEBIAN), ask())
    expect(JSON.parse(engineFiles({ ...after, containers: 9 }, ask()).files[0]?.text ?? '')).toHaveProperty(
      'live-restore',
      true,
    )
    expect(JSON.parse(engineFiles({ ...after, swarm: true }, ask()).files[0]?.text ?? '')).not.toHaveProperty(
      'live-restore',
    )
    expect(() => engineFiles({ ...after, swarm: true }, ask({ liveRestore: true }))).toThrow('swarm')
  })

  test('hosts in daemon.json: ours joins them there, and the command line names none', () => {
    const host = { ...DEBIAN, config: '{"hosts": ["fd://", "tcp://127.0.0.1:2376"], "tlsverify": false}' }
    expect(config(host)).toEqual({ hosts: ['fd://', 'tcp://0.0.0.0:2376'], tlsverify: true, labels: ['provider=test'] })
    expect(exec(host)).toBe(
      `/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS ${TLS.replace('--tlsverify ', '')}`,
    )
  })

  test('hosts in daemon.json without a local socket get one', () => {
    expect(config({ ...DEBIAN, config: '{"hosts": ["tcp://127.0.0.1:2375"]}' }).hosts).toEqual([
      'tcp://127.0.0.1:2375',
      'fd://',
      'tcp://0.0.0.0:2376',
    ])
  })

  test('an option that stands on the command line is added to there: never in both places', () => {
    const wish = ask({ opts: ['default-ulimit=core=0:0', 'dns=192.0.2.9'] })
    expect(config(AMAZON, wish)).not.toHaveProperty('default-ulimits')
    expect(exec(AMAZON, wish)).toMatch(/\$OPTIONS .* --default-ulimit=core=0:0 /)
    const withDns = { ...DEBIAN, 'env-file /etc/default/docker': 'DOCKER_OPTS="--dns 192.0.2.1 --mtu=1400"\n' }
    expect(exec(withDns, wish)).toMatch(/\$DOCKER_OPTS .*--dns=192\.0\.2\.9/)
    expect(config(withDns, wish)).not.toHaveProperty('dns')
  })

  test('values with spaces, quotes, dollars and percent signs arrive as they are', () => {
    const nasty = 'a b "c" $d %e \\f'
    expect(config(DEBIAN, ask({ labels: [`k=${nasty}`] })).labels).toEqual([`k=${nasty}`, 'provider=test'])
    expect(exec(DEBIAN, ask({ opts: [`brand-new=${nasty}`] }))).toMatch(/ "--brand-new=a b \\"c\\" \$\$d %%e \\\\f"$/)
    expect(text(DEBIAN, ask({ env: [`K=${nasty}`] }), ENVIRONMENT)).toBe('K="a b \\"c\\" \\$d %e \\\\f"\n')
  })

  test('an environment, which may hold a password, is nothing everybody may read or ask systemd for', () => {
    const { files } = engineFiles(factsOf(DEBIAN), ask({ env: ['A=secret'] }))
    const holding = files.filter(file => file.text?.includes('secret'))
    expect(holding).toEqual([{ path: ENVIRONMENT, text: 'A="secret"\n', mode: 0o600 }])
    expect(text(DEBIAN, ask({ env: ['A=secret'] }))).toContain(`EnvironmentFile=${ENVIRONMENT}\n`)
    expect(text(DEBIAN)).not.toContain('EnvironmentFile=')
  })

  test('an environment that is no longer asked for goes with its file', () => {
    const withOne = applied(factsOf(DEBIAN), ask({ env: ['A=1'] }))
    expect(engineFiles(withOne, ask()).differing).toContainEqual({ path: ENVIRONMENT, mode: 0 })
  })

  test('labels are reloaded, dns needs a restart, and a key that goes does too', () => {
    const from = applied(factsOf(DEBIAN), ask({ insecureRegistries: ['r:1'] }))
    const reloadable = (wish = ask()) => engineFiles(from, wish).reloadable
    expect(reloadable(ask({ insecureRegistries: ['r:1', 'r:2'], labels: ['a=b'] }))).toBe(true)
    expect(reloadable(ask({ insecureRegistries: ['r:1'], opts: ['dns=192.0.2.1'] }))).toBe(false)
    expect(reloadable(ask())).toBe(false)
    expect(reloadable(ask({ insecureRegistries: ['r:1'], env: ['A=1'] }))).toBe(false)
  })

  test('a daemon.json that does not parse is left alone', () => {
    expect(() => engineFiles(factsOf({ ...DEBIAN, config: '{' }), ask())).toThrow('not valid JSON')
    expect(() => engineFiles(factsOf({ ...DEBIAN, config: '[]' }), ask())).toThrow('JSON object')
  })

  test('OpenRC: listeners go into daemon.json, the rest into a block of its file', () => {
    const wish = ask({ opts: ['brand-new=a b'], env: ["A=it's"] })
    expect(config(ALPINE, wish)).toMatchObject({
      hosts: ['unix:///var/run/docker.sock', 'tcp://0.0.0.0:2376'],
      tlsverify: true,
    })
    const block = text(ALPINE, wish, '/etc/conf.d/docker')
    expect(block).toContain(ALPINE['env-file /etc/conf.d/docker'])
    expect(block).toContain("export A='it'\\''s'\n")
    expect(() => engineFiles(factsOf(SYSVINIT), wish)).toThrow('cannot pass on')
  })

  test('an engine without a service is said to be one', () => {
    expect(() => engineFiles(factsOf({ ...DEBIAN, unit: [] }), ask())).toThrow('no docker.service')
  })
})
