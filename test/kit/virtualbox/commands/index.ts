/** Which command is done by whom. */
import type { Call, Command } from '../call.ts'
import { GetoptProblem } from '../getopt.ts'
import { SyntaxProblem } from '../problem.ts'
import { USAGE } from '../tables/usage.ts'
import { RELEASES } from '../versions.ts'
import { exportAppliance, importAppliance } from './appliance.ts'
import { clonevm } from './clonevm.ts'
import { closemedium, mediumproperty, showmediuminfo } from './closemedium.ts'
import { controlvm } from './controlvm.ts'
import { convertfromraw } from './convertfromraw.ts'
import { clonemedium, createmedium } from './createmedium.ts'
import { createvm } from './createvm.ts'
import { dhcpserver } from './dhcpserver.ts'
import { getextradata, guestproperty, setextradata, sharedfolder } from './guest.ts'
import { hostonlyif, hostonlynet } from './host-only.ts'
import { list } from './list.ts'
import { modifymedium } from './modifymedium.ts'
import { modifyvm } from './modifyvm.ts'
import { natnetwork } from './natnetwork.ts'
import { registervm, unregistervm } from './registervm.ts'
import { showvminfo } from './showvminfo.ts'
import { snapshot } from './snapshot.ts'
import { discardstate, startvm } from './startvm.ts'
import { storageattach } from './storageattach.ts'
import { storagectl } from './storagectl.ts'

export const COMMANDS: Readonly<Record<string, Command>> = {
  list,
  createvm,
  registervm,
  unregistervm,
  modifyvm,
  clonevm,
  showvminfo,
  startvm,
  discardstate,
  controlvm,
  storagectl,
  storageattach,
  createmedium,
  createhd: createmedium,
  createvdi: createmedium,
  clonemedium,
  clonehd: clonemedium,
  clonevdi: clonemedium,
  modifymedium,
  modifyhd: modifymedium,
  modifyvdi: modifymedium,
  closemedium,
  showmediuminfo,
  showhdinfo: showmediuminfo,
  mediumproperty,
  convertfromraw,
  convertdd: convertfromraw,
  guestproperty,
  sharedfolder,
  setextradata,
  getextradata,
  hostonlyif,
  hostonlynet,
  dhcpserver,
  natnetwork,
  snapshot,
  import: importAppliance,
  export: exportAppliance,
}

/** They say it themselves, in small letters, where others leave it to one function. */
const OWN_WORDS = new Set<Command>([
  ...[registervm, unregistervm, startvm, createmedium, clonemedium, modifymedium, closemedium, showmediuminfo],
])

/** One call, whose refusals are thrown. */
export async function perform(call: Call): Promise<void> {
  const { box, out } = call
  const argv = [...call.argv]
  while (argv[0] === '-q' || argv[0] === '--nologo') argv.shift()
  const [name, ...args] = argv
  if (name === '-V' || name === '--version' || name === '-v' || name === '-version') {
    out(`${RELEASES[box.it.release]}\n`)
    return
  }
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command) {
    if (name === undefined) throw new SyntaxProblem('Must specify a command', USAGE[''])
    throw new SyntaxProblem(`Invalid command '${name}'`, USAGE[''])
  }
  await box.notice()
  try {
    await command(args, call)
  } catch (error) {
    if (!(error instanceof GetoptProblem)) throw error
    const text = OWN_WORDS.has(command) ? error.message.replace('Unknown option:', 'unknown option:') : error.message
    throw new SyntaxProblem(text, USAGE[name ?? ''])
  } finally {
    box.save()
  }
}
