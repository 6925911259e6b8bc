/** Events as lines of Pulumi's own log. */
import type { MachineEvent } from '../events.ts'
import type { Line } from './engine-link.ts'

/** Undefined for what Pulumi tells by itself. */
export function lineOf({ type, text }: MachineEvent): Line | undefined {
  if (type === 'phase' || type === 'progress') return { severity: 'info', text, passing: true }
  if (type === 'info') return { severity: 'info', text, passing: false }
  if (type === 'warn') return { severity: 'warning', text, passing: false }
  if (type === 'debug') return { severity: 'debug', text, passing: false }
  return undefined // how long it took stands on the resource's row
}
