/** What `vagrant --machine-readable` prints: `time,target,type,data…`, with its own escapes; some commands print plain lines besides. */

export interface Line {
  /** Name of the machine it is about; '' for all. */
  readonly target: string
  readonly type: string
  readonly data: readonly string[]
}

/** A line of it; undefined for a plain one. */
export function parseLine(text: string): Line | undefined {
  const match = /^\d+,([^,]*),([^,]+)(?:,(.*))?$/s.exec(text.replace(/\r$/, ''))
  if (!match) return undefined
  const [, target = '', type = '', data] = match
  return { target, type, data: data === undefined ? [] : data.split(',').map(plain) }
}

/** A backslash of the text itself is not escaped by Vagrant: `\n` of a Windows path is lost, and nothing here reads one. */
function plain(text: string): string {
  return text.replaceAll('%!(VAGRANT_COMMA)', ',').replaceAll('\\n', '\n').replaceAll('\\r', '\r')
}

/** Data of the first line of this type, and of this target if one is named. */
export function dataOf(lines: readonly Line[], type: string, target?: string): readonly string[] | undefined {
  return lines.find(line => line.type === type && (target === undefined || line.target === target))?.data
}

/** What a message begins with that is about one machine: '==> web: ', and the same width of spaces for details. */
const ABOUT = /^(?:==>| {3}) [^:\n]+: ?/gm

/** What stands in the message of a line for people: kind (info, warn, error, output, detail, success) and text. */
export function messageIn(line: Line): { kind: string; text: string } | undefined {
  if (line.type !== 'ui') return undefined
  const [kind = '', ...text] = line.data
  const shown = text.join(',').replace(/\u001b\[[0-9;]*[A-Za-z]/g, '') // it clears its line with them, colour or not
  return { kind, text: shown.replace(ABOUT, '').trim() }
}
