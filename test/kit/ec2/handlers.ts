/** All actions that need more than moto. The others are checked by the model, end at a DryRun, and go to moto as they are. */
import { addressHandlers } from './addresses.ts'
import { groupHandlers } from './groups.ts'
import { imageHandlers } from './images-handler.ts'
import { closedDoors, instanceHandlers } from './instances.ts'
import { keyHandlers } from './key-pairs.ts'
import { runInstances } from './launch.ts'
import { otherHandlers } from './other-handlers.ts'
import { spotHandlers } from './spot.ts'
import { type Handler, type Handlers, pass } from './world.ts'

const HANDLERS: Handlers = {
  ...addressHandlers,
  ...closedDoors,
  ...groupHandlers,
  ...imageHandlers,
  ...instanceHandlers,
  ...keyHandlers,
  ...otherHandlers,
  ...spotHandlers,
  RunInstances: runInstances,
}

export const handlerOf = (action: string): Handler =>
  Object.hasOwn(HANDLERS, action) ? (HANDLERS[action] ?? pass) : pass
