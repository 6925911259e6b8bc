/** What `doctor` found: a line a check, under a heading for this computer and for each machine. */
import type { CheckResult } from '../machine/doctor/doctor.ts'

const MARK = { ok: '✓', warning: '!', failed: '✗', skipped: '-' } as const

/** The remedies of warnings and failures stand below their line. */
export function renderFindings(results: readonly CheckResult[]): string {
  const width = Math.max(...results.map(result => result.what.length))
  const lines: string[] = []
  let heading: string | undefined
  for (const { machine, what, state, detail, remedies } of results) {
    if (lines.length === 0 || machine !== heading) lines.push(machine ?? 'this computer')
    heading = machine
    lines.push(`  ${MARK[state]} ${what.padEnd(width)}  ${detail}`)
    for (const remedy of remedies) lines.push(`      → ${remedy}`)
  }
  return lines.join('\n')
}

/** '1 check failed, 2 warnings'; 'all is well' for neither. */
export function summary(results: readonly CheckResult[]): string {
  const count = (state: CheckResult['state']) => results.filter(result => result.state === state).length
  const [bad, odd] = [count('failed'), count('warning')]
  const said = [
    ...(bad > 0 ? [`${bad} check${bad === 1 ? '' : 's'} failed`] : []),
    ...(odd > 0 ? [`${odd} warning${odd === 1 ? '' : 's'}`] : []),
  ]
  return said.length === 0 ? 'all is well' : said.join(', ')
}
