/** `[user@][machine:]path`, as scp reads it. */

export interface LocalSide {
  readonly kind: 'local'
  readonly path: string
}
export interface MachineSide {
  readonly kind: 'machine'
  readonly name: string
  /** Login to use instead of the machine's own. */
  readonly user?: string
  /** '' is the home directory. */
  readonly path: string
}
export type Side = LocalSide | MachineSide

/**
 * Reads one side of a copy. A colon makes it a machine's, unless a slash stands before it (`./a:b`) or it follows a
 * Windows drive; `localhost:` says that it is this computer's.
 */
export function readSide(text: string, platform: NodeJS.Platform): Side {
  const local: LocalSide = { kind: 'local', path: text }
  const colon = text.indexOf(':')
  const head = text.slice(0, colon)
  if (colon < 1 || head.includes('/') || isDrive(text, platform)) return local
  if (platform === 'win32' && head.includes('\\')) return local
  const path = text.slice(colon + 1)
  const at = head.lastIndexOf('@')
  const name = head.slice(at + 1)
  if (name === 'localhost') return { kind: 'local', path: path === '' ? '.' : path }
  return { kind: 'machine', name, ...(at > 0 ? { user: head.slice(0, at) } : {}), path }
}

/** `C:\x` nowhere names a machine; `C:/x` may, but not on Windows. */
function isDrive(text: string, platform: NodeJS.Platform): boolean {
  return platform === 'win32' ? /^[A-Za-z]:([\\/]|$)/.test(text) : /^[A-Za-z]:\\/.test(text)
}

/** A local path that no program takes for an option or for a host. */
export function localWord(path: string, platform: NodeJS.Platform): string {
  if (isDrive(path, platform) && platform === 'win32') return path
  const beforeSlash = path.split('/', 1)[0] ?? ''
  return path.startsWith('-') || beforeSlash.includes(':') || path.startsWith('~') ? `./${path}` : path
}
