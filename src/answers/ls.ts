import { listNames, listWithRecords } from '../machine/list.ts'
import { noNames } from '../names.ts'
import { machineList } from '../terminal/machine-list.ts'
import { type Answering, asJson } from './answer.ts'

/** Docker Machine's own limit, in seconds. */
export const LS_TIMEOUT_S = 10

interface Flags {
  quiet?: boolean
  filter?: readonly string[] | undefined
  timeout?: number
  format?: string | undefined
  json?: boolean
}

export const ls: Answering<Flags> = async ({ names, flags }, w) => {
  noNames(names)
  const list = machineList(flags.format)
  const options = { timeoutMs: (flags.timeout ?? LS_TIMEOUT_S) * 1000, filters: flags.filter ?? [] }
  if (flags.quiet) {
    const matching = await listNames(w, options)
    return flags.json ? asJson(matching) : { text: matching.join('\n') }
  }
  const listed = await listWithRecords(w, options)
  return flags.json ? asJson(listed.map(({ row }) => row)) : { text: list.render(listed, w.program) }
}
