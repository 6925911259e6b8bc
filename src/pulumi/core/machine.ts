import { checkMachine } from './check-machine.ts'
import { createMachine } from './create-machine.ts'
import type { Crud } from './crud.ts'
import { diffMachine } from './diff-machine.ts'
import { readMachine } from './read-machine.ts'
import { deleteMachine } from './remove-machine.ts'
import { updateMachine } from './update-machine.ts'

export const machine: Crud = {
  check: checkMachine,
  diff: async (_id, olds, news, around) => diffMachine(olds, news, around),
  create: createMachine,
  read: readMachine,
  update: async (_id, olds, news, around) => await updateMachine(olds, news, around),
  delete: async (_id, props, around) => await deleteMachine(props, around),
}
