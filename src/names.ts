/** Which machines a command is about. */
import { UsageError } from './errors.ts'
import { checkAll } from './machine/check-all.ts'
import type { World } from './machine/world.ts'

/** The names given, or `default` where it exists and none was given. */
export async function namesOrDefault(names: readonly string[], w: World): Promise<string[]> {
  if (names.length > 0) return [...names]
  if (await w.store.exists('default')) return ['default']
  throw new UsageError('Error: No machine name(s) specified and no "default" machine exists')
}

/** As `namesOrDefault`, each once. Throws before anything is done if one of them cannot be worked with. */
export async function severalNames(names: readonly string[], w: World): Promise<string[]> {
  const all = [...new Set(await namesOrDefault(names, w))]
  await checkAll(all, w)
  return all
}

/** The one name given, or `default`. */
export async function oneName(names: readonly string[], w: World): Promise<string> {
  if (names.length > 1) throw new UsageError('Error: Expected one machine name as an argument')
  return (await namesOrDefault(names, w))[0] as string
}

/** For commands that take none; oclif would take a further word for a part of the command's name. */
export function noNames(words: readonly unknown[]): void {
  if (words.length > 0) throw new UsageError('Error: Too many arguments given')
}
