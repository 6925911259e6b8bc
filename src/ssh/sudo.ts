/** Root on hosts whose log-in is not root: as is for uid 0, else through sudo, with its password when it wants one. */
import { randomBytes } from 'node:crypto'
import { MachineError } from '../errors.ts'
import { lastLines } from './output.ts'
import { type Program, programOf } from './program.ts'
import { quote, type Secret } from './quote.ts'

/** `command` to be run as root; with a `password`, sudo reads it from the first line of stdin. */
export function rootProgram(command: string, password?: Secret): Program {
  const { text, stdin, mark } = programOf(command)
  const asRoot = `_p=${quote(text)}; if [ "$(id -u)" = 0 ]; then exec sh -c "$_p"; fi; export LC_ALL=C`
  if (!password) return { mark, text: `${asRoot}; exec sudo -n -- sh -c "$_p"`, stdin }
  // -k: without it sudo may remember an earlier time, not read the password, and leave it to the command as input
  const sudo = `export LC_ALL=C; exec sudo -k -S -p '' -- sh -c ${quote(text)}`
  return { mark, text: sudo, stdin: Buffer.concat([passwordLine(password), stdin]) }
}

/** Tries the password on nothing: a wrong one would make sudo read the command's input as further guesses. */
export function passwordProgram(password: Secret): Program {
  const text = `export LC_ALL=C; exec sudo -k -S -p '' -- true`
  return { mark: randomBytes(9).toString('hex'), text, stdin: passwordLine(password) }
}

function passwordLine(password: Secret): Buffer {
  return Buffer.concat([Buffer.from(password.reveal() as Uint8Array), Buffer.of(10)])
}

type Refusal = 'password' | 'terminal' | 'absent' | 'forbidden' | 'other'

/** What sudo (or the shell that did not find it) means by its last words. */
export function readRefusal(code: number, stderr: string): Refusal {
  if (code === 127 || /sudo: (command )?not found/i.test(stderr)) return 'absent'
  if (/must have a tty/i.test(stderr)) return 'terminal'
  if (/not in the sudoers|may not run sudo|not allowed to (execute|run)|no tty policy/i.test(stderr)) return 'forbidden'
  // the wordings of sudo from 1.7 on and of sudo-rs
  if (/password is required|no tty present|terminal is required|authentication is required/i.test(stderr))
    return 'password'
  return 'other'
}

/** SUDO_REFUSED for people. */
export function refused(refusal: Refusal | 'wrong' | 'unasked', user: string, at: string, stderr = ''): MachineError {
  const noPassword = `let ${user} use sudo without one: echo '${user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/${user}`
  const root = 'or log in as root'
  const [text, ...hints] = {
    absent: [`${user} is not root on ${at}, and sudo is not installed there`, 'install sudo there', root],
    terminal: [`sudo on ${at} wants a terminal (requiretty)`, `take requiretty out of /etc/sudoers for ${user}`, root],
    forbidden: [`${user} may not use sudo on ${at}`, noPassword, root],
    password: [`sudo on ${at} wants the password of ${user}`, noPassword, root],
    unasked: [
      `sudo on ${at} wants the password of ${user}, and there is nobody to ask`,
      'give it in the environment variable MACHINE_SUDO_PASSWORD',
      noPassword,
      root,
    ],
    wrong: [`sudo on ${at} does not take the password given for ${user}`, 'try again', noPassword],
    other: [`sudo on ${at} does not let ${user} become root: ${lastLines(stderr, 2)}`, noPassword, root],
  }[refusal]
  return new MachineError('SUDO_REFUSED', text ?? '', { hints })
}
