import { basename } from 'node:path'

/** The name this program was called by. */
export function programName(env: Readonly<Record<string, string | undefined>>): string {
  const called = env.MACHINE_CALLED_AS ?? ''
  return basename(called).replace(/\.(exe|js|cmd)$/i, '') === 'docker-machine' ? 'docker-machine' : 'machine'
}

/** The command as it was typed, for the line to copy. */
export function commandLine(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string {
  const called = env.MACHINE_CALLED_AS || program
  return [called, ...words].map(w => (/[\s\\]/.test(w) ? `"${w}"` : w)).join(' ')
}
