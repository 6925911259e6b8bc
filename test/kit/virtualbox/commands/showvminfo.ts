import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Call } from '../call.ts'
import { readAll, table } from '../getopt.ts'
import { Plain, SyntaxProblem } from '../problem.ts'
import { showForPeople } from '../show/for-people.ts'
import { showForMachines } from '../show/machine.ts'
import { localeOf, wordsIn } from '../show/words.ts'
import { USAGE } from '../tables/usage.ts'

const OPTIONS = table(
  ['--details -details', 'nothing'],
  ['--machinereadable -machinereadable', 'nothing'],
  ['--log -log', 'uint32'],
  ['--password-id', 'string'],
  ['--password', 'string'],
)

export function showvminfo(args: readonly string[], { box, out, env }: Call): void {
  const { plain, has, get } = readAll(args, OPTIONS)
  if (plain[1] !== undefined) throw new SyntaxProblem(`Invalid parameter '${plain[1]}'`, USAGE.showvminfo)
  if (plain[0] === undefined) throw new SyntaxProblem('VM name or UUID required', USAGE.showvminfo)
  const vm = box.findVm(plain[0], 'VBoxManageInfo.cpp:3138')
  if (has('--log')) {
    const file = join(dirname(vm.settingsFile), 'Logs', get('--log') === '0' ? 'VBox.log' : `VBox.log.${get('--log')}`)
    if (!existsSync(file)) throw new Plain(`Failed to query log file name: ${file}`)
    out(readFileSync(file, 'utf8'))
    return
  }
  const words = wordsIn(localeOf(box.computer.locale, box.it.platform, env))
  out(has('--machinereadable') ? showForMachines(box, vm) : showForPeople(box, vm, words))
}
