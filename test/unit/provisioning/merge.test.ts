import { describe, expect, test } from '@jest/globals'
import type { Wanted } from '../../../provisioning/merge.ts'
import { portOf, withOurs, withoutOurs } from '../../../provisioning/merge.ts'

const want = {
  labels: { kind: 'list', ours: ['a=ours', 'provider=x'] },
  dns: { kind: 'list', ours: ['192.0.2.1'] },
  mtu: { kind: 'scalar', ours: 1400 },
  'log-opts': { kind: 'map', ours: { 'max-size': '10m' } },
  hosts: { kind: 'list', ours: ['tcp://0.0.0.0:2376'] },
} satisfies Record<string, Wanted>

const theirs = {
  labels: ['owner=ops', 'a=theirs'],
  dns: [],
  mtu: 9000,
  'log-opts': { 'max-size': '1m', tag: 't' },
  hosts: ['unix:///run/d.sock', 'tcp://127.0.0.1:2376', 'tcp://0.0.0.0:2377'],
  unknown: { deep: [1] },
}

describe("somebody's daemon.json", () => {
  test('keeps what is not ours, and what cannot stand beside ours gives way', () => {
    expect(withOurs(theirs, want).config).toEqual({
      labels: ['owner=ops', 'a=ours', 'provider=x'],
      dns: ['192.0.2.1'],
      mtu: 1400,
      'log-opts': { 'max-size': '10m', tag: 't' },
      hosts: ['unix:///run/d.sock', 'tcp://0.0.0.0:2377', 'tcp://0.0.0.0:2376'],
      unknown: { deep: [1] },
    })
  })

  test.each([
    ['theirs', theirs],
    ['an empty one', {}],
  ])('%s comes back whole when ours is taken out', (_name, before) => {
    const { config, keys } = withOurs(before, want)
    const after = withoutOurs(config, keys)
    const sorted = (value: object) =>
      JSON.parse(JSON.stringify(value), (_key, v) => (Array.isArray(v) ? [...v].sort() : v))
    expect(sorted(after)).toEqual(sorted(before))
  })

  test('merging again changes nothing', () => {
    const once = withOurs(theirs, want)
    expect(withOurs(withoutOurs(once.config, once.keys), want)).toEqual(once)
  })

  test('an option taken back goes, one changed by hand meanwhile stays', () => {
    const { config, keys } = withOurs({}, want)
    expect(withoutOurs({ ...config, mtu: 1280, dns: ['192.0.2.1', '192.0.2.2'] }, keys)).toEqual({
      mtu: 1280,
      dns: ['192.0.2.2'],
    })
  })

  test('ports of listeners', () => {
    expect(['tcp://0.0.0.0:2376', 'tcp://[::]:2376', '127.0.0.1:2375', 'fd://', 'unix:///a:1'].map(portOf)).toEqual([
      '2376',
      '2376',
      '2375',
      undefined,
      undefined,
    ])
  })
})
