/** Flags as oclif takes them, with the two settings that keep lists and pipes from eating arguments. */
import { Flags } from '@oclif/core'

/** A repeatable flag: `--x a --x b`. It never swallows the machine's name after it. */
export function list(options: { description: string; helpGroup?: string; hidden?: boolean; helpValue?: string }) {
  return Flags.string({ ...options, multiple: true, multipleNonGreedy: true })
}
