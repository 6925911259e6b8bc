/** /etc/os-release, read by its specification: shell-like quotes, values that may hold '='. */
export interface OsRelease {
  /** 'debian', 'ubuntu', 'amzn' …; 'linux' if the file does not say. */
  readonly id: string
  readonly idLike: readonly string[]
  readonly versionId: string
  /** 'trixie', 'noble'; '' for distributions without. */
  readonly codename: string
  readonly ubuntuCodename: string
  readonly debianCodename: string
  /** For people: 'Debian GNU/Linux 13 (trixie)'. */
  readonly pretty: string
}

/** Assignments of a file in os-release's or EnvironmentFile's format: one a line, value bare or in quotes. */
export function parseAssignments(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of text.replaceAll('\\\n', ' ').split('\n')) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line)
    if (match?.[1] !== undefined) found.set(match[1], unquote((match[2] ?? '').trim()))
  }
  return found
}

function unquote(value: string): string {
  const quoted = /^(["'])([\s\S]*)\1/.exec(value)
  if (quoted) return quoted[1] === '"' ? (quoted[2] ?? '').replace(/\\(["$`\\])/g, '$1') : (quoted[2] ?? '')
  return value.replace(/\\(.)/g, '$1')
}

export function parseOsRelease(text: string): OsRelease {
  const has = parseAssignments(text)
  const of = (key: string) => has.get(key) ?? ''
  return {
    id: of('ID') || 'linux',
    idLike: of('ID_LIKE').split(/\s+/).filter(Boolean),
    versionId: of('VERSION_ID'),
    codename: of('VERSION_CODENAME'),
    ubuntuCodename: of('UBUNTU_CODENAME'),
    debianCodename: of('DEBIAN_CODENAME'),
    pretty: of('PRETTY_NAME') || of('NAME') || 'unknown Linux',
  }
}
