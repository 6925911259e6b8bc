import type { Say } from '../../src/events.ts'
import { type Line, messageIn } from './output.ts'

/** curl's columns as Vagrant words them. */
const DOWNLOAD = /^Progress: (\d+)% \(Rate: ([^,]+), Estimated time remaining: ([^)]+)\)/

/** Tells what vagrant does as it goes: steps, how much of a box is here; what it only notes goes to `--debug`. */
export function tellProgress(say: Say): (line: Line) => void {
  let percent = -1
  return line => {
    const message = messageIn(line)
    if (!message || message.text === '') return
    const { kind, text } = message
    const download = DOWNLOAD.exec(text)
    if (download) {
      const now = Number(download[1])
      if (now === percent) return // curl counts several times a second
      percent = now
      const left = download[3]?.startsWith('--') ? '' : `, ${download[3]} left`
      say({ type: 'progress', text: `downloading the box (${download[2]}${left})`, fraction: now / 100 })
      return
    }
    const first = text.split('\n')[0] ?? ''
    if ((kind === 'output' || kind === 'info') && first !== '' && !/^ /.test(first))
      say({ type: 'progress', text: `vagrant: ${first}` })
    say({ type: 'debug', text: `vagrant ${kind}: ${text}` })
  }
}
