/**
 * How each shell is told the value of a variable. What is printed goes through `eval $(…)` without quotes, as Docker
 * Machine's users have it in their start-up files: the shell parts it at blanks, expands wildcards in the parts and joins
 * them by single spaces, and only then reads it. A value that would not come through that whole is written as octal
 * numbers for printf, which no shell looks into.
 */
import { MachineError } from '../errors.ts'

export interface Shell {
  /** The line that sets a variable. Throws SHELL_VALUE for a value this shell cannot take. */
  set(name: string, value: string): string
  unset(name: string): string
  comment: string
  /** The line a person copies, given the command that printed this. */
  evaluate(command: string): string
  /** Whether that line can be shown with such a command in it. */
  shows?(command: string): boolean
}

const CONTROL = /\p{Cc}/u
/** For shells whose quoting is too odd to be shown: a command of plain words, at most in double quotes. */
const plain = (command: string) => !CONTROL.test(command) && !/['`$!;&|<>()*?[\]{}]/.test(command)

/** Changed by parting and joining, by wildcards, or by a backslash before one of them. */
const brittle = (value: string) => CONTROL.test(value) || /[*?[]| {2}|\\.* | .*\\/.test(value)

/** `printf '…'` that prints the value: what might mean something to a shell as octal numbers of its bytes. */
function printed(value: string): string {
  const octal = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`
  return `printf '${value.replace(/[^\w./:,@=+-]+/g, part => [...Buffer.from(part)].map(octal).join(''))}'`
}

/** Inside double quotes POSIX shells still read `$`, backtick, backslash and the quote itself. */
const posixQuoted = (value: string) => `"${value.replace(/[\\"$`]/g, '\\$&')}"`

const posix: Shell = {
  set(name, value) {
    if (!brittle(value)) return `export ${name}=${posixQuoted(value)}`
    if (!value.endsWith('\n')) return `export ${name}="$(${printed(value)})"`
    // $(…) takes newlines off the end: something has to stand behind them.
    return `${name}="$(${printed(`${value}_`)})"; export ${name}="\${${name}%_}"`
  },
  unset: name => `unset ${name}`,
  comment: '#',
  evaluate: command => `eval $(${command})`,
}

const fish: Shell = {
  // fish parts at newlines only; between its quoted parts it reads \x numbers
  set: (name, value) =>
    `set -gx ${name} "${value
      .replace(/[\\"$]/g, '\\$&')
      .replace(/[\0-\x1f\x7f]/g, c => `"\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}"`)}";`,
  unset: name => `set -e ${name};`,
  comment: '#',
  evaluate: command => `eval (${command})`,
  // inside single quotes, unlike in other shells, a backslash means something
  shows: command => !CONTROL.test(command) && !(command.includes("'") && command.includes('\\')),
}

const tcsh: Shell = {
  set(name, value) {
    if (/^[\w./:,@=+ -]*$/.test(value) && !/ {2}/.test(value)) return `setenv ${name} "${value}";`
    refuse('tcsh', name, value, /[\r\n]/.test(value) ? 'a line break' : undefined)
    return `setenv ${name} "\`${printed(value)}\`";`
  },
  // Backticks join lines with spaces: only semicolons part the commands.
  unset: name => `unsetenv ${name};`,
  comment: ':',
  evaluate: command => `eval \`${command}\``,
  shows: plain,
}

const powershell: Shell = {
  // It takes typographic quotes for quotes too.
  set: (name, value) =>
    `$Env:${name} = "${value
      .replace(/[`"$\u201c-\u201e]/g, '`$&')
      .replace(/[\0-\x1f\x7f]/g, c => `$([char]${c.charCodeAt(0)})`)}"`,
  unset: name => `Remove-Item Env:\\${name}`,
  comment: '#',
  evaluate: command => `& ${command} | Invoke-Expression`,
  shows: plain,
}

const cmd: Shell = {
  set(name, value) {
    refuse('cmd', name, value, CONTROL.test(value) ? 'a line break or another control character' : undefined)
    return `SET ${name}=${value.replace(/[\^&|<>%]/g, c => (c === '%' ? '%%' : `^${c}`))}`
  },
  unset: name => `SET ${name}=`,
  comment: 'REM',
  evaluate: command => `\t@FOR /f "tokens=*" %i IN ('${command}') DO @%i`,
  shows: plain,
}

const emacs: Shell = {
  set: (name, value) =>
    `(setenv "${name}" "${value
      .replace(/[\\"]/g, '\\$&')
      .replace(/[\0-\x1f\x7f]/g, c => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`)}")`,
  unset: name => `(setenv "${name}" nil)`,
  comment: ';;',
  evaluate: c => `(with-temp-buffer (shell-command "${c.replace(/[\\"]/g, '\\$&')}" (current-buffer)) (eval-buffer))`,
  shows: plain,
}

const DIALECTS: Readonly<Record<string, Shell>> = { fish, tcsh, csh: tcsh, powershell, pwsh: powershell, cmd, emacs }

/** The dialect of a shell; bash, zsh, sh and every other are written for as POSIX shells. */
export function dialectOf(shell: string): Shell {
  return Object.hasOwn(DIALECTS, shell) ? (DIALECTS[shell] as Shell) : posix
}

/** Printing something wrong would send docker elsewhere. */
function refuse(shell: string, name: string, value: string, what: string | undefined): void {
  if (what === undefined) return
  throw new MachineError(
    'SHELL_VALUE',
    `${shell} cannot take ${what} in a variable, and ${name} has one: ${JSON.stringify(value)}`,
    {
      hints: [
        'name the store by a path without it: --storage-path, or a link to it',
        'or use another shell: --shell bash',
      ],
    },
  )
}
