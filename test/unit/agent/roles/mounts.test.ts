/** Folders of the host in an operator's containers: those configured, and nothing that leads elsewhere. */
import { describe, expect, test } from '@jest/globals'
import { create } from './asking.ts'

/** Both ways a body names a folder. */
const ways: [string, (source: string) => unknown][] = [
  ['Binds', source => ({ Binds: [`${source}:/x`] })],
  ['Mounts', source => ({ Mounts: [{ Type: 'bind', Source: source, Target: '/x' }] })],
]

describe.each(ways)('%s', (_name, mount) => {
  test("the engine's own data and socket are not mounted, wherever they lie", () => {
    const options = {
      operatorMounts: ['/srv', '/data/engine', '/opt/run'],
      enginePlaces: ['/data/engine/', '/opt/run/d'],
    }
    expect(() => create(mount('/srv'), options)).not.toThrow()
    for (const folder of ['/data/engine', '/opt/run'])
      expect(() => create(mount(folder), options)).toThrow('whatever the configuration says')
  })

  test.each(['/srv/shared', '/srv/shared/', '/srv//shared', '/srv/./x/../shared', '//srv/shared'])(
    '%s passes',
    source => {
      expect(() => create(mount(source))).not.toThrow()
    },
  )

  test.each([
    ...['/', '/etc', '/srv', '/srv/sharedx', '/srv/shared/..', '/srv/shared/../../etc', '/SRV/shared'],
    // What lies below may be a link that a container put there.
    ...['/srv/shared/link', '/srv/shared/a/b'],
    ...['../srv/shared', './x', '~/x', 'srv/shared'],
  ])('%s is refused', source => {
    expect(() => create(mount(source))).toThrow(/^operators may not mount /)
  })

  test.each([
    '/',
    '/run',
    '/var/run',
    '/var',
    '/proc',
    '/proc/1/root',
    '/dev',
    '/etc',
    '/var/run/docker.sock',
    '/srv/a.sock',
    '/var/lib/docker/x',
  ])('%s is refused even when it is configured', source => {
    expect(() => create(mount(source), { operatorMounts: [source] })).toThrow('whatever the configuration says')
  })

  test('a folder in another configured one is refused, since it may be a link by now', () => {
    const operatorMounts = ['/srv/', '/srv/data/']
    expect(() => create(mount('/srv'), { operatorMounts })).not.toThrow()
    expect(() => create(mount('/srv/data'), { operatorMounts })).toThrow('it may be a link to anywhere')
  })
})

test.each(['data:/x', 'data:/x:ro', 'data:/x:ro,z,nocopy', '/x', '/srv/shared:/x:ro,rprivate', '/srv/shared:/x:Z'])(
  'the bind %s passes',
  bind => {
    expect(() => create({ Binds: [bind] })).not.toThrow()
  },
)

test.each([
  '/srv/shared:/x:rshared',
  '/srv/shared:/x:ro,shared',
  '/srv/shared:/x:slave',
  '/srv/shared:/x:what',
  '/srv/shared:/x:ro:/y',
  '/etc:/x:ro',
  '../x:/x',
  ':/etc:/x',
])('the bind %s is refused', bind => {
  expect(() => create({ Binds: [bind] })).toThrow(/^operators may not mount /)
})

test.each([
  { Type: 'volume', Source: 'data', Target: '/x', VolumeOptions: { NoCopy: true, Subpath: 'a' } },
  { Type: 'volume', Target: '/x', VolumeOptions: { DriverConfig: { Name: 'local', Options: {} } } },
  { Type: 'tmpfs', Target: '/x', TmpfsOptions: { SizeBytes: 1 } },
  { Type: 'image', Source: 'busybox', Target: '/x' },
  { Type: 'bind', Source: '/srv/shared', Target: '/x', ReadOnly: true, BindOptions: { Propagation: 'rprivate' } },
])('the mount %j passes', mount => {
  expect(() => create({ Mounts: [mount] })).not.toThrow()
})

test.each([
  { Source: '/etc', Target: '/x' },
  { Type: '', Source: '/etc', Target: '/x' },
  { Type: 'BIND', Source: '/srv/shared', Target: '/x' },
  { Type: 'npipe', Source: '/x', Target: '/x' },
  { Type: 'cluster', Source: 'x', Target: '/x' },
  { Type: 'constructor', Target: '/x' },
  { Type: 'volume', Source: '/etc', Target: '/x' },
  { Type: 'volume', Source: '../x', Target: '/x' },
  {
    Type: 'volume',
    Source: 'x',
    VolumeOptions: { DriverConfig: { Name: 'local', Options: { o: 'bind', device: '/' } } },
  },
  { Type: 'volume', Source: 'x', VolumeOptions: { DriverConfig: { Name: 'nfs' } } },
  { Type: 'tmpfs', Source: '/etc', Target: '/x' },
  { Type: 'bind', source: '/etc', Target: '/x' },
  { Type: 'bind', Source: '/srv/shared', BindOptions: { Propagation: 'rshared' } },
  { Type: 'bind', Source: '/srv/shared', VolumeOptions: {} },
])('the mount %j is refused', mount => {
  expect(() => create({ Mounts: [mount] })).toThrow(/^operators may not /)
})
