/** `upgrade`: a newer engine, then the plan of `provision`, so that the machine is what its record says on the new one. */
import { checkAsk } from '../../provisioning/ask-check.ts'
import { type Upgraded, upgradeEngine } from '../../provisioning/upgrade.ts'
import { UsageError } from '../errors.ts'
import { bringUp, ownsHost } from './bring-up.ts'
import { saver } from './create.ts'
import { engineAsk } from './engine-settings.ts'
import { enginePort, waitUntilRunning } from './instance.ts'
import { startIfStopped } from './power.ts'
import { loadProvisioned } from './provision.ts'
import type { MachineRecord } from './record.ts'
import { openSession } from './session.ts'
import type { World } from './world.ts'

export interface UpgradeOptions {
  /** Version to go to and to keep to from now on, whole or its beginning ('28', '28.5'); 'latest' drops such a wish. */
  version?: string | undefined
}

export interface UpgradedMachine extends Upgraded {
  readonly name: string
  /** The version, or its beginning, that the machine is held to. */
  readonly heldTo?: string
  /** Ids of the provisioning steps that had to be applied afterwards. */
  readonly changed: readonly string[]
}

/**
 * Upgrades one machine's engine, from where it came from; starts the machine first if it is off. Containers go on where
 * live-restore is on, and where it is off that is told before. Throws what `provisionMachine` and `upgradeEngine` throw.
 */
export async function upgradeMachine(name: string, w: World, options: UpgradeOptions = {}): Promise<UpgradedMachine> {
  await using _lock = await w.store.lock(name, { purpose: `upgrade ${name}`, signal: w.signal })
  const record = await loadProvisioned(name, w)
  record.Machine ??= { Phase: 'ready', EngineAgent: 'off' } // a machine that docker-machine made becomes ours here
  pinVersion(record, options.version)
  const ask = engineAsk(record, enginePort(record))
  checkAsk(ask)
  await startIfStopped(record, w)
  const instance = await waitUntilRunning(record, w)
  const phase = (phase: 'wait-ssh' | 'provision', text: string) => w.say({ machine: name, type: 'phase', phase, text })
  phase('wait-ssh', 'Waiting for SSH to be available...')
  const done = await (async () => {
    await using host = await openSession(record, instance, w)
    return await upgradeEngine(host, ask, {
      machine: name,
      say: event => w.say({ ...event, machine: name }),
      signal: w.signal,
      now: () => w.now(),
      point: label => w.point(label),
      phase: text => phase('provision', text),
    })
  })()
  const save = saver(name, w)
  const up = await bringUp(record, w, { save, setHostname: ownsHost(record, w) })
  record.Machine.Phase = 'ready'
  await save(record)
  const held = ask.version === undefined ? {} : { heldTo: ask.version }
  return { name, ...done, ...held, to: up.engineVersion, changed: up.changed }
}

function pinVersion(record: MachineRecord, version: string | undefined): void {
  if (version === undefined || !record.Machine) return
  const { Version: _, ...rest } = record.Machine.Engine ?? {}
  if (version !== 'latest' && !/^\d+(\.\d+)*([.+~:-][\w.+~:-]*)?$/.test(version))
    throw new UsageError(`"${version}" is no engine version`, ['give one as 28, 28.5 or 28.5.2, or the word latest'])
  record.Machine.Engine = version === 'latest' ? rest : { ...rest, Version: version }
}
