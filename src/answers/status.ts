import { EXIT, hasCode, MachineError, messageOf, suggestionsOf } from '../errors.ts'
import { inspectInstance } from '../machine/instance.ts'
import { loadRecord } from '../machine/load.ts'
import { oneName } from '../names.ts'
import { type Answering, asJson } from './answer.ts'

export const status: Answering<{ json?: boolean }> = async ({ names, flags }, w) => {
  const name = await oneName(names, w)
  const record = await loadRecord(w.store, name, w.program).catch(error => {
    throw hasCode(error, 'NOT_FOUND')
      ? new MachineError('NOT_FOUND', messageOf(error), { hints: suggestionsOf(error), exit: EXIT.missing })
      : error
  })
  const { status } = await inspectInstance(record, w)
  if (flags.json) return asJson({ name, status })
  return status === 'Not Found' ? { text: status, exit: EXIT.missing } : { text: status }
}
