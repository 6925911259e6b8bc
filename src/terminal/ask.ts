/** Questions to the person at the terminal, one after the other: several machines may ask at once. */
import type { Question } from '../../drivers/driver.ts'
import { readSecret } from './secret.ts'

let last: Promise<unknown> = Promise.resolve()

/** What was typed, without the white space around it; undefined for an empty line and at the end of input. */
export function ask({ text, secret }: Question): Promise<string | undefined> {
  const prompt = `${text}: `
  const answer = last.then(async () => (secret ? (await readSecret(prompt))?.reveal() : await readLine(prompt)))
  last = answer.catch(() => {})
  return answer.then(typed => String(typed ?? '').trim() || undefined)
}

async function readLine(prompt: string): Promise<string | undefined> {
  const { createInterface } = await import('node:readline')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  // Readline keeps Ctrl-C to itself: it is passed on, as if nobody read.
  lines.on('SIGINT', () => {
    lines.close()
    process.stderr.write('\n')
    process.kill(process.pid, 'SIGINT')
  })
  return await new Promise(resolve => {
    lines.on('close', () => resolve(undefined))
    lines.question(prompt, typed => {
      resolve(typed)
      lines.close()
    })
  })
}
