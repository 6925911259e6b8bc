/** How Vagrant logs in, out of `vagrant ssh-config`. */
export interface SshFacts {
  readonly host: string
  readonly port: number
  readonly user: string
  /** Key files, in the order they are tried. */
  readonly keys: readonly string[]
  /** The machine is reached through another program. */
  readonly proxied: boolean
}

/** Reads one Host block; undefined where there is none. */
export function parseSshConfig(text: string): SshFacts | undefined {
  const values = new Map<string, string[]>()
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([A-Za-z]+)\s+(.+?)\s*$/.exec(line)
    if (!match) continue
    const key = (match[1] as string).toLowerCase()
    values.set(key, [...(values.get(key) ?? []), unquote(match[2] as string)])
  }
  const [host] = values.get('hostname') ?? []
  if (host === undefined) return undefined
  return {
    host,
    port: Number(values.get('port')?.[0] ?? 22),
    user: values.get('user')?.[0] ?? 'vagrant',
    keys: values.get('identityfile') ?? [],
    proxied: (values.get('proxycommand') ?? ['none'])[0] !== 'none',
  }
}

function unquote(word: string): string {
  return word.replace(/^"(.*)"$/, '$1')
}
