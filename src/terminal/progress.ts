/** How far a file under way is, for people: a bar where it can move, a share where lines stay. */
import type { MachineEvent } from '../events.ts'

const BAR = 20

/** 'sending Node ██████████░░░░░░░░░░ 26 of 52 MB' */
export function withBar(event: MachineEvent): string {
  const bytes = bytesOf(event)
  if (!bytes) return event.text
  const full = Math.round(bytes.share * BAR)
  return `${event.text} ${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${megabytes(bytes.done)} of ${megabytes(bytes.total)} MB`
}

/** 'sending Node: 50 % of 52 MB' */
export function withShare(event: MachineEvent): string {
  const bytes = bytesOf(event)
  return bytes ? `${event.text}: ${Math.floor(bytes.share * 100)} % of ${megabytes(bytes.total)} MB` : event.text
}

function bytesOf(event: MachineEvent) {
  if (event.type !== 'progress' || !event.bytes) return undefined
  const { done, total } = event.bytes
  return { done, total, share: total === 0 ? 1 : Math.min(1, done / total) }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6)
}
