/**
 * `modify`: other settings for the engine of a machine that exists. The record is written last: until the engine answers
 * with the new settings it says the old ones, so that whatever fails, `provision` leads back to them.
 */
import { checkAgentSettings } from '../../provisioning/agent/ask-check.ts'
import { checkAsk } from '../../provisioning/ask-check.ts'
import { type Preview, preview } from '../../provisioning/preview.ts'
import { MachineError, messageOf } from '../errors.ts'
import { loadOrCreateCa } from './authority.ts'
import { bringUp, certificates } from './bring-up.ts'
import { saver } from './create.ts'
import { engineAsk } from './engine-settings.ts'
import { engineWish } from './engine-wish.ts'
import { driverOf, enginePort, inspectInstance, runningUrl } from './instance.ts'
import { loadRecord } from './load.ts'
import { modifyStopped } from './modify-stopped.ts'
import { refuseClientOnly, worldFor } from './own-authority.ts'
import type { MachineRecord } from './record.ts'
import { openSession } from './session.ts'
import { changedRecord, type Difference, type SettingsChange } from './settings-change.ts'
import type { World } from './world.ts'

/** A host that runs answers within this; longer is a host that does not. */
const ANSWER_MS = 30_000

export interface Modification {
  readonly name: string
  readonly changes: readonly Difference[]
  /** What it takes on the host; absent when nothing changes. */
  readonly effect?: Preview
  /** False: nothing had to be changed, or it was only looked at. */
  readonly applied: boolean
}

export interface ModifyOptions {
  /** Only tell what would change. */
  dryRun?: boolean
  /** Told what will change before it does; false stops there (DECLINED). */
  confirm?: (change: Modification) => Promise<boolean>
}

/**
 * Throws UsageError for an impossible setting, NOT_RUNNING, and what provisioning throws when dockerd refuses the settings
 * or does not come up with them: host and record are then as they were.
 */
export async function modifyMachine(
  name: string,
  change: SettingsChange,
  w: World,
  options: ModifyOptions = {},
): Promise<Modification> {
  await using _lock = options.dryRun
    ? undefined
    : await w.store.lock(name, { purpose: `modify ${name}`, signal: w.signal })
  const before = await loadRecord(w.store, name, w.program)
  refuse(before, w)
  const { record, differences } = changedRecord(before, change)
  if (differences.length === 0) return { name, changes: [], applied: false }
  checkAsk(engineAsk(record, enginePort(record)))
  checkAgentSettings({ operatorMounts: record.Machine?.Engine?.AgentOperatorMounts })
  await runningUrl(record, w)

  const effect = await lookAt(record, w)
  const told: Modification = { name, changes: differences, effect, applied: false }
  if (options.dryRun) return told
  if (options.confirm && !(await options.confirm(told)))
    throw new MachineError('DECLINED', `nothing was changed on "${name}"`, {
      hints: [
        `live-restore can be switched on by itself and without a restart: ${w.program} modify ${name} --engine-live-restore`,
        '-y goes ahead unasked',
      ],
    })

  record.Machine ??= { Phase: 'ready', EngineAgent: 'off' }
  try {
    await bringUp(record, w, { save: async () => {}, deadlineMs: ANSWER_MS })
  } catch (error) {
    throw await undone(before, error, w)
  }
  await saver(name, w)(record)
  w.point('modified')
  return { ...told, applied: true }
}

function refuse(record: MachineRecord, w: World): void {
  const name = record.Name
  refuseClientOnly(record, 'modify', w)
  if (!driverOf(record, w).provisions)
    throw new MachineError(
      'NOT_OURS',
      `machine "${name}" has driver ${record.DriverName}: its engine is not ours to modify`,
    )
  if (record.Machine && record.Machine.Phase !== 'ready')
    throw new MachineError('HALF_MADE', `machine "${name}" is not ready: its create was interrupted`, {
      hints: [`${w.program} provision ${name}`],
    })
}

async function lookAt(record: MachineRecord, w: World): Promise<Preview> {
  const its = await worldFor(record, w)
  const instance = await inspectInstance(record, w)
  await using host = await openSession(record, instance, w, { deadlineMs: ANSWER_MS })
  const certs = certificates(record, instance.address ?? '', await loadOrCreateCa(its), its)
  return await preview(host, await engineWish(record, its), certs, w.signal)
}

/** Brings the host back to what the record says, which is what it was; returns the error that led here. */
async function undone(before: MachineRecord, error: unknown, w: World): Promise<unknown> {
  const name = before.Name
  if (w.signal.aborted) return stopped(name, error, w)
  w.say({ machine: name, type: 'warn', text: 'that failed: the host is brought back to its earlier settings' })
  const quiet: World = { ...w, say: event => w.say({ machine: name, type: 'debug', text: event.text }) }
  try {
    before.Machine ??= { Phase: 'ready', EngineAgent: 'off' }
    await bringUp(before, quiet, { save: async () => {}, deadlineMs: ANSWER_MS })
    return error
  } catch (cause) {
    w.say({ machine: name, type: 'warn', text: `it could not be: ${messageOf(cause)}` })
    return stopped(name, error, w)
  }
}

function stopped(name: string, error: unknown, w: World): MachineError {
  return modifyStopped(error, `the record is as it was: ${w.program} provision ${name} brings the host back to it`, w)
}
