import { rmSync } from 'node:fs'
import type { Call } from '../call.ts'
import { table } from '../getopt.ts'
import { ComProblem, progress, SyntaxProblem } from '../problem.ts'
import { showMedium } from '../show/medium.ts'
import { localeOf, wordsIn } from '../show/words.ts'
import { children, usersOf } from '../world.ts'
import { kindOf, read } from './medium-words.ts'

export function closemedium(args: readonly string[], { box, cwd, err }: Call): void {
  const done = read(args, table(['--delete', 'nothing']), 1)
  const { plain, has } = done
  if (plain[0] === undefined) throw new SyntaxProblem('Medium name or UUID required')
  const medium = box.openMedium(plain[0], kindOf(done), cwd)
  const users = usersOf(box.world, medium)
  const own = children(box.world, medium)
  const { location } = medium
  const refuse = (text: string) =>
    new ComProblem({
      text,
      code: 'VBOX_E_OBJECT_IN_USE',
      of: 'MediumWrap IMedium',
      context: has('--delete') ? 'DeleteStorage(pProgress.asOutParam())' : 'Close()',
      at: has('--delete') ? 'VBoxManageDisk.cpp:1731' : 'VBoxManageDisk.cpp:1755',
    })
  if (own.length > 0) throw refuse(`Cannot close medium '${location}' because it has ${own.length} child media`)
  if (users.length > 0)
    throw refuse(
      has('--delete')
        ? `Cannot delete storage: medium '${location}' is still attached to the following ${users.length} virtual machine(s): ${users.map(({ uuid }) => uuid).join(', ')}`
        : `Medium '${location}' cannot be closed because it is still attached to ${users.length} virtual machines`,
    )
  box.world.media = box.world.media.filter(each => each !== medium)
  if (!has('--delete')) return
  rmSync(location, { force: true })
  err(progress)
}

export function showmediuminfo(args: readonly string[], { box, cwd, out, env }: Call): void {
  const done = read(args, [], 1)
  if (done.plain[0] === undefined) throw new SyntaxProblem('Medium name or UUID required')
  const words = wordsIn(localeOf(box.computer.locale, box.it.platform, env))
  out(showMedium(box, box.openMedium(done.plain[0], kindOf(done), cwd), words, true))
}

export function mediumproperty(args: readonly string[], { box, cwd, out }: Call): void {
  const [kind = '', ...rest] = args
  const named = ['disk', 'dvd', 'floppy'].includes(kind)
  const [verb, file = '', key = '', value = ''] = named ? rest : args
  const medium = box.openMedium(file, kind === 'dvd' ? 'dvd' : 'hdd', cwd)
  if (verb === 'set') medium.properties[key] = value
  else if (verb === 'delete') delete medium.properties[key]
  else if (verb === 'get') out(`${key}=${medium.properties[key] ?? ''}\n`)
  else throw new SyntaxProblem(`Invalid parameter '${verb ?? ''}'`)
}
