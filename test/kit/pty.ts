/** Programs that ask on the terminal, run in one of their own by util-linux's `script`. */
import { spawn } from 'node:child_process'

export interface Conversation {
  readonly code: number
  /** All that the terminal showed. */
  readonly shown: string
}

export interface ConverseOptions {
  cwd: string
  env?: Record<string, string | undefined>
}

/** Runs a shell command; each answer is typed when its question has been shown. */
export function converse(
  command: string,
  answers: readonly (readonly [question: string, answer: string])[],
  options: ConverseOptions,
): Promise<Conversation> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...options.env }
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: options.cwd, env, timeout: 60_000 })
    const left = [...answers]
    let shown = ''
    let from = 0
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text
      for (let next = left[0]; next !== undefined && shown.indexOf(next[0], from) >= 0; next = left[0]) {
        from = shown.indexOf(next[0], from) + next[0].length
        left.shift()
        child.stdin.write(`${next[1]}\n`)
      }
    })
    child.on('error', reject)
    child.on('close', code => resolve({ code: code ?? -1, shown }))
  })
}
