import { describe, expect, test } from '@jest/globals'
import { settingsOf } from '../../../provisioning/engine-options.ts'
import { ask } from './hosts.ts'

const keys = (opts: string[]) =>
  Object.fromEntries([...settingsOf(ask({ opts })).byKey.values()].map(({ key, ours }) => [key, ours]))

describe('--engine-opt', () => {
  test.each([
    ['dns=192.0.2.1', { dns: ['192.0.2.1'] }],
    ['--dns=192.0.2.1', { dns: ['192.0.2.1'] }],
    ['debug', { debug: true }],
    ['icc=false', { icc: false }],
    ['mtu=1400', { mtu: 1400 }],
    ['log-opt=max-size=5m', { 'log-opts': { 'max-size': '5m' } }],
    ['log-opt=labels=a,b=c', { 'log-opts': { labels: 'a,b=c' } }],
    ['graph=/data', { 'data-root': '/data' }],
    ['exec-opt=native.cgroupdriver=systemd', { 'exec-opts': ['native.cgroupdriver=systemd'] }],
    ['default-ulimit=nofile=1024:2048', { 'default-ulimits': { nofile: { Name: 'nofile', Soft: 1024, Hard: 2048 } } }],
    [
      'default-address-pool=base=198.18.0.0/16,size=24',
      { 'default-address-pools': [{ base: '198.18.0.0/16', size: 24 }] },
    ],
    [
      'default-network-opt=bridge=com.docker.network.driver.mtu=1400',
      { 'default-network-opts': { bridge: { 'com.docker.network.driver.mtu': '1400' } } },
    ],
    ['add-runtime=x=/usr/bin/x', { runtimes: { x: { path: '/usr/bin/x' } } }],
    ['feature=buildkit=false', { features: { buildkit: false } }],
    ['http-proxy=http://u:p@h:1', { proxies: { 'http-proxy': 'http://u:p@h:1' } }],
    ['insecure-registries=r:5000', { 'insecure-registries': ['r:5000'] }],
    ['data-root=/a b/$x', { 'data-root': '/a b/$x' }],
  ])('%s', (option, expected) => {
    expect(keys([option])).toEqual({ labels: ['provider=test'], ...expected })
  })

  test('said twice: lists and maps join, of a scalar the last counts', () => {
    expect(keys(['dns=192.0.2.1', 'dns=192.0.2.2', 'log-opt=a=1', 'log-opt=b=2', 'mtu=1', 'mtu=2'])).toMatchObject({
      dns: ['192.0.2.1', '192.0.2.2'],
      'log-opts': { a: '1', b: '2' },
      mtu: 2,
    })
  })

  test('what has no key in daemon.json stays a flag', () => {
    expect(settingsOf(ask({ opts: ['brand-new=a b', 'rootless'] })).lineOnly).toEqual(['--brand-new=a b', '--rootless'])
  })

  test.each([
    ['tlsverify=false', "machine's own"],
    ['mtu=big', 'a whole number, not "big"'],
    ['dns', 'needs a value'],
    ['debug=maybe', 'true or false'],
    ['log-opt=x', 'wants name=value'],
    ['two words=1', 'is no engine option'],
    ['a=1\nb', 'is no engine option'],
  ])('%j is refused', (option, text) => {
    expect(() => settingsOf(ask({ opts: [option] }))).toThrow(text)
  })

  test('labels, registries and the storage driver are settings too', () => {
    const { byKey } = settingsOf(
      ask({
        labels: ['a=1', 'a=2'],
        registryMirrors: ['https://m'],
        insecureRegistries: ['r:5000'],
        storageDriver: 'overlay2',
      }),
    )
    expect([...byKey.values()].map(({ key, ours }) => [key, ours])).toEqual([
      ['labels', ['a=2', 'provider=test']],
      ['insecure-registries', ['r:5000']],
      ['registry-mirrors', ['https://m']],
      ['storage-driver', 'overlay2'],
    ])
    expect(() => settingsOf(ask({ labels: ['plain'] }))).toThrow('not key=value')
  })
})
