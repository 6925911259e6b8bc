/** Removing a machine and its working files; gone already is success. */
import { removeMachine } from '../../machine/remove.ts'
import type { Around, Json } from './crud.ts'
import { type Home, lostIn, machinesIn, markBegun, removeHome, unmark } from './home.ts'
import { layPlace, type Place, placeOf } from './place.ts'

export async function deleteMachine(props: Json, around: Around): Promise<void> {
  const place = placeOf(props, around, 'delete')
  await layPlace(place, props)
  // Until all of it is gone a crash must not leave what only this computer knows.
  await markBegun(place.home, place.name, 'change')
  await removePlace(place)
  await unmark(place.home, place.name)
  await removeIfEmpty(place.home)
}

/** Removes the machine at its place, in whatever state its making left it. */
export async function removePlace({ name, w }: Pick<Place, 'name' | 'w'>): Promise<void> {
  if (await w.store.exists(name)) await removeMachine(name, w)
}

/** The last machine of a resource takes the folder with it. */
async function removeIfEmpty(home: Home): Promise<void> {
  const left = [...(await lostIn(home)), ...(await machinesIn(home))]
  if (left.length === 0) await removeHome(home)
}
