import { runningUrl } from '../machine/instance.ts'
import { loadRecord } from '../machine/load.ts'
import { oneName } from '../names.ts'
import { type Answering, asJson } from './answer.ts'

export const url: Answering<{ json?: boolean }> = async ({ names, flags }, w) => {
  const name = await oneName(names, w)
  const url = await runningUrl(await loadRecord(w.store, name, w.program), w)
  return flags.json ? asJson({ name, url }) : { text: url }
}
