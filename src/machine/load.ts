/** A machine's record out of the store. */
import { hasCode, MachineError } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { didYouMean } from './nearest.ts'
import { parseRecord } from './parse.ts'
import { type MachineRecord, renderRecord } from './record.ts'

/**
 * Throws NOT_FOUND with Docker Machine's text (`program` is the name in it), or why the record cannot be read. A record of
 * an older version is written back in the current one, the old text kept as config.json.bak; a read-only store stays as it is.
 */
export async function loadRecord(store: Store, name: string, program = 'machine'): Promise<MachineRecord> {
  const text = await store.readText(name)
  if (text === undefined) {
    if (await store.exists(name))
      throw new MachineError(
        'RECORD_UNREADABLE',
        `Error getting migrated host: machine "${name}" has a folder but no config.json`,
        {
          hints: [`drop it with ${program} rm -f ${name}`],
        },
      )
    throw new MachineError(
      'NOT_FOUND',
      `Docker machine "${name}" does not exist. Use "${program} ls" to list machines. Use "${program} create" to add a new one.`,
      { hints: didYouMean(name, await store.list()) },
    )
  }
  const { record, migratedFrom } = parseRecord(text, { storePath: store.path, name })
  if (migratedFrom !== undefined) await keepMigrated(store, name, text, record)
  return record
}

/** Under the machine's lock, and only if the text is still the one that was read; who has the lock does it another time. */
async function keepMigrated(store: Store, name: string, old: string, record: MachineRecord): Promise<void> {
  try {
    await using _lock = store.holds(name) ? undefined : await store.lock(name, { purpose: `migrate ${name}` })
    if ((await store.readText(name)) !== old) return
    await store.backup(name, old)
    await store.writeText(name, renderRecord(record))
  } catch (error) {
    if (!hasCode(error, 'STORE_UNWRITABLE') && !hasCode(error, 'LOCKED')) throw error
  }
}
