/** `update-labels`: labels of a machine, in its record and at its provider where the driver has that ability. */
import { UsageError } from '../errors.ts'
import { saver } from './create.ts'
import { driverCtx, driverOf } from './instance.ts'
import { loadRecord } from './load.ts'
import type { World } from './world.ts'

/** Labels come as a heartbeat too, while another command may be at work on the machine: how long to wait for that one. */
const PATIENCE_MS = 15_000

export interface UpdatedLabels {
  readonly name: string
  /** All labels the machine has now. */
  readonly labels: Readonly<Record<string, string>>
  /** The provider has them too; false where the driver cannot label its instances. */
  readonly atProvider: boolean
}

/** `key=value` words as an object; a key that comes twice has its last value. Throws UsageError for other words. */
export function readLabels(words: readonly string[]): Record<string, string> {
  const pairs = words.map(word => {
    const [, key, value] = /^([^=\s]+)=([^\n]*)$/.exec(word) ?? []
    if (key === undefined || value === undefined)
      throw new UsageError(`the label "${word}" is not key=value`, ['as in --label team=infra'])
    return [key, value] as const
  })
  return Object.fromEntries(pairs)
}

/**
 * Sets these labels and keeps the others. The record has them only once the provider has taken them, so that it never
 * says more than is true. They are not the engine's labels: nothing on the host changes.
 */
export async function updateLabels(
  name: string,
  labels: Readonly<Record<string, string>>,
  w: World,
): Promise<UpdatedLabels> {
  await using _lock = await w.store.lock(name, {
    purpose: `update-labels ${name}`,
    waitMs: PATIENCE_MS,
    signal: w.signal,
  })
  const record = await loadRecord(w.store, name, w.program)
  const driver = driverOf(record, w)
  await driver.updateLabels?.(record.Driver, labels, driverCtx(name, w))
  record.Machine ??= { Phase: 'ready', EngineAgent: 'off' }
  record.Machine.Labels = { ...record.Machine.Labels, ...labels }
  await saver(name, w)(record)
  return { name, labels: record.Machine.Labels, atProvider: driver.updateLabels !== undefined }
}
