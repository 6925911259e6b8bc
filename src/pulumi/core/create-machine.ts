/** Making a machine for a program: what an earlier, killed attempt left goes first; a failure hands over what is there. */
import { randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { enginePortOf, readConfig } from '../../driver-config.ts'
import { hasCode, MachineError, messageOf } from '../../errors.ts'
import { type CreateAsk, createMachine as create } from '../../machine/create.ts'
import { updateLabels } from '../../machine/labels.ts'
import { giveAuthority } from './authority-files.ts'
import { type Around, HalfDone, type Json } from './crud.ts'
import { lostIn, machinesIn, markBegun, shareCache, unmark } from './home.ts'
import { type MachineInputs, toEngineSettings, toFlags } from './inputs.ts'
import { layPlace, type Place, placeOf } from './place.ts'
import { removePlace } from './remove-machine.ts'
import { outputsOf } from './see-machine.ts'
import { isAbsent } from './values.ts'

export async function createMachine(inputs: Json, around: Around): Promise<{ id: string; outs: Json }> {
  const place = placeOf(inputs, around, 'create')
  const { name, home, w } = place
  await layPlace(place, {})
  await clearLeftovers(place, inputs, around)
  // Before it is marked: what is marked is ours to remove, whatever becomes of this process.
  if (!place.own && (await w.store.exists(name))) throw taken(place)
  await markBegun(home, name, 'create')
  try {
    await makeMachine(place, inputs)
    const outs = { ...inputs, ...(await outputsOf(place, [])) }
    await handOver(place, around)
    return { id: name, outs }
  } catch (error) {
    const others = !place.own && hasCode(error, 'ALREADY_EXISTS') // made by somebody meanwhile
    if (others || !(await w.store.exists(name))) {
      await unmark(home, name)
      throw error
    }
    throw await halfDone(place, inputs, error, around)
  }
}

/** A machine of the user's that the stack must never take for its own: `destroy` would remove it. */
function taken({ name, w }: Place): MachineError {
  return new MachineError('ALREADY_EXISTS', `there is a machine "${name}" in ${w.store.path} already`, {
    hints: [
      'another name, or none, leaves that one alone',
      'ExistingMachine takes over a host: its address and its key',
    ],
  })
}

/** From the CA to the labels. With `resume` a create that was cut short goes on. */
export async function makeMachine(place: Place, inputs: Json, resume = false): Promise<void> {
  const { driver, name, w } = place
  const { engine, enginePort, tlsSans, labels } = inputs as unknown as MachineInputs
  await giveAuthority(place, inputs)
  await using key = await keyFile(place, inputs)
  const flags = { ...toFlags(driver, inputs), ...key.flags }
  const port = enginePortOf(driver, enginePort, flags, w.env)
  const ask: CreateAsk = {
    name,
    driver,
    config: readConfig(driver, flags, w.env, w.drivers),
    engine: toEngineSettings(engine ?? {}),
    ...(port === undefined ? {} : { enginePort: port }),
    ...(tlsSans ? { tlsSans } : {}),
    ...(resume ? { resume } : {}),
  }
  await create(ask, w)
  if (labels && Object.keys(labels).length > 0) await updateLabels(name, labels, w)
}

/**
 * What there is of the machine after a failure, as a state that `destroy` and the next update can go on with.
 *
 * @param known the state of before, or the inputs of one that is being made
 */
export async function halfDone(place: Place, known: Json, cause: unknown, around: Around): Promise<HalfDone> {
  const outs = await outputsOf(place, []).catch((error): Json => {
    place.w.say({ machine: place.name, type: 'warn', text: messageOf(error) })
    // Where the files cannot be read, those in the state are all there is: nothing must take their place.
    return typeof known.files === 'string' ? {} : { phase: 'creating', state: '', files: '{}' }
  })
  await handOver(place, around)
  return new HalfDone(place.name, { ...known, ...outs }, cause)
}

/** The state goes to whoever asked; where nobody is left to keep it, the mark stays and the next one finds the machine. */
export async function handOver({ home, name, own }: Place, around: Around): Promise<void> {
  if (own) await shareCache(home)
  if (await around.heard()) await unmark(home, name)
}

/** Machines of this resource that no state knows: their making was killed, or they were found to be gone. */
async function clearLeftovers(place: Place, inputs: Json, around: Around): Promise<void> {
  const { home, w } = place
  for (const name of await lostIn(home)) {
    w.say({ machine: name, type: 'info', text: `removing what is left of ${name}` })
    await removePlace({ ...placeOf({ ...inputs, name }, around, 'delete'), name })
    await unmark(home, name)
  }
  if (!place.own) return
  const others = (await machinesIn(home)).filter(name => name !== place.name)
  if (others.length > 0)
    w.say({ type: 'debug', text: `there are other machines of this resource, made before: ${others.join(', ')}` })
}

/** The text of the key as the file that the driver wants, for as long as it is being copied. */
async function keyFile({ driver, home }: Place, { privateKey }: Json) {
  if (isAbsent(privateKey)) return { flags: {}, async [Symbol.asyncDispose]() {} }
  const path = join(home.path, `key-${randomBytes(4).toString('hex')}`)
  await writeFile(path, keyText(privateKey), { mode: 0o600 })
  return {
    flags: { [`${driver.name}-ssh-key`]: path },
    async [Symbol.asyncDispose]() {
      await rm(path, { force: true })
    },
  }
}

/** OpenSSH wants a newline at its end, and configuration loses it. */
export function keyText(privateKey: unknown): string {
  return `${String(privateKey).trimEnd()}\n`
}
