/** `ls --filter key=value`: values of one key are alternatives, different keys must all hold. */
import type { Status } from '../../drivers/driver.ts'
import { MachineError } from '../errors.ts'
import { goRegExp } from './go-regexp.ts'
import type { MachineRecord } from './record.ts'

const KEYS = ['swarm', 'driver', 'state', 'name', 'label'] as const
type Key = (typeof KEYS)[number]

export interface Filter {
  /** Everything but the state, which only the machine itself can tell. */
  matches(machine: { record: MachineRecord; driver: string; master: string }): boolean
  /** True where states are asked for. */
  readonly byState: boolean
  matchesState(state: Status): boolean
}

/** Reads filters as they were typed. Throws, in Docker Machine's words, for what is none (exit 1). */
export function parseFilters(texts: readonly string[]): Filter {
  const wanted = new Map<Key, string[]>()
  for (const text of texts) {
    const [, typed = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? []
    if (!text.includes('=')) throw refused('Unsupported filter syntax')
    const key = typed.trim().toLowerCase() as Key
    if (!KEYS.includes(key)) throw refused(`Unsupported filter key '${typed}'`)
    wanted.set(key, [...(wanted.get(key) ?? []), value.trim()])
  }
  const names = wanted.get('name')?.map(goRegExp)
  const any = (key: Key, holds: (value: string) => boolean) => wanted.get(key)?.some(holds) ?? true
  return {
    matches: ({ record, driver, master }) =>
      any('driver', value => same(value, record.DriverName) || same(value, driver)) &&
      any('swarm', value => master !== '' && same(value, master)) &&
      any('label', value => hasLabel(record, value)) &&
      (names?.some(name => name.test(record.Name)) ?? true),
    byState: wanted.has('state'),
    matchesState: state => any('state', value => same(value, state)),
  }
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** `key=value`, or a key alone for any value of it. */
function hasLabel(record: MachineRecord, wanted: string): boolean {
  const labels = record.HostOptions.EngineOptions?.Labels ?? []
  return labels.some(label => label === wanted || (!wanted.includes('=') && label.split('=')[0] === wanted))
}

function refused(text: string): MachineError {
  return new MachineError('FILTER', text, {
    hints: [`filters are KEY=VALUE, with KEY one of ${KEYS.join(', ')}`],
  })
}
