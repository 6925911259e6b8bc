import { basename } from 'node:path'

/** How this program is called as a plug-in of the docker client. */
export const PLUGIN_NAME = 'docker machine'

/** The name this program was called by: machine, docker-machine, or docker machine. */
export function programName(env: Readonly<Record<string, string | undefined>>): string {
  const called = env.MACHINE_CALLED_AS ?? ''
  if (called === PLUGIN_NAME) return PLUGIN_NAME
  return basename(called).replace(/\.(exe|js|cmd)$/i, '') === 'docker-machine' ? 'docker-machine' : 'machine'
}

/** The command as it was typed, for the line to copy: plain words as they are, paths with blanks in double quotes. */
export function commandLine(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string {
  const called = env.MACHINE_CALLED_AS || program
  return [called === PLUGIN_NAME ? called : quoted(called), ...words.map(quoted)].join(' ')
}

/** Everything that means something to a shell goes into single quotes, as all but Windows' own shells take them. */
function quoted(word: string): string {
  if (/["'`$!;&|<>()*?[\]{}]|^[~#]|\\\\|\\$/.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`
  return word === '' || /[\s\\]/.test(word) ? `"${word}"` : word
}
