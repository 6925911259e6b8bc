/** What is known of a host's ways to run Node: the part of facts-script.ts that reads it, and its parser. */
import { HOST } from '../../agent/protocol.ts'
import { folderOf, RUNTIMES } from './runtimes.ts'

export interface RuntimeFacts {
  /** The host's own Node, where the agent may use it: see NODE_SECTION. The first that is new enough, else the first. */
  readonly hostNode?: { readonly path: string; readonly version: string }
  readonly libc: { readonly kind: 'glibc' | 'musl' | 'unknown'; readonly version?: string }
  /** Of the programs it runs: a 64-bit kernel may carry a 32-bit system. Absent where it does not say. */
  readonly bits?: number
  /** Names of the folders in node/ that hold a runtime whole. */
  readonly pinned: readonly string[]
}

/** Where runtimes lie on the host, a folder each. */
export const RUNTIME_DIR = `${HOST.lib}/node`

/** In each folder: digest and size of the program beside it, written when it was checked. */
export const MARK = '.whole'

/** The oldest Node the agent runs on. */
export const OLDEST_NODE = '22.13'

/**
 * Shell for the facts. The agent is an unprivileged user whose service sees no home folders, so a Node counts only where
 * root alone can change it and everybody can reach it: each folder on its way, by its name on PATH and with links resolved.
 */
export const RUNTIME_SECTION = `
word libc "$(getconf GNU_LIBC_VERSION 2>/dev/null || ldd --version 2>&1 | head -n 1)"
for f in /lib/ld-musl-*; do [ -e "$f" ] && word musl yes; done
word bits "$(getconf LONG_BIT 2>/dev/null)"
guarded() (
  p=$1
  while :; do
    set -- $(stat -L -c '%u %g %A' "$p" 2>/dev/null)
    [ "$1" = 0 ] || return 1
    case $3 in ????????w?) return 1 ;; ?????w????) [ "$2" = 0 ] || return 1 ;; esac
    case $3 in ?????????[xt]) ;; *) return 1 ;; esac
    [ "$p" != / ] || return 0
    p=\${p%/*}; p=\${p:-/}
  done
)
seen=
for n in $(command -v node) /usr/local/bin/node /usr/bin/node /usr/bin/nodejs; do
  case $n in /*) ;; *) continue ;; esac
  [ -f "$n" ] && [ -x "$n" ] && r=$(readlink -f "$n") || continue
  case $r in "$seen" | /home/* | /root/* | /run/* | /tmp/* | /var/tmp/*) continue ;; esac
  case \${r##*/} in node | nodejs | node[0-9-]*) ;; *) continue ;; esac
  guarded "$n" && guarded "$r" || continue
  seen=$r
  word node "$n $(NODE_OPTIONS= "$n" --version 2>/dev/null </dev/null)"
done
for d in ${RUNTIME_DIR}/*; do
  [ -f "$d/${MARK}" ] && read -r digest bytes <"$d/${MARK}" || continue
  [ "$(stat -c '%s %u' "$d/node" 2>/dev/null)" = "$bytes 0" ] && word runtime "\${d##*/} $digest"
done
`

/** Sections of the script's output by name. */
export function parseRuntime(has: ReadonlyMap<string, readonly string[]>): RuntimeFacts {
  const nodes = (has.get('node') ?? []).flatMap(line => {
    const [, path, version] = /^(\/\S+) v(\d+\.\d+\.\d+\S*)$/.exec(line.trim()) ?? []
    return path && version ? [{ path, version }] : []
  })
  const hostNode = nodes.find(node => isNewEnough(node.version, OLDEST_NODE)) ?? nodes[0]
  const bits = Number(has.get('bits')?.[0])
  return {
    ...(hostNode && { hostNode }),
    libc: parseLibc(has.get('libc')?.[0] ?? '', has.has('musl')),
    ...(bits > 0 && { bits }),
    pinned: (has.get('runtime') ?? []).flatMap(line => {
      const [name = '', digest] = line.trim().split(' ')
      const pin = RUNTIMES.find(runtime => folderOf(runtime) === name)
      return pin && pin.nodeSha256 !== digest ? [] : [name]
    }),
  }
}

/** From `getconf GNU_LIBC_VERSION` ('glibc 2.41') or the first line of `ldd --version`. */
function parseLibc(said: string, musl: boolean): RuntimeFacts['libc'] {
  const version = /(\d+\.\d+)\s*$/.exec(said)?.[1]
  if (/glibc|gnu libc/i.test(said)) return { kind: 'glibc', ...(version && { version }) }
  return { kind: musl || /musl/i.test(said) ? 'musl' : 'unknown' }
}

/** Compares versions made of numbers: '22.13.1' is new enough for '22.13'. */
export function isNewEnough(version: string, oldest: string): boolean {
  const have = version.split('.').map(part => Number.parseInt(part, 10))
  for (const [i, part] of oldest.split('.').entries()) {
    const difference = (have[i] ?? 0) - Number(part)
    if (difference !== 0) return difference > 0
  }
  return true
}
