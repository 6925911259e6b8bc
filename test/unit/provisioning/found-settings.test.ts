/** Settings read back from a host: what was asked for once is found again, by this program and by docker-machine. */
import { describe, expect, test } from '@jest/globals'
import type { EngineAsk } from '../../../provisioning/ask.ts'
import { engineFiles } from '../../../provisioning/engine-files.ts'
import { foundSettings } from '../../../provisioning/found-settings.ts'
import { ALPINE, AMAZON, applied, ask, DEBIAN, factsOf, SUSE } from './hosts.ts'

const SYSTEMD = { DEBIAN, AMAZON, SUSE }
const ODD = `A=b $c %n "quoted" \\d`

const WISH: Partial<EngineAsk> = {
  opts: [
    'dns=192.0.2.1',
    'dns=192.0.2.2',
    'mtu=1400',
    'debug=true',
    'log-opt=max-size=1m',
    'default-ulimit=core=0:0',
    'default-address-pool=base=10.9.0.0/16,size=24',
    'add-runtime=fast=/opt/fast $x',
    'default-network-opt=bridge=com.docker.network.driver.mtu=1400',
    'feature=buildkit=true',
    'https-proxy=http://user:p$s%40@proxy.example',
    'brand-new=1',
    'brand-new-switch',
  ],
  labels: ['a=b c', 'tier=1'],
  env: [ODD, 'HTTPS_PROXY=http://user:p$s%40"w@proxy.example'],
  insecureRegistries: ['198.51.100.7:5000'],
  registryMirrors: ['https://mirror.example'],
  storageDriver: 'overlay2',
}
const sorted = (wish: { opts: readonly string[] }) => ({ ...wish, opts: [...wish.opts].sort() })

describe('of this program', () => {
  test.each(Object.entries(SYSTEMD))('%s: the wish is found again, and asking for it changes nothing', (_, host) => {
    const wish = ask({ ...WISH, providerLabel: 'nspawn', port: 2375 })
    const after = applied(factsOf(host), wish)
    const found = foundSettings(after)
    expect(found).toMatchObject({ by: 'machine', provider: 'nspawn', port: 2375 })
    expect(sorted(found.ask)).toEqual(sorted({ ...(WISH as EngineAsk) }))
    expect(engineFiles(after, { ...found.ask, providerLabel: 'nspawn', port: 2375 }).differing).toEqual([])
  })

  test('defaults of a new engine are no wish; switched off, or on by hand, they are', () => {
    const of = (wish: Partial<EngineAsk>, host = DEBIAN as Record<string, string>) => {
      const { liveRestore, logRotation, opts } = foundSettings(applied(factsOf(host), ask(wish))).ask
      return { liveRestore, logRotation, opts }
    }
    const old = { ...DEBIAN, containers: '3' }
    expect(of({})).toEqual({ liveRestore: undefined, logRotation: undefined, opts: [] })
    expect(of({ liveRestore: false })).toMatchObject({ liveRestore: false })
    expect(of({}, old)).toEqual({ liveRestore: undefined, logRotation: undefined, opts: [] })
    expect(of({ liveRestore: true, logRotation: true }, old)).toEqual({
      liveRestore: true,
      logRotation: true,
      opts: [],
    })
  })

  test('what somebody else wrote into daemon.json or a drop-in is not taken for ours', () => {
    const host = { ...DEBIAN, config: '{"dns": ["203.0.113.9"], "labels": ["theirs=1"], "mtu": 1300}' }
    const { ask: found } = foundSettings(applied(factsOf(host), ask({ opts: ['dns=192.0.2.1'], labels: ['ours=1'] })))
    expect(found).toMatchObject({ opts: ['dns=192.0.2.1'], labels: ['ours=1'] })
  })

  test('without systemd the settings in daemon.json are found', () => {
    const wish = ask({ labels: ['a=b'], opts: ['mtu=1400'] })
    const found = foundSettings(applied(factsOf(ALPINE), wish))
    expect(found).toMatchObject({ by: 'machine', port: 2376, ask: { labels: ['a=b'], opts: ['mtu=1400'] } })
  })
})

describe('of docker-machine', () => {
  /** Its drop-in, as v0.16.2 fills it in. */
  const dropIn = [
    '# /etc/systemd/system/docker.service.d/10-machine.conf',
    '[Service]',
    'ExecStart=',
    'ExecStart=/usr/bin/dockerd -H tcp://0.0.0.0:2377 -H unix:///var/run/docker.sock --storage-driver overlay2 --tlsverify ' +
      '--tlscacert /etc/docker/ca.pem --tlscert /etc/docker/server.pem --tlskey /etc/docker/server-key.pem ' +
      '--label tier=1 --label provider=amazonec2 --insecure-registry 198.51.100.7:5000 ' +
      '--registry-mirror https://mirror.example --dns 192.0.2.1 --bip=10.1.0.1/24 --debug',
    'Environment="HTTP_PROXY=http://proxy.example" "NO_PROXY=a b"',
    '',
  ].join('\n')
  const host = { ...DEBIAN, unit: `${DEBIAN.unit}\n${dropIn}` }

  test('everything on its command line is found', () => {
    expect(foundSettings(factsOf(host))).toEqual({
      by: 'docker-machine',
      provider: 'amazonec2',
      port: 2377,
      ask: {
        opts: ['dns=192.0.2.1', 'bip=10.1.0.1/24', 'debug'],
        labels: ['tier=1'],
        env: ['HTTP_PROXY=http://proxy.example', 'NO_PROXY=a b'],
        insecureRegistries: ['198.51.100.7:5000'],
        registryMirrors: ['https://mirror.example'],
        storageDriver: 'overlay2',
      },
    })
  })

  test('asking for it brings it about again, with our files', () => {
    const { ask: found } = foundSettings(factsOf(host))
    const after = applied(factsOf(host), { ...found, providerLabel: 'amazonec2', port: 2377 })
    expect(JSON.parse(after.config ?? '')).toMatchObject({
      bip: '10.1.0.1/24',
      debug: true,
      dns: ['192.0.2.1'],
      'insecure-registries': ['198.51.100.7:5000'],
      labels: ['tier=1', 'provider=amazonec2'],
      'registry-mirrors': ['https://mirror.example'],
      'storage-driver': 'overlay2',
    })
    expect(foundSettings(after)).toMatchObject({ by: 'machine', ask: { labels: ['tier=1'], env: found.env } })
  })
})

test('a host that neither set up', () => {
  expect(foundSettings(factsOf(DEBIAN))).toMatchObject({ by: undefined, ask: { opts: [], labels: [], env: [] } })
  expect(foundSettings(factsOf({ ...DEBIAN, config: '{"hosts": ["tcp://0.0.0.0:2375"], broken' })).port).toBeUndefined()
})
