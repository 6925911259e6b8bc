import { describe, expect, test } from '@jest/globals'
import { parseRecord } from '../../../src/machine/parse.ts'
import { newRecord, renderRecord } from '../../../src/machine/record.ts'
import { changedRecord, type SettingsChange, describe as words } from '../../../src/machine/settings-change.ts'

const record = () =>
  newRecord({
    name: 'dev',
    driverName: 'generic',
    storePath: '/s',
    engine: {
      ArbitraryFlags: ['dns=192.0.2.1', 'mtu=1400', 'log-opt=max-size=1m', 'log-opt=max-file=2', '--debug'],
      Labels: ['tier=1', 'role=web=x'],
      Env: ['HTTP_PROXY=http://u:geheim@proxy'],
      InsecureRegistry: ['a:5000'],
      StorageDriver: 'overlay2',
    },
    swarm: {},
    tlsSans: ['dev.example'],
    machine: { Phase: 'ready' },
  })
const changed = (change: SettingsChange) => {
  const { record: next, differences } = changedRecord(record(), change)
  const engine = next.HostOptions.EngineOptions
  return {
    engine,
    sans: next.HostOptions.AuthOptions?.ServerCertSANs,
    machine: next.Machine,
    said: differences.map(words),
  }
}

describe('setting', () => {
  test('an item replaces the one of its key where it stands; a new one joins', () => {
    const { engine, said } = changed({ set: { 'engine-label': ['tier=2', 'new=1'] } })
    expect(engine?.Labels).toEqual(['tier=2', 'role=web=x', 'new=1'])
    expect(said).toEqual(['~ engine-label tier=1 -> tier=2', '+ engine-label new=1'])
  })

  test.each([
    [
      'a scalar replaces',
      'mtu=1300',
      ['dns=192.0.2.1', 'mtu=1300', 'log-opt=max-size=1m', 'log-opt=max-file=2', '--debug'],
    ],
    [
      'of a map one member',
      'log-opt=max-size=9m',
      ['dns=192.0.2.1', 'mtu=1400', 'log-opt=max-size=9m', 'log-opt=max-file=2', '--debug'],
    ],
    ['a list grows', 'dns=192.0.2.2', [...(record().HostOptions.EngineOptions?.ArbitraryFlags ?? []), 'dns=192.0.2.2']],
    [
      'a switch, however it was written',
      'debug=false',
      ['dns=192.0.2.1', 'mtu=1400', 'log-opt=max-size=1m', 'log-opt=max-file=2', 'debug=false'],
    ],
    [
      'an option nobody knows',
      'brand-new=1',
      [...(record().HostOptions.EngineOptions?.ArbitraryFlags ?? []), 'brand-new=1'],
    ],
  ])('engine-opt: %s', (_, opt, flags) => {
    expect(changed({ set: { 'engine-opt': [opt] } }).engine?.ArbitraryFlags).toEqual(flags)
  })

  test('what is so already is no change', () => {
    const same = { set: { 'engine-label': ['tier=1'], 'tls-san': ['dev.example'] }, storageDriver: 'overlay2' } as const
    expect(changedRecord(record(), same)).toEqual({ record: record(), differences: [] })
  })

  test('switches and the storage driver', () => {
    const { engine, machine, said } = changed({ liveRestore: true, logRotation: false, storageDriver: '' })
    expect(engine?.StorageDriver).toBe('')
    expect(machine).toEqual({ Phase: 'ready', Engine: { LiveRestore: true, LogRotation: false } })
    expect(said).toEqual([
      '- engine-storage-driver overlay2',
      '+ engine-live-restore true',
      '+ engine-log-rotation false',
    ])
  })

  test("a record of docker-machine's, or with no engine options at all, can be changed too", () => {
    const { Machine: _, ...theirs } = record()
    const bare = { ...theirs, HostOptions: { ...theirs.HostOptions, EngineOptions: null } }
    const { record: next } = changedRecord(bare, { set: { 'engine-label': ['a=1'] }, liveRestore: true })
    expect(next.HostOptions.EngineOptions?.Labels).toEqual(['a=1'])
    expect(next.Machine?.Engine).toEqual({ LiveRestore: true })
    expect(bare.HostOptions.EngineOptions).toBeNull()
  })

  test('integers beyond 2^53 in a driver’s state are kept', () => {
    const text = renderRecord(record()).replace('"SSHPort": 0', '"SSHPort": 0, "Id": 12345678901234567890')
    const { record: loaded } = parseRecord(text, { storePath: '/s', name: 'dev' })
    const { record: next } = changedRecord(loaded, { set: { 'engine-label': ['a=1'] } })
    expect(renderRecord(next)).toContain('"Id": 12345678901234567890')
  })

  test('passwords in the environment are not told', () => {
    const { engine, said } = changed({ set: { 'engine-env': ['HTTP_PROXY=http://u:anders@proxy', 'B=2'] } })
    expect(engine?.Env).toEqual(['HTTP_PROXY=http://u:anders@proxy', 'B=2'])
    expect(said).toEqual(['~ engine-env HTTP_PROXY=… -> HTTP_PROXY=…', '+ engine-env B=…'])
    const missing = () => changedRecord(record(), { remove: { 'engine-env': ['C'] } })
    expect(missing).toThrow('there is no engine-env "C" to remove')
    expect(missing).toThrow(expect.objectContaining({ suggestions: ['there are: HTTP_PROXY'] }))
  })
})

describe('removing', () => {
  test.each([
    [{ 'engine-label': ['tier'] }, 'Labels', ['role=web=x']],
    [{ 'engine-label': ['role=web=x'] }, 'Labels', ['tier=1']],
    [{ 'engine-opt': ['log-opt'] }, 'ArbitraryFlags', ['dns=192.0.2.1', 'mtu=1400', '--debug']],
    [
      { 'engine-opt': ['log-opt=max-size'] },
      'ArbitraryFlags',
      ['dns=192.0.2.1', 'mtu=1400', 'log-opt=max-file=2', '--debug'],
    ],
    [
      { 'engine-opt': ['dns=192.0.2.1', 'debug'] },
      'ArbitraryFlags',
      ['mtu=1400', 'log-opt=max-size=1m', 'log-opt=max-file=2'],
    ],
    [{ 'engine-insecure-registry': ['a:5000'] }, 'InsecureRegistry', []],
  ] as const)('%j', (remove, field, left) => {
    expect(changed({ remove }).engine?.[field]).toEqual(left)
  })

  test('by key or whole, never by half', () => {
    expect(changed({ remove: { 'tls-san': ['dev.example'] } }).sans).toEqual([])
    for (const remove of [{ 'tls-san': ['dev'] }, { 'engine-label': ['tier=2'] }, { 'engine-label': ['ti'] }])
      expect(() => changed({ remove })).toThrow(/to remove$/)
  })

  test('and setting in one go: the new one counts', () => {
    const change = { remove: { 'engine-opt': ['dns'] }, set: { 'engine-opt': ['dns=198.51.100.1'] } }
    expect(changed(change).said).toEqual(['- engine-opt dns=192.0.2.1', '+ engine-opt dns=198.51.100.1'])
  })
})
