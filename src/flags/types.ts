/** Flags as oclif takes them, with the two settings that keep lists and pipes from eating arguments. */
import { Errors, Flags } from '@oclif/core'
import { parseInteger } from './go-values.ts'
import { DASH_GUARD } from './words.ts'

/** A repeatable flag: `--x a --x b`. It never swallows the machine's name after it. */
export function list(options: { description: string; helpGroup?: string; hidden?: boolean; helpValue?: string }) {
  return Flags.string({ ...options, multiple: true, multipleNonGreedy: true })
}

/** A whole number, in any notation Docker Machine took: 0x1f, 017, 15. Outside of `min` and `max` it is refused. */
export const integer = Flags.custom<number, { min?: number; max?: number }>({
  async parse(input, _context, { min, max }) {
    const text = input.startsWith(DASH_GUARD) ? input.slice(1) : input
    const value = parseInteger(text)
    if (value === undefined) throw new Errors.CLIError(`Expected an integer but received: ${text}`)
    if (min !== undefined && value < min)
      throw new Errors.CLIError(`Expected an integer greater than or equal to ${min} but received: ${text}`)
    if (max !== undefined && value > max)
      throw new Errors.CLIError(`Expected an integer less than or equal to ${max} but received: ${text}`)
    return value
  },
})
