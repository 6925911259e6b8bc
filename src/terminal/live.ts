/** Whether a list can be drawn again and again in its place, and what fits there. */

type Env = Readonly<Record<string, string | undefined>>

/** False in pipes, in CI (its logs keep every frame) and on terminals that cannot move their cursor. */
export function canRedraw(stream: { isTTY?: boolean }, env: Env, platform: NodeJS.Platform): boolean {
  if (!stream.isTTY || isCi(env)) return false
  // Windows' consoles set no TERM and can do it.
  return platform === 'win32' ? env.TERM !== 'dumb' : env.TERM !== 'dumb' && Boolean(env.TERM)
}

/** CI systems set CI, most to `true`; a person who wants to be treated as none sets it to false, 0 or nothing. */
function isCi(env: Env): boolean {
  return !['', '0', 'false'].includes((env.CI ?? '').toLowerCase())
}

/** `text` on one line of at most `columns` characters, with `tail` kept whole at its end: a cut is marked by …. */
export function fitted(text: string, columns: number, tail = ''): string {
  const room = Math.max(1, columns - [...tail].length)
  const characters = [...text]
  return (
    (characters.length <= room
      ? text
      : `${characters
          .slice(0, room - 1)
          .join('')
          .trimEnd()}…`) + tail
  )
}
