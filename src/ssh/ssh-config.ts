/**
 * An ssh_config for programs that call ssh themselves (scp, rsync, sshfs): one Host a machine, so that each has its own
 * port, key, login and pinned host key, which options on a command line cannot say of two machines at once.
 */
import { knownHostsName } from './known-hosts.ts'
import { configWord, noToken, type ShellTarget } from './shell.ts'

/** What the system's ssh looks at by itself, in its order; kept for machines reached through an alias alone. */
export interface OwnConfigs {
  /** The user's ssh_config; need not exist. */
  readonly user: string
  /** The computer's; need not exist. */
  readonly system: string
}

/** A machine as programs call it: `host` is the name under which the config knows it. */
export interface ConfigHost extends ShellTarget {
  readonly host: string
}

/** A machine's name in such a config. No alias of a person's own looks like this, so that theirs stay themselves. */
export function hostWord(machine: string, alias?: string): string {
  return alias ?? `machine-${machine}`
}

/**
 * The text. ssh takes the first value it meets, so ours come first. Whatever is no machine of ours (jump hosts, aliases)
 * goes on to the user's configuration; a machine without an alias sees nothing of it, as `ssh` does with /dev/null.
 */
export function sshConfigOf(hosts: readonly ConfigHost[], own: OwnConfigs): string {
  const plain = hosts.filter(host => host.alias === undefined).map(host => `!${host.host}`)
  const blocks = hosts.map(hostBlock)
  const theirs = [`Host * ${plain.join(' ')}`.trim(), `  Include ${configWord(own.user)} ${configWord(own.system)}`]
  const aliased = hosts.some(host => host.alias !== undefined)
  return [...blocks, ...(aliased ? [theirs.join('\n')] : []), ''].join('\n')
}

function hostBlock(h: ConfigHost): string {
  const lines = [
    ...(h.alias === undefined ? [`HostName ${noToken(h.address)}`] : []),
    `Port ${h.port}`,
    `User ${configWord(h.user, false)}`,
    ...(h.keyPath ? ['IdentitiesOnly yes', `IdentityFile ${configWord(h.keyPath)}`] : []),
    'StrictHostKeyChecking yes',
    `UserKnownHostsFile ${configWord(h.knownHostsPath)}`,
    'GlobalKnownHostsFile /dev/null',
    `HostKeyAlias ${knownHostsName(h.address, h.port)}`,
    'CheckHostIP no',
    'ConnectTimeout 15',
    'ServerAliveInterval 15',
    'LogLevel ERROR',
  ]
  return [`Host ${h.host}`, ...lines.map(line => `  ${line}`)].join('\n')
}
