import { loadRecord } from '../machine/load.ts'
import { renderRecord } from '../machine/record.ts'
import { oneName } from '../names.ts'
import type { Answering } from './answer.ts'

/** With `format`, a template over the record as JSON: its fields have JSON's names, and every number is a float64. */
export const inspect: Answering<{ format?: string | undefined; json?: boolean }> = async ({ names, flags }, w) => {
  const name = await oneName(names, w)
  if (!flags.format) return { text: renderRecord(await loadRecord(w.store, name, w.program)) }
  const { compileTemplate } = await import('../template/index.ts')
  const template = compileTemplate(flags.format)
  const text = renderRecord(await loadRecord(w.store, name, w.program))
  return { text: `${template.render(JSON.parse(text))}\n` }
}
