/** As much XML as the EC2 API speaks: elements and text. */

export interface Element {
  readonly name: string
  readonly children: Element[]
  text: string
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
  })
}

export function escapeXml(text: string): string {
  return text.replace(/[<>&"\r]/g, c =>
    c === '\r' ? '&#13;' : `&${{ '<': 'lt', '>': 'gt', '&': 'amp', '"': 'quot' }[c]};`,
  )
}

/** The document's root element. Throws for what is no XML. */
export function parseXml(text: string): Element {
  const top: Element = { name: '', children: [], text: '' }
  const open = [top]
  for (const [, declaration, end, start, empty, words] of text.matchAll(
    /(<[?!][^>]*>)|<\/([^\s>]+)\s*>|<([^\s/>]+)[^>]*?(\/)?>|([^<]+)/g,
  )) {
    const current = open.at(-1) ?? top
    if (declaration !== undefined) continue
    if (words !== undefined) current.text += unescapeXml(words)
    else if (start !== undefined) {
      const element: Element = { name: start, children: [], text: '' }
      current.children.push(element)
      if (empty === undefined) open.push(element)
    } else if (open.pop()?.name !== end) throw new Error(`no XML: </${end}> closes nothing in ${text.slice(0, 200)}`)
  }
  const [root] = top.children
  if (root === undefined || open.length !== 1) throw new Error(`no XML: ${text.slice(0, 200)}`)
  return root
}
