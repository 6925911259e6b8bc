/** Bringing a machine to its new inputs, and back to them where it has drifted; each step is the library's own. */

import { basename, dirname } from 'node:path'
import { examine } from '../../certs/index.ts'
import { MachineError } from '../../errors.ts'
import { saver } from '../../machine/create.ts'
import { toExtras } from '../../machine/engine-settings.ts'
import { inspectInstance } from '../../machine/instance.ts'
import { updateLabels } from '../../machine/labels.ts'
import { loadRecord } from '../../machine/load.ts'
import { modifyMachine } from '../../machine/modify.ts'
import { power } from '../../machine/power.ts'
import { provisionMachine } from '../../machine/provision.ts'
import { renewClientCert } from '../../machine/renew-client.ts'
import { changedRecord } from '../../machine/settings-change.ts'
import { upgradeMachine } from '../../machine/upgrade.ts'
import { giveAuthority, renewClient } from './authority-files.ts'
import { halfDone, handOver, keyText, makeMachine } from './create-machine.ts'
import type { Around, Json } from './crud.ts'
import { resizeTo } from './driver-settings.ts'
import { dueOf, isDue } from './ends.ts'
import { markBegun } from './home.ts'
import { type EngineInputs, toEngineSettings } from './inputs.ts'
import { layPlace, type Place, placeOf } from './place.ts'
import { outputsOf } from './see-machine.ts'
import { settingsChange } from './settings-change.ts'
import { differing, isAbsent, objectOf } from './values.ts'

export async function updateMachine(olds: Json, news: Json, around: Around): Promise<{ outs: Json }> {
  const place = placeOf(news, around, 'update')
  await layPlace(place, olds)
  await markBegun(place.home, place.name, 'change')
  try {
    const { Machine } = await loadRecord(place.w.store, place.name, place.w.program)
    if (Machine?.Phase === 'creating') await makeMachine(place, news, true)
    else await bringTo(place, olds, news, around)
    const outs = { ...news, ...(await outputsOf(place, [])) }
    await handOver(place, around)
    return { outs }
  } catch (error) {
    // What it was made from stays in the state, so that the next update sees again what is still to be done.
    throw await halfDone(place, olds, error, around)
  }
}

async function bringTo(place: Place, olds: Json, news: Json, around: Around): Promise<void> {
  // One that is not ready is finished first: it is changed when it can be told whether it came up again.
  const finished = olds.phase === 'ready'
  if (finished) await resizeTo(place, olds, news)
  if (place.driver.provisions) await bringEngineTo(place, olds, news, around)
  if (!finished) await resizeTo(place, olds, news)
  await keepLabels(place, objectOf(news.labels) as Record<string, string>)
}

async function bringEngineTo(place: Place, olds: Json, news: Json, around: Around): Promise<void> {
  const { name, w } = place
  await keepKey(place, news)
  await running(place)
  const otherCa = await giveAuthority(place, news)
  await renewDue(place, around)
  const engine = differing(olds.engine, news.engine)
  await keepWishes(place, news, engine, olds.phase === 'ready')
  if (needsProvisioning(olds) || otherCa || isDue(olds.due, around.now())) await provisionMachine(name, w)
  if (engine.includes('agent') || engine.includes('agentRegistry'))
    await provisionMachine(name, w, agentOptions(objectOf(news.engine)))
  await modifyMachine(name, settingsChange(await loadRecord(w.store, name, w.program), news), w)
  if (engine.includes('version')) await upgradeMachine(name, w, { version: versionOf(news) ?? 'latest' })
}

/** Those it has not; a provider's labels are never taken away, for others may have set them. */
async function keepLabels({ name, w }: Place, labels: Record<string, string>): Promise<void> {
  const has = (await loadRecord(w.store, name, w.program)).Machine?.Labels ?? {}
  const missing = Object.entries(labels).filter(([key, value]) => has[key] !== value)
  if (missing.length > 0) await updateLabels(name, Object.fromEntries(missing), w)
}

/** Another text of the key it is logged in to with, in the place of the one it was made with. */
async function keepKey({ name, w }: Place, { privateKey }: Json): Promise<void> {
  if (isAbsent(privateKey)) return
  const path = (await loadRecord(w.store, name, w.program)).Driver.SSHKeyPath
  if (typeof path !== 'string' || dirname(path) !== w.store.machineDir(name)) return
  await w.store.writeFile(['machines', name, basename(path)], keyText(privateKey), 0o600)
}

/** Starts it where it is off. */
async function running({ name, w }: Place): Promise<void> {
  const { status } = await inspectInstance(await loadRecord(w.store, name, w.program), w)
  if (status === 'Not Found')
    throw new MachineError('GONE', `machine "${name}" is gone`, {
      hints: ['pulumi refresh, then pulumi up: it is made anew'],
    })
  if (status !== 'Running') await power('start', name, w)
}

function needsProvisioning({ phase, drift }: Json): boolean {
  return phase !== 'ready' || (Array.isArray(drift) && drift.length > 0)
}

/** The CA where it is the machine's own and about to run out, else the client's certificate; the server's is provisioning's. */
async function renewDue(place: Place, around: Around): Promise<void> {
  const { w, given, own } = place
  const due = async (file: string) => {
    const pem = await w.store.readFile(['certs', file])
    return pem !== undefined && isDue(dueOf(examine(pem)).toISOString(), around.now())
  }
  if (!own) return
  if (!given && (await due('ca.pem'))) await renewClientCert(w)
  else if (await due('cert.pem')) await renewClient(place)
}

/**
 * What the record alone can say: all of it while the machine is not finished, for provisioning goes by the record; of one that
 * is, what counts for the next installation.
 */
async function keepWishes({ name, w }: Place, news: Json, engine: string[], finished: boolean): Promise<void> {
  if (finished && !engine.includes('mirror')) return
  await using _lock = await w.store.lock(name, { purpose: `update ${name}`, signal: w.signal })
  const before = await loadRecord(w.store, name, w.program)
  const { record } = finished ? { record: before } : changedRecord(before, settingsChange(before, news))
  if (!record.Machine) return
  const wishes = toExtras(toEngineSettings(objectOf(news.engine) as EngineInputs))
  const { Mirror: _, ...others } = record.Machine.Engine ?? {}
  const { Mirror, Version } = wishes
  record.Machine.Engine = {
    ...others,
    ...(Mirror === undefined ? {} : { Mirror }),
    ...(finished || Version === undefined ? {} : { Version }),
  }
  await saver(name, w)(record)
}

function agentOptions({ agent, agentRegistry }: EngineInputs) {
  return { agent: agent ?? 'on', ...(agent === 'off' ? {} : { agentRegistry: agentRegistry ?? '' }) } as const
}

function versionOf(news: Json): string | undefined {
  const { version } = objectOf(news.engine)
  return typeof version === 'string' ? version : undefined
}
