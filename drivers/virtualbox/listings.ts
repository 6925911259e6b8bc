/** What VBoxManage prints, read: `key="value"` of --machinereadable, and `Key:   value` of its lists. */

/** Values by key; quotes taken off, backslashes undone. Keys may be quoted, too ("SATA-0-0"="…"). */
export function readMachine(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const [, quoted, plain, value = ''] = /^(?:"((?:[^"\\]|\\.)*)"|([^=\s"]+))=(.*)$/.exec(line) ?? []
    const key = quoted ?? plain
    if (key !== undefined) found.set(key, unquoted(value))
  }
  return found
}

function unquoted(value: string): string {
  const inner = /^"(.*)"$/s.exec(value.trim())?.[1]
  return inner === undefined ? value.trim() : inner.replace(/\\(["\\])/g, '$1')
}

export type Listed = ReadonlyMap<string, string>

/** Records of a list; each begins with the key the first one begins with (blank lines stand within some, too). */
export function readList(text: string): Listed[] {
  const records: Map<string, string>[] = []
  let first: string | undefined
  for (const line of text.split(/\r?\n/)) {
    const [, key, value = ''] = /^(\S[^:]*?):\s*(.*?)\s*$/.exec(line) ?? []
    if (key === undefined) continue
    first ??= key
    if (key === first) records.push(new Map())
    records.at(-1)?.set(key, value)
  }
  return records
}

/** `"name" {uuid}`, a line each. */
export function readVms(text: string): { name: string; id: string }[] {
  return [...text.matchAll(/^"(.*)" \{([0-9a-f-]{36})\}\s*$/gim)].map(([, name = '', id = '']) => ({ name, id }))
}

/** '7.0.20r163906', '6.1.38_Debianr153438' and so on, whatever stands before it. */
export function readVersion(text: string): readonly [number, number, number] | undefined {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)/m.exec(text) ?? []
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)]
}
