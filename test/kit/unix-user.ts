/** A user of this computer that exists for one test file; needs root. */
import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'

export interface UnixUser extends Disposable {
  readonly name: string
  readonly home: string
  readonly password: string
  /** Replaces what sudo lets this user do: lines of sudoers with USER for the name; none: nothing. */
  allowSudo(...lines: string[]): void
}

/** Makes user `test-<number>` with a password, and removes all of it when disposed of. */
export function makeUnixUser(options: { shell?: string } = {}): UnixUser {
  const name = `test-${process.pid}-${Math.random().toString(36).slice(2, 6)}`
  const password = 'päss "word" $1'
  const sudoers = `/etc/sudoers.d/${name.replaceAll('.', '_')}`
  execFileSync('useradd', ['-m', '-s', options.shell ?? '/bin/sh', name])
  execFileSync('chpasswd', { input: `${name}:${password}\n` })
  return {
    name,
    home: `/home/${name}`,
    password,
    allowSudo(...lines) {
      writeFileSync(sudoers, lines.map(line => `${line.replaceAll('USER', name)}\n`).join(''), { mode: 0o440 })
    },
    [Symbol.dispose]() {
      rmSync(sudoers, { force: true })
      execFileSync('userdel', ['-r', '-f', name], { stdio: 'ignore' })
    },
  }
}
