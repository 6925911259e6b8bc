/** What root's watch wrote. */
import { open } from 'node:fs/promises'
import type { Drift } from '../protocol.ts'

const LONGEST = 65_536

/** undefined where it is not there or cannot be read as what the watch writes. */
export async function readDrift(path: string): Promise<Drift | undefined> {
  try {
    await using handle = await open(path)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LONGEST), 0, LONGEST, 0)
    return driftIn(JSON.parse(buffer.toString('utf8', 0, bytesRead)))
  } catch {
    return undefined
  }
}

function driftIn(value: Drift): Drift | undefined {
  const { checked, files, units, portOpen, listening } = value
  const changes = Object.entries(files)
  const fits =
    !Number.isNaN(Date.parse(checked)) &&
    changes.every(([, change]) => change === 'changed' || change === 'missing') &&
    Array.isArray(units) &&
    units.every(unit => typeof unit === 'string')
  if (!fits) return undefined
  return {
    checked,
    files: Object.fromEntries(changes),
    units,
    ...(typeof portOpen === 'boolean' ? { portOpen } : {}),
    ...(typeof listening === 'boolean' ? { listening } : {}),
  }
}
