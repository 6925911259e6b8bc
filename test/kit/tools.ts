/** Looks for programs tests need. What is absent makes a test skip aloud: its name then carries the reason. */
import { test } from '@jest/globals'
import { which } from './which.ts'

export { which } from './which.ts'

/** `test`, or a skip that names what is missing: `needs('fish')('title', …)`. */
export function needs(...programs: string[]) {
  const missing = programs.filter(p => which(p) === undefined)
  return unless(missing.length > 0 ? `needs ${missing.join(', ')}` : undefined)
}

/** `test`, or a skip that says why: `unless(await whyNoHosts())('title', …)`. */
export function unless(reason: string | undefined) {
  return (title: string, body: () => Promise<void> | void, timeoutMs?: number) =>
    reason === undefined ? test(title, body, timeoutMs) : test.skip(`${title} [${reason}]`, () => {})
}
