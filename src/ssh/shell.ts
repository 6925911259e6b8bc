/** `machine ssh`: the command line of the system's own ssh, held to the pinned host key. */

import { knownHostsName } from './known-hosts.ts'

export { interactive } from './interactive.ts'

export interface ShellTarget {
  readonly address: string
  readonly port: number
  readonly user: string
  readonly keyPath?: string
  /** File made by `writeKnownHosts` for this address and port. */
  readonly knownHostsPath: string
  /** Host of the user's ssh_config to go through; its config file counts only then. */
  readonly alias?: string
  /** The ssh_config the alias stands in, where that is not the one ssh finds by itself. */
  readonly configPath?: string
}

/**
 * Arguments for `ssh` (without the program's name). `command`: words as the user typed them, joined by spaces and read
 * by the remote shell, as ssh does; none: a log-in shell. `tty`: a terminal also for a command.
 */
export function sshArgv(target: ShellTarget, command: readonly string[], options: { tty: boolean }): string[] {
  const set = (name: string, value: string) => ['-o', `${name}=${value}`]
  const config = target.alias ? target.configPath : '/dev/null'
  return [
    ...(config ? ['-F', config] : []),
    ...set('StrictHostKeyChecking', 'yes'),
    ...set('UserKnownHostsFile', configWord(target.knownHostsPath)),
    ...set('GlobalKnownHostsFile', '/dev/null'),
    // an alias's HostName may differ from the address: the key is looked up under the name it was written down by
    ...set('HostKeyAlias', knownHostsName(target.address, target.port)),
    ...set('CheckHostIP', 'no'),
    ...set('ConnectTimeout', '15'),
    ...set('ServerAliveInterval', '15'),
    ...set('LogLevel', 'ERROR'),
    ...(target.keyPath ? [...set('IdentitiesOnly', 'yes'), '-i', noToken(target.keyPath)] : []),
    ...(options.tty ? ['-t'] : []),
    '-p',
    String(target.port),
    '-l',
    target.user,
    '--',
    target.alias ?? target.address,
    ...command,
  ]
}

/** A path inside an -o option or a line of ssh_config: spaces part files, quotes hold one together, `%` begins a token. */
export function configWord(path: string, tokens = true): string {
  return `"${(tokens ? noToken(path) : path).replace(/["\\]/g, '\\$&')}"`
}

/** ssh expands `%d`, `%h` … in file names, those of -i too. */
export function noToken(path: string): string {
  return path.replaceAll('%', '%%')
}
