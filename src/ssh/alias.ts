/**
 * Host aliases of the user's ~/.ssh/config, so that a machine is reached the way its owner already reaches it.
 * Understood: Host, Match, Include, HostName, User, Port, IdentityFile, ProxyJump. UserKnownHostsFile and the like are
 * not ours: the machine's host key is pinned in its record.
 */
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { MachineError, messageOf } from '../errors.ts'

export interface ResolvedAlias {
  /** HostName, or the alias itself where the config gives none. */
  readonly hostName: string
  readonly user?: string
  readonly port?: number
  /** Whole paths, in the config's order; they need not exist. */
  readonly identityFiles: readonly string[]
  /** Hops from here to there, first one first: '[user@]host-or-alias[:port]'. */
  readonly proxyJump: readonly string[]
}

/**
 * What ~/.ssh/config below `home` says of `alias`; without a config file the alias is a plain host name. Throws
 * MachineError SSH_CONFIG (the file cannot be read) and SSH_PROXY_COMMAND (the alias needs one, which we don't run).
 */
export async function resolveAlias(alias: string, home: string): Promise<ResolvedAlias> {
  const path = join(home, '.ssh', 'config')
  const { default: SshConfig } = await import('ssh-config')
  const said = SshConfig.parse(await readWithIncludes(path, home)).compute(alias, { ignoreCase: true })
  const first = (key: string) => [said[key] ?? []].flat()[0]

  const proxyCommand = first('proxycommand')
  const proxyJump = first('proxyjump')
  if (proxyCommand && proxyCommand !== 'none' && !proxyJump) {
    throw new MachineError(
      'SSH_PROXY_COMMAND',
      `${path} reaches '${alias}' by a ProxyCommand, which machine does not run`,
      {
        hints: ['say the same with ProxyJump: `ProxyJump user@bastion`'],
      },
    )
  }
  const hostName = (first('hostname') ?? alias).replaceAll('%h', alias).replaceAll('%%', '%')
  const user = first('user')
  const port = first('port')
  const tokens: Record<string, string> = { '%h': hostName, '%n': alias, '%d': home, '%r': user ?? '', '%%': '%' }
  return {
    hostName,
    ...(user ? { user } : {}),
    ...(port ? { port: Number(port) } : {}),
    identityFiles: [said.identityfile ?? []]
      .flat()
      .filter(file => file !== 'none')
      .map(file =>
        fromHome(
          file.replace(/%[hndr%]/g, token => tokens[token] ?? token),
          home,
        ),
      ),
    proxyJump: proxyJump && proxyJump !== 'none' ? proxyJump.split(',').map(hop => hop.trim()) : [],
  }
}

function fromHome(path: string, home: string): string {
  return path.startsWith('~/') ? join(home, path.slice(2)) : path
}

const INCLUDE = /^[ \t]*include[ \t=]+(.+?)[ \t]*$/gim

/** The config with each Include line replaced by the files it names; relative names lie in ~/.ssh, as for ssh. */
async function readWithIncludes(path: string, home: string, depth = 0): Promise<string> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw new MachineError('SSH_CONFIG', `${path} cannot be read: ${messageOf(error)}`, { cause: error })
  }
  if (depth === 16) throw new MachineError('SSH_CONFIG', `${path} is included too deeply (16 levels)`)
  const parts: string[] = []
  let from = 0
  for (const include of text.matchAll(INCLUDE)) {
    parts.push(text.slice(from, include.index))
    from = include.index + include[0].length
    for (const name of include[1]?.match(/"[^"]+"|\S+/g) ?? []) {
      const pattern = fromHome(name.replaceAll('"', ''), home)
      const files = await matching(isAbsolute(pattern) ? pattern : join(home, '.ssh', pattern))
      for (const file of files) parts.push(await readWithIncludes(file, home, depth + 1), '\n')
    }
  }
  return [...parts, text.slice(from)].join('')
}

/** Files a path with `*` and `?` in its last part stands for, sorted. */
async function matching(pattern: string): Promise<string[]> {
  if (!/[*?]/.test(basename(pattern))) return [pattern]
  const source = basename(pattern)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const expression = new RegExp(`^${source}$`)
  const names = await readdir(dirname(pattern)).catch(() => [])
  return names
    .filter(name => expression.test(name) && !name.startsWith('.'))
    .sort()
    .map(name => join(dirname(pattern), name))
}
