/** What a machine may be called. */
import { UsageError } from '../errors.ts'

/** Docker Machine's own pattern; it also keeps every path trick out of the store. */
const ALLOWED = /^[a-zA-Z0-9][a-zA-Z0-9\-.]*$/
/** A label of a host name (RFC 1035); the machine's name becomes the host's. */
const LONGEST_LABEL = 63
/** A whole host name on Linux (HOST_NAME_MAX is 64). */
const LONGEST_NAME = 64

/** Throws UsageError unless `name` can be a machine's and its host's name. */
export function checkName(name: string): void {
  if (!ALLOWED.test(name))
    throw new UsageError(
      'Error creating machine: Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -',
      ['a name begins with a letter or a digit'],
    )
  if (name.length > LONGEST_NAME || name.split('.').some(label => label.length > LONGEST_LABEL))
    throw new UsageError(`the name ${name} is too long for a host name`, [
      `use at most ${LONGEST_LABEL} characters between dots and ${LONGEST_NAME} in all`,
    ])
}

/** True for what can be looked up in a store at all: anything else does not exist there. */
export function isName(name: string): boolean {
  return ALLOWED.test(name)
}

/** Natural order, case folded: n2 before n10, as Docker Machine lists. */
export function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true, sensitivity: 'base' }) || (a < b ? -1 : 1)
}
