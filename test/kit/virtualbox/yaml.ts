/** The YAML that people write network settings in: maps, lists, plain and quoted words, JSON. Throws for all else. */

interface Line {
  readonly indent: number
  readonly text: string
}

/** JSON is YAML too. */
export function readYaml(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    // Then it is of the other kind.
  }
  const lines: Line[] = source
    .split('\n')
    .map(text => text.replace(/(^|\s)#.*$/, '').trimEnd())
    .filter(text => text !== '' && text !== '---')
    .map(text => ({ indent: text.length - text.trimStart().length, text: text.trimStart() }))
  const value = readBlock(lines, 0)
  if (lines.length > 0) throw new Error(`what is this of YAML: ${lines[0]?.text}`)
  return value
}

/** Takes from the front what is indented by `indent` at least. */
function readBlock(lines: Line[], indent: number): unknown {
  const first = lines[0]
  if (!first || first.indent < indent) return null
  return first.text === '-' || first.text.startsWith('- ')
    ? readList(lines, first.indent)
    : readMap(lines, first.indent)
}

function readList(lines: Line[], indent: number): unknown[] {
  const list: unknown[] = []
  for (let line = lines[0]; line && line.indent === indent && /^-( |$)/.test(line.text); line = lines[0]) {
    const rest = line.text.slice(1).trimStart()
    if (rest === '') {
      lines.shift()
      list.push(readBlock(lines, indent + 1))
    } else if (isPair(rest)) {
      // Its first key stands behind the dash: the others are indented as far as that.
      lines[0] = { indent: indent + line.text.length - rest.length, text: rest }
      list.push(readMap(lines, indent + line.text.length - rest.length))
    } else {
      lines.shift()
      list.push(readScalar(rest))
    }
  }
  return list
}

const PAIR = /^("[^"]*"|'[^']*'|[^\s:"'[{][^:]*):(?: +(.*))?$/
const isPair = (text: string) => PAIR.test(text)

function readMap(lines: Line[], indent: number): Record<string, unknown> {
  const map: Record<string, unknown> = {}
  for (let line = lines[0]; line && line.indent === indent; line = lines[0]) {
    const [, key = '', rest = ''] = PAIR.exec(line.text) ?? []
    if (key === '') throw new Error(`what is this of YAML: ${line.text}`)
    lines.shift()
    const next = lines[0]
    // A list may stand as far left as its key.
    const under = next && next.indent === indent && /^-( |$)/.test(next.text) ? indent : indent + 1
    map[String(readScalar(key))] = rest === '' ? readBlock(lines, under) : readScalar(rest)
  }
  return map
}

function readScalar(text: string): unknown {
  if (/^"/.test(text)) return JSON.parse(text)
  if (/^'/.test(text)) return text.slice(1, -1).replaceAll("''", "'")
  if (/^[[{]/.test(text)) return readFlow(text)
  if (/^(true|yes|on)$/i.test(text)) return true
  if (/^(false|no|off)$/i.test(text)) return false
  if (/^(null|~)$/.test(text)) return null
  return /^-?\d+$/.test(text) ? Number(text) : text
}

/** Words in brackets without quotes get them, and then it is JSON. */
function readFlow(text: string): unknown {
  const quoted = text.replace(/"[^"]*"|'[^']*'|[^[\]{},:\s][^[\]{},]*?(?=\s*(?:[\]},]|: |$))/g, word =>
    /^["']/.test(word) ? JSON.stringify(word.slice(1, -1)) : JSON.stringify(readScalar(word.trim())),
  )
  return JSON.parse(quoted)
}
