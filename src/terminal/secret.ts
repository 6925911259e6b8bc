/** Asking for a secret on the terminal, without showing what is typed. */
import { Secret } from '../ssh/quote.ts'

const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const BACKSPACE = ['\u007f', '\b']

/** Resolves with what was typed, or undefined when nothing was (an empty line, Ctrl-D). Ctrl-C is passed on as SIGINT. */
export function readSecret(prompt: string): Promise<Secret | undefined> {
  const { stdin, stderr } = process
  stdin.setRawMode(true) // before the question is seen: what is typed at once must not be shown either
  stderr.write(prompt)
  stdin.resume()
  stdin.setEncoding('utf8')
  return new Promise(resolve => {
    let typed = ''
    const end = (secret: Secret | undefined) => {
      stdin.off('data', onData)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
      resolve(secret)
    }
    const onData = (chunk: string) => {
      const chars = [...chunk]
      for (const [i, char] of chars.entries()) {
        if (char === '\r' || char === '\n') {
          end(typed === '' ? undefined : new Secret(typed))
          // What was pasted or typed ahead answers the next question.
          const rest = chars.slice(i + 1).join('')
          if (rest !== '') stdin.unshift(rest, 'utf8')
          return
        }
        if (char === CTRL_D) return end(undefined)
        if (char === CTRL_C) {
          end(undefined)
          process.kill(process.pid, 'SIGINT')
          return
        }
        typed = BACKSPACE.includes(char) ? [...typed].slice(0, -1).join('') : typed + char
      }
    }
    stdin.on('data', onData)
  })
}

/** Asks a yes-or-no question on `stream`; anything but an answer that begins with y is no. End of input is no. */
export async function confirm(question: string, stream: NodeJS.WritableStream): Promise<boolean> {
  return (await askYes(question, stream)) ?? false
}

/** As `confirm`, but undefined when the input ended without an answer. */
export async function askYes(question: string, stream: NodeJS.WritableStream): Promise<boolean | undefined> {
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: process.stdin, terminal: false })
  stream.write(question)
  try {
    for await (const line of lines) return /^\s*y/i.test(line)
    return undefined
  } finally {
    lines.close()
  }
}
