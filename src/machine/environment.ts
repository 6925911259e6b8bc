/** The environment that points a Docker client at a machine, and the text that sets it in each shell. */
import { UsageError } from '../errors.ts'
import { dialectOf } from './shell-dialects.ts'

export const SHELLS = ['bash', 'zsh', 'sh', 'fish', 'tcsh', 'powershell', 'cmd', 'emacs'] as const

/** A variable to set, or with `undefined` to unset. */
export type Variables = readonly (readonly [name: string, value: string | undefined])[]

/** The variables of a machine, in Docker Machine's order. */
export function machineVariables(at: { name: string; url: string; certPath: string; windows: boolean }): Variables {
  return [
    ['DOCKER_TLS_VERIFY', '1'],
    ['DOCKER_HOST', at.url],
    ['DOCKER_CERT_PATH', at.certPath],
    ['DOCKER_MACHINE_NAME', at.name],
    ...(at.windows ? ([['COMPOSE_CONVERT_WINDOWS_PATHS', 'true']] as const) : []),
  ]
}

export function unsetVariables(windows: boolean): Variables {
  return machineVariables({ name: '', url: '', certPath: '', windows }).map(([name]) => [name, undefined] as const)
}

/** The variable of proxies' exceptions that is in use: `no_proxy` if it is set, else NO_PROXY. */
export function noProxyName(env: Readonly<Record<string, string | undefined>>): string {
  return env.no_proxy ? 'no_proxy' : 'NO_PROXY'
}

/** `no_proxy` (or NO_PROXY, whichever is in use) with the machine's address in it; `address` undefined takes nothing away. */
export function noProxyVariable(
  env: Readonly<Record<string, string | undefined>>,
  address: string,
): readonly [string, string] {
  const name = noProxyName(env)
  const entries = (env[name] ?? '').split(',').filter(e => e !== '')
  return [name, entries.includes(address) ? entries.join(',') : [...entries, address].join(',')]
}

/** The text that sets (or unsets) `variables` in `shell`, with the two lines that tell how to use it. */
export function renderEnvironment(variables: Variables, shell: string, command: string): string {
  const s = dialectOf(shell)
  const lines = variables.map(([name, value]) => (value === undefined ? s.unset(name) : s.set(name, value)))
  // A comment with a newline in it would go on as a command.
  const shown = s.shows?.(command) ?? !/\p{Cc}/u.test(command)
  const copy = shown ? s.evaluate(command) : 'evaluate what the command you typed prints'
  return `${[...lines, `${s.comment} Run this command to configure your shell: `, `${s.comment} ${copy}`].join('\n')}\n`
}

/** The line that evaluates what `command` prints, in `shell`. */
export function evaluationLine(shell: string, command: string): string {
  return dialectOf(shell).evaluate(command).trim()
}

/** The shell to write for: what was asked for, else the one this runs under. Throws when neither is known. */
export function detectShell(
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string {
  if (asked) return asked
  if (env.__fish_bin_dir) return 'fish'
  const shell = (env.SHELL ?? '').split(/[\\/]/).pop() ?? ''
  if (shell) return shell.replace(/\.exe$/i, '')
  if (platform === 'win32') return env.PSModulePath ? 'powershell' : 'cmd'
  throw new UsageError('Error: Unknown shell', [`say which with --shell ${SHELLS.join('|')}`])
}
