import { basename } from 'node:path'

/** How this program is called as a plug-in of the docker client. */
export const PLUGIN_NAME = 'docker machine'

/** The name this program was called by: machine, docker-machine, or docker machine. */
export function programName(env: Readonly<Record<string, string | undefined>>): string {
  const called = env.MACHINE_CALLED_AS ?? ''
  if (called === PLUGIN_NAME) return PLUGIN_NAME
  return basename(called).replace(/\.(exe|js|cmd)$/i, '') === 'docker-machine' ? 'docker-machine' : 'machine'
}

/** The command as it was typed, for the line to copy. */
export function commandLine(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string {
  const called = env.MACHINE_CALLED_AS || program
  const quoted = (w: string) => (/[\s\\]/.test(w) ? `"${w}"` : w)
  return [called === PLUGIN_NAME ? called : quoted(called), ...words.map(quoted)].join(' ')
}
