/** From what a record says of the engine to what a program asks for, in the words of `modify`. Pure. */
import type { MachineRecord } from '../../machine/record.ts'
import type { ListSetting, SettingsChange } from '../../machine/settings-change.ts'
import type { Json } from './crud.ts'
import { type EngineInputs, toEngineSettings } from './inputs.ts'
import { objectOf } from './values.ts'

export function settingsChange(record: MachineRecord, inputs: Json): SettingsChange {
  const engine = toEngineSettings(objectOf(inputs.engine) as EngineInputs)
  const { EngineOptions: now, AuthOptions: auth } = record.HostOptions
  const lists: [ListSetting, readonly string[] | null | undefined, readonly string[] | undefined][] = [
    ['engine-opt', now?.ArbitraryFlags, engine.opts],
    ['engine-label', now?.Labels, engine.labels],
    ['engine-env', now?.Env, engine.env],
    ['engine-insecure-registry', now?.InsecureRegistry, engine.insecureRegistries],
    ['engine-registry-mirror', now?.RegistryMirror, engine.registryMirrors],
    ['tls-san', auth?.ServerCertSANs, inputs.tlsSans as string[] | undefined],
    ['engine-agent-operator-mount', record.Machine?.Engine?.AgentOperatorMounts, engine.agentOperatorMounts],
  ]
  const gone = (there: readonly string[], wish: readonly string[]) => there.filter(item => !wish.includes(item))
  return {
    set: Object.fromEntries(lists.map(([setting, , wish]) => [setting, wish ?? []])),
    remove: Object.fromEntries(lists.map(([setting, there, wish]) => [setting, gone(there ?? [], wish ?? [])])),
    storageDriver: engine.storageDriver ?? '',
    ...(engine.liveRestore === undefined ? {} : { liveRestore: engine.liveRestore }),
    ...(engine.logRotation === undefined ? {} : { logRotation: engine.logRotation }),
  }
}
