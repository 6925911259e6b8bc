/**
 * Where packages of another Debian release come from, read from this computer's own apt sources: who configured a
 * mirror here wants it used. Only addresses found there or given by flag are used; none is written in this program.
 */

/** Archive addresses: of releases, and of their security updates where the sources name one. */
export interface Archives {
  readonly main: string
  readonly security?: string
}

interface Source {
  uri: string
  suite: string
}

/** Entries of a one-line-style sources.list. */
function oneLine(text: string): Source[] {
  return text.split('\n').flatMap(line => {
    const found = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line)
    return found?.[1] && found[2] ? [{ uri: found[1], suite: found[2] }] : []
  })
}

/** Entries of a deb822-style *.sources file. */
function deb822(text: string): Source[] {
  return text.split(/\n\s*\n/).flatMap(stanza => {
    const field = (name: string) =>
      new RegExp(`^${name}:[ \\t]*(.*(?:\\n[ \\t]+.*)*)`, 'im')
        .exec(stanza.replace(/^#.*\n?/gm, ''))?.[1]
        ?.trim()
        .split(/\s+/) ?? []
    if (!field('Types').includes('deb') || field('Enabled')[0] === 'no') return []
    return field('URIs').flatMap(uri => field('Suites').map(suite => ({ uri, suite })))
  })
}

/** Archives named by apt's source files (name → text), given the release this computer runs; undefined if it names none. */
export function archivesOf(files: Readonly<Record<string, string>>, codename: string): Archives | undefined {
  const all = Object.entries(files).flatMap(([name, text]) =>
    name.endsWith('.sources') ? deb822(text) : oneLine(text),
  )
  const web = all.filter(source => /^https?:\/\//.test(source.uri)).map(s => ({ ...s, uri: s.uri.replace(/\/+$/, '') }))
  const main = web.find(source => source.suite === codename)?.uri
  const security = web.find(source => source.suite === `${codename}-security`)?.uri
  return main === undefined ? undefined : { main, ...(security === undefined ? {} : { security }) }
}

/** Lines of sources.list for `suite` from these archives. */
export function sourceLines(suite: string, archives: Archives): string[] {
  const lines = [`deb ${archives.main} ${suite} main`]
  // Testing gets its security fixes through the main archive; only releases have the other two.
  if (suite === TESTING) return lines
  lines.push(`deb ${archives.main} ${suite}-updates main`)
  if (archives.security) lines.push(`deb ${archives.security} ${suite}-security main`)
  return lines
}

/** The release that is not out yet: its index is signed anew several times a day and expires after a week. */
export const TESTING = 'forky'
