/** claimant.ts STORE NAME TEXT [locked]: makes a machine's folder with TEXT in it; prints `made` or the error's code. */
import { MachineError } from '../../../src/errors.ts'
import { openStore } from '../../../src/store/store.ts'

const [path = '', name = '', text = '', locked] = process.argv.slice(2)
const store = openStore(path)
try {
  await using _lock = locked ? await store.lock(name, { purpose: 'claim', waitMs: 120_000 }) : undefined
  await store.createMachineDir(name, text)
  console.log('made')
} catch (error) {
  console.log(error instanceof MachineError ? error.code : error)
}
