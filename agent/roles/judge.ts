/**
 * The words schemas of bodies are written in. A judge looks at one value and throws `Refusal` where an operator may not send
 * it; `at` is the way to it, 'HostConfig.Binds[0]'. Wrong types are left to the engine wherever they cannot hide anything.
 */
import { isArray, isObject, type Json, Numeral, shown } from './json.ts'
import { Refusal } from './verdict.ts'

export type Judge = (value: Json, at: string) => void

export function refuse(what: string, at: string): never {
  throw new Refusal(`operators may not ${what} (${at})`)
}

/** Nothing below it can do harm. */
export const any: Judge = () => {}

/** Has to be absent, null, false, 0 or empty: what clients send for "not asked for". */
export function unset(what: string): Judge {
  return (value, at) => {
    if (!isEmpty(value)) refuse(what, at)
  }
}

/** Has to be absent or null: an empty list means something here. */
export function absent(what: string): Judge {
  return (value, at) => {
    if (value !== null) refuse(what, at)
  }
}

export function oneOf(words: readonly string[], what: string): Judge {
  return (value, at) => {
    if (value !== null && !(typeof value === 'string' && words.includes(value))) refuse(what, at)
  }
}

/** `problem` says what an operator may not do, or nothing. */
export function text(problem: (value: string) => string | undefined): Judge {
  return (value, at) => {
    if (value === null) return
    if (typeof value !== 'string') throw new Refusal(`${at} has to be a string`)
    const what = problem(value)
    if (what !== undefined) refuse(what, at)
  }
}

export function atLeast(least: number, what: string): Judge {
  return (value, at) => {
    if (value !== null && !(value instanceof Numeral && Number(value.source) >= least)) refuse(what, at)
  }
}

export function list(each: Judge): Judge {
  return (value, at) => {
    if (value === null) return
    if (!isArray(value)) throw new Refusal(`${at} has to be a list`)
    for (const [index, item] of value.entries()) each(item, `${at}[${index}]`)
  }
}

/** An object whose keys the client chooses. */
export function map(key: Judge, each: Judge = any): Judge {
  return (value, at) => {
    if (value === null) return
    if (!isObject(value)) throw new Refusal(`${at || 'the body'} has to be an object`)
    for (const [name, item] of value) {
      key(name, below(at, name))
      each(item, below(at, name))
    }
  }
}

/** An object with these keys and no other: the engine takes any case of a key, and ſ for s and K (Kelvin) for k. */
export function fields(known: Readonly<Record<string, Judge>>): Judge {
  return (value, at) => {
    if (value === null) return
    if (!isObject(value)) throw new Refusal(`${at || 'the body'} has to be an object`)
    for (const [key, inside] of value) {
      const judge = Object.hasOwn(known, key) ? known[key] : undefined
      if (!judge) refuseKey(known, key, below(at, key))
      judge(inside, below(at, key))
    }
  }
}

function refuseKey(known: Readonly<Record<string, Judge>>, key: string, at: string): never {
  const meant = Object.keys(known).find(one => one.toLowerCase() === folded(key))
  if (meant) refuse(`write the key ${meant} in any other way`, at)
  refuse('send keys the agent does not know', at)
}

function folded(key: string): string {
  return key.replaceAll('\u017f', 's').replaceAll('\u212a', 'k').toLowerCase()
}

function below(at: string, key: string): string {
  return at === '' ? shown(key) : `${at}.${shown(key)}`
}

function isEmpty(value: Json): boolean {
  if (value === null || value === false || value === '') return true
  if (value instanceof Numeral) return Number(value.source) === 0
  return isArray(value) ? value.length === 0 : isObject(value) && value.size === 0
}
