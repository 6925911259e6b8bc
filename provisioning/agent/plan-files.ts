/** The plan as files on the host: JSON for programs, and lines for the watch, a shell script that reads no JSON. */
import { HOST, type Plan } from '../../agent/protocol.ts'
import { MachineError } from '../../src/errors.ts'

/** `file SHA256 PATH`, `unit NAME`, `port NUMBER`. */
export const PLAN_LINES = HOST.plan.replace(/json$/, 'lines')

export interface PlanFile {
  readonly path: string
  readonly mode: number
  readonly text: string
}

/** Throws PLAN_PATH for a path a line cannot hold. */
export function planFiles(plan: Plan): PlanFile[] {
  return [
    { path: HOST.plan, mode: 0o644, text: `${JSON.stringify(plan, null, 2)}\n` },
    { path: PLAN_LINES, mode: 0o644, text: planLines(plan) },
  ]
}

function planLines({ files, units, port }: Plan): string {
  const lines = [
    ...Object.entries(files).map(([path, sha256]) => `file ${sha256} ${path}`),
    ...units.map(unit => `unit ${unit}`),
    `port ${port}`,
  ]
  // `read` cuts spaces at the ends.
  const bad = lines.find(line => /\p{Cc}/u.test(line) || line.endsWith(' '))
  if (bad !== undefined)
    throw new MachineError(
      'PLAN_PATH',
      `"${bad}" cannot be watched: its name holds control characters or ends with a space`,
    )
  return `${lines.join('\n')}\n`
}
