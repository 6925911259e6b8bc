/**
 * How a shell text gets to the host whole, whatever the user's login shell is and however long the text: sshd hands
 * the command to that shell (bash, fish, tcsh …), so what we send must mean the same in all of them; and a single
 * argument ends at 128 KiB on Linux, so long texts travel on stdin.
 */
import { randomBytes } from 'node:crypto'

/** A shell text, and what its stdin must begin with. `mark`: see `programOf`. */
export interface Program {
  readonly text: string
  readonly stdin: Buffer
  readonly mark: string
}

/** Longest text passed as an argument. */
const LONGEST_ARGUMENT = 100_000

/**
 * A command as a program: before anything else it tells `mark` and its process id on stderr. So what the log-in shell
 * or sudo say beforehand is never taken for the command's words, and a hanging command can be ended.
 */
export function programOf(command: string): Program {
  const mark = `started-${randomBytes(9).toString('hex')}`
  const { text, stdin } = fitting(command)
  return { mark, text: `echo ${mark} $$ >&2; ${text}`, stdin }
}

/** A shell that reads a text from stdin, then runs it with the rest of stdin as its input. */
export interface Reader {
  readonly text: string
  /** The bytes that make it run `text`. Cut short (the connection is lost), it runs nothing. */
  frame(text: string): Buffer
}

export function makeReader(): Reader {
  const end = `#end-${randomBytes(9).toString('hex')}`
  // no line break in it (tcsh refuses those in quotes); neither `read` nor dd byte by byte take any of the input
  const text =
    'IFS= read -r _n; _t=$(dd ibs=1 obs=65536 count="$_n" 2>/dev/null); ' +
    `case $_t in *${end}) ;; *) exit 255 ;; esac; eval "$_t"`
  return {
    text,
    frame(body) {
      const framed = `${body}\n${end}`
      return Buffer.from(`${Buffer.byteLength(framed)}\n${framed}`)
    },
  }
}

/** A text that fits into an argument: a longer one is read from stdin. */
function fitting(text: string): { text: string; stdin: Buffer } {
  if (Buffer.byteLength(text) <= LONGEST_ARGUMENT) return { text, stdin: Buffer.alloc(0) }
  const reader = makeReader()
  return { text: reader.text, stdin: reader.frame(text) }
}

/** A program as the command line to hand to sshd, with what then goes to its stdin. */
export function forLogin(program: { text: string; stdin: Buffer }): { line: string; stdin: Buffer } {
  const line = loginLine(program.text)
  if (line.length <= LONGEST_ARGUMENT) return { line, stdin: program.stdin }
  const reader = makeReader()
  return { line: loginLine(reader.text), stdin: Buffer.concat([reader.frame(program.text), program.stdin]) }
}

/**
 * `text` as one command line that every login shell understands alike: plain texts in single quotes; others with each
 * character that any shell might touch written as an octal escape, which /bin/sh's printf turns back.
 */
function loginLine(text: string): string {
  if (!/['\\!\n\r]/.test(text)) return `exec sh -c ${text === '' ? "''" : `'${text}'`}`
  const octal = text.replace(/['\\!\n\r"$`%]/g, c => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`)
  return `exec sh -c 'eval "$(printf "${octal}")"'`
}
