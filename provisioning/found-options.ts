/** A key of daemon.json as the `--engine-opt`s that set it: the inverse of engine-options.ts. */
import { optionOf } from './daemon-options.ts'
import { isList, isObject, type Json } from './managed.ts'

/** One value of one option; of daemon.json's keys by key, else by the flag's name. */
export interface FoundOption {
  readonly key: string
  /** Absent: a switch. */
  readonly value?: string
}

/** One option an item or member; of a key that no flag stands for none. */
export function optionsOf(key: string, value: Json): FoundOption[] {
  if (key === 'proxies') return members(value).map(([flag, text]) => ({ key: flag, value: String(text) }))
  const type = optionOf(key)?.type
  const one = (text: string): FoundOption => ({ key, value: text })
  switch (type) {
    case undefined:
      return []
    case 'list':
      return isList(value) ? value.map(item => one(String(item))) : []
    case 'pools':
      return isList(value)
        ? value.map(item =>
            one(
              members(item)
                .map(([name, v]) => `${name}=${v}`)
                .join(','),
            ),
          )
        : []
    case 'runtimes':
      return members(value).map(([name, runtime]) => one(`${name}=${isObject(runtime) ? runtime.path : ''}`))
    case 'ulimits':
      return members(value).map(([name, limit]) =>
        one(isObject(limit) ? `${name}=${limit.Soft}:${limit.Hard}` : `${name}=`),
      )
    case 'networks':
      return members(value).flatMap(([driver, settings]) =>
        members(settings).map(([name, v]) => one(`${driver}=${name}=${v}`)),
      )
    case 'map':
    case 'bools':
      return members(value).map(([name, v]) => one(`${name}=${v}`))
    default:
      return [one(String(value))]
  }
}

function members(value: Json | undefined): [string, Json][] {
  return isObject(value) ? Object.entries(value) : []
}
