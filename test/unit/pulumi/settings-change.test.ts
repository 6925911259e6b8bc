/** What a program asks for, as changes to what a record says: applied, they lead there, whatever was there before. */
import { expect, test } from '@jest/globals'
import { toEngineOptions } from '../../../src/machine/engine-settings.ts'
import { newRecord } from '../../../src/machine/record.ts'
import { changedRecord } from '../../../src/machine/settings-change.ts'
import { type EngineInputs, toEngineSettings } from '../../../src/pulumi/core/inputs.ts'
import { settingsChange } from '../../../src/pulumi/core/settings-change.ts'

function recordOf(engine: EngineInputs, tlsSans: string[] = []) {
  const settings = toEngineSettings(engine)
  const machine = { Phase: 'ready' as const, EngineAgent: 'off' as const }
  const its = { name: 'web', driverName: 'none', storePath: '/store', swarm: {}, tlsSans, machine }
  return newRecord({ ...its, engine: toEngineOptions(settings) })
}

const BEFORE: EngineInputs = {
  labels: { role: 'web', tier: '1' },
  opts: { 'log-level': 'warn', dns: ['1.1.1.1', '9.9.9.9'] },
  env: { HTTPS_PROXY: 'http://198.18.0.1:3128' },
}
const AFTER: EngineInputs = {
  labels: { tier: '2', zone: 'a' },
  opts: { 'log-level': 'info', dns: ['9.9.9.9'] },
  registryMirrors: ['https://mirror.example'],
  storageDriver: 'overlay2',
  liveRestore: false,
}

test.each([
  ['from much to other', BEFORE, AFTER],
  ['from nothing', {}, AFTER],
  ['to nothing', AFTER, {}],
])('%s', (_, before, after) => {
  const record = recordOf(before, ['old.example'])
  const inputs = { engine: after, tlsSans: ['new.example'] }
  const { record: next } = changedRecord(record, settingsChange(record, inputs))
  const wish = recordOf(after, ['new.example']).HostOptions
  const sorted = (options: object | null) =>
    Object.fromEntries(Object.entries(options ?? {}).map(([k, v]) => [k, Array.isArray(v) ? [...v].sort() : v]))
  expect(sorted(next.HostOptions.EngineOptions)).toEqual(sorted(wish.EngineOptions))
  expect(next.HostOptions.AuthOptions?.ServerCertSANs).toEqual(['new.example'])
  expect(changedRecord(next, settingsChange(next, inputs)).differences).toEqual([])
})
