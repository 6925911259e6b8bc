import { MachineError } from '../errors.ts'
import { inspectInstance } from '../machine/instance.ts'
import { loadRecord } from '../machine/load.ts'
import { severalNames } from '../names.ts'
import { forEach } from '../several.ts'
import { type Answering, asJson } from './answer.ts'

/** In the order of the names; what is found is printed also where one of them fails. */
export const ip: Answering<{ json?: boolean }> = async ({ names, flags }, w) => {
  const all = await severalNames(names, w)
  const found = new Map<string, string>()
  const failure: unknown = await forEach(all, async name => {
    const { address, status } = await inspectInstance(await loadRecord(w.store, name, w.program), w)
    if (!address || status === 'Stopped')
      throw new MachineError('NOT_RUNNING', 'Host is not running', { hints: [`${w.program} start ${name}`] })
    found.set(name, address)
  }).catch(error => error)
  const addresses = all.filter(name => found.has(name)).map(name => ({ name, address: found.get(name) }))
  const answer = flags.json ? asJson(addresses) : { text: addresses.map(a => a.address).join('\n') }
  return failure === undefined ? answer : { ...answer, failure }
}
