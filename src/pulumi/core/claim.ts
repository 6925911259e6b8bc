/**
 * Stands beside a machine in the stack, made before it and deleted after it. A machine whose making was killed is in no state,
 * so that `destroy` would not ask for it: the claim is there, and removes what its folder says was begun. It names that folder too.
 */
import { drivers } from '../../../drivers/index.ts'
import type { Around, Crud, Diff, Json } from './crud.ts'
import { homeOf, lostIn, machinesIn, newHome, removeHome, unmark } from './home.ts'
import { placeOf } from './place.ts'
import { removePlace } from './remove-machine.ts'
import { objectOf, same } from './values.ts'

export const claim: Crud = {
  async check(olds: Json, news: Json) {
    return { inputs: { ...news, home: olds.home ?? newHome() }, failures: [] }
  },
  async diff(_id: string, olds: Json, news: Json): Promise<Diff> {
    const updates = ['machine'].filter(key => !same(olds[key], news[key]))
    return { changes: updates.length > 0, updates }
  },
  async create(inputs: Json, around: Around) {
    return { id: homeOf(inputs.home, around).storeId, outs: inputs }
  },
  async read(id: string, props: Json) {
    return { id, props }
  },
  async update(_id: string, _olds: Json, news: Json) {
    return { outs: news }
  },
  async delete(_id: string, props: Json, around: Around) {
    const home = homeOf(props.home, around)
    for (const name of await lostIn(home)) {
      around.say({ machine: name, type: 'info', text: `removing what is left of ${name}` })
      // Its record says which driver made it; what is named here is whose keys were given.
      const driver = drivers[0]?.name
      await removePlace(placeOf({ driver, ...objectOf(props.machine), home: props.home, name }, around, 'delete'))
      await unmark(home, name)
    }
    const left = await machinesIn(home)
    if (left.length === 0) await removeHome(home)
    else
      around.say({
        type: 'warn',
        text: `${left.join(', ')} stays: the stack let go of it, or never came to know it; machine -s ${home.store} rm removes it`,
      })
  },
}
