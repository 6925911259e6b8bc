/** Changing what a record says of its engine: pure. A setting is named as its flag is, without the dashes. */
import { optionOf } from '../../provisioning/daemon-options.ts'
import { UsageError } from '../errors.ts'
import { copyRecord } from './parse.ts'
import { type MachineRecord, NO_ENGINE_OPTIONS } from './record.ts'

/** Settings that are lists, by flag; what of an item is its key. */
const LISTS = {
  'engine-opt': optionKey,
  'engine-label': keyOf,
  'engine-env': keyOf,
  'engine-insecure-registry': whole,
  'engine-registry-mirror': whole,
  'tls-san': whole,
  'engine-agent-operator-mount': whole,
} as const
export type ListSetting = keyof typeof LISTS
export const LIST_SETTINGS = Object.keys(LISTS) as ListSetting[]

/** What `modify` is asked for. Items to set replace those of the same key; items to remove are named whole or by key. */
export interface SettingsChange {
  readonly set?: { readonly [K in ListSetting]?: readonly string[] }
  readonly remove?: { readonly [K in ListSetting]?: readonly string[] }
  /** '' goes back to the engine's own choice. */
  readonly storageDriver?: string
  readonly liveRestore?: boolean
  readonly logRotation?: boolean
}

/** One difference; `from` or `to` is absent where there was or is nothing. Values of engine-env may be passwords: '…' stands for them. */
export interface Difference {
  readonly setting: ListSetting | 'engine-storage-driver' | 'engine-live-restore' | 'engine-log-rotation'
  readonly from?: string
  readonly to?: string
}

/** The record with the change, and what differs. Throws UsageError for the removal of what is not there. */
export function changedRecord(
  record: MachineRecord,
  change: SettingsChange,
): { record: MachineRecord; differences: Difference[] } {
  const next = copyRecord(record)
  const engine = next.HostOptions.EngineOptions ?? structuredClone(NO_ENGINE_OPTIONS)
  next.HostOptions.EngineOptions = engine
  const auth = next.HostOptions.AuthOptions
  const differences: Difference[] = []
  const list = (setting: ListSetting, now: readonly string[] | null): string[] => {
    const edited = editedList(setting, now ?? [], change)
    differences.push(...listDifferences(setting, now ?? [], edited))
    return edited
  }
  engine.ArbitraryFlags = list('engine-opt', engine.ArbitraryFlags)
  engine.Labels = list('engine-label', engine.Labels)
  engine.Env = list('engine-env', engine.Env)
  engine.InsecureRegistry = list('engine-insecure-registry', engine.InsecureRegistry)
  engine.RegistryMirror = list('engine-registry-mirror', engine.RegistryMirror)
  if (auth) auth.ServerCertSANs = list('tls-san', auth.ServerCertSANs)
  const mounts = list('engine-agent-operator-mount', next.Machine?.Engine?.AgentOperatorMounts ?? [])
  if (next.Machine && (mounts.length > 0 || next.Machine.Engine?.AgentOperatorMounts))
    next.Machine.Engine = { ...next.Machine.Engine, AgentOperatorMounts: mounts }

  const { storageDriver, liveRestore, logRotation } = change
  if (storageDriver !== undefined && storageDriver !== engine.StorageDriver) {
    differences.push(difference('engine-storage-driver', engine.StorageDriver, storageDriver))
    engine.StorageDriver = storageDriver
  }
  const switches = [
    ['LiveRestore', 'engine-live-restore', liveRestore],
    ['LogRotation', 'engine-log-rotation', logRotation],
  ] as const
  for (const [field, setting, wish] of switches) {
    const now = next.Machine?.Engine?.[field]
    if (wish === undefined || wish === now) continue
    differences.push(difference(setting, now === undefined ? '' : String(now), String(wish)))
    next.Machine ??= { Phase: 'ready', EngineAgent: 'off' } // of docker-machine's schema, which has no such field
    next.Machine.Engine = { ...next.Machine.Engine, [field]: wish }
  }
  return { record: next, differences }
}

/** For people: '~ engine-label tier=1 -> tier=2'. */
export function describe({ setting, from, to }: Omit<Difference, 'setting'> & { setting: string }): string {
  if (from === undefined) return `+ ${setting} ${to ?? ''}`
  if (to === undefined) return `- ${setting} ${from}`
  return `~ ${setting} ${from} -> ${to}`
}

function editedList(setting: ListSetting, now: readonly string[], { set, remove }: SettingsChange): string[] {
  const key = LISTS[setting]
  const gone = remove?.[setting] ?? []
  const names = (item: string, named: string) => item === named || key(item) === named || nameOf(item) === named
  const missing = gone.find(named => !now.some(item => names(item, named)))
  if (missing !== undefined)
    throw new UsageError(`there is no ${setting} "${missing}" to remove`, [
      now.length === 0
        ? `the machine has no ${setting}`
        : `there are: ${now.map(i => shownItem(setting, i)).join(', ')}`,
    ])
  const kept = now.filter(item => !gone.some(named => names(item, named)))
  const added = set?.[setting] ?? []
  for (const item of added) {
    const at = kept.findIndex(have => key(have) === key(item))
    if (at < 0) kept.push(item)
    else kept[at] = item
  }
  return kept
}

function listDifferences(setting: ListSetting, before: readonly string[], after: readonly string[]): Difference[] {
  const key = LISTS[setting]
  const shown = (item: string) => (setting === 'engine-env' ? `${keyOf(item)}=…` : item)
  const gone = before.filter(item => !after.some(have => key(have) === key(item)))
  return [
    ...gone.map(from => ({ setting, from: shown(from) })),
    ...after.flatMap(to => {
      const from = before.find(item => key(item) === key(to))
      if (from === to) return []
      return [from === undefined ? { setting, to: shown(to) } : { setting, from: shown(from), to: shown(to) }]
    }),
  ]
}

function difference(setting: Difference['setting'], from: string, to: string): Difference {
  return { setting, ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) }
}

const shownItem = (setting: ListSetting, item: string) => (setting === 'engine-env' ? keyOf(item) : item)

function keyOf(item: string): string {
  return item.replace(/=.*/s, '')
}

function whole(item: string): string {
  return item
}

/** A dockerd option's name without dashes, as it was written. */
function nameOf(item: string): string {
  return keyOf(item.replace(/^--?/, ''))
}

/** Two options with one key cannot stand side by side: of a scalar there is one, of a map (log-opt) one a member. */
function optionKey(item: string): string {
  const bare = item.replace(/^--?/, '')
  const option = optionOf(nameOf(bare))
  if (option?.type === 'list' || option?.type === 'pools') return bare
  const scalar = !option || ['string', 'int', 'bool', 'proxy'].includes(option.type)
  return scalar ? nameOf(bare) : bare.split('=', 2).join('=')
}
