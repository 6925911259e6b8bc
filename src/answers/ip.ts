import { MachineError } from '../errors.ts'
import { inspectInstance } from '../machine/instance.ts'
import { loadRecord } from '../machine/load.ts'
import { namesOrDefault } from '../names.ts'
import { type Answering, asJson } from './answer.ts'

export const ip: Answering<{ json?: boolean }> = async ({ names, flags }, w) => {
  const addresses = await Promise.all(
    (await namesOrDefault(names, w)).map(async name => {
      const { address, status } = await inspectInstance(await loadRecord(w.store, name, w.program), w)
      if (!address || status === 'Stopped')
        throw new MachineError('NOT_RUNNING', 'Host is not running', { hints: [`${w.program} start ${name}`] })
      return { name, address }
    }),
  )
  return flags.json ? asJson(addresses) : { text: addresses.map(a => a.address).join('\n') }
}
