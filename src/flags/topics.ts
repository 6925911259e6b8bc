/** Commands of two words: `agent status` is `agent:status` in the table of commands. */
import { drivers } from '../../drivers/index.ts'

/** First words, with what help says of them. */
export const TOPICS: Readonly<Record<string, string>> = {
  agent: 'Look at the engine agents of machines, read what they log, upgrade and restart them.',
  cert: 'List, issue, renew and revoke client certificates.',
  ...Object.fromEntries(
    drivers
      .filter(driver => driver.sweep)
      .map(driver => [driver.name, `Find what machines of driver ${driver.name} left behind.`]),
  ),
}

/** The command that words begin with, by its name in the table, and the words behind it. */
export function commandIn(words: readonly string[]): { id: string | undefined; rest: string[] } {
  const [first, second] = words
  const two = first !== undefined && Object.hasOwn(TOPICS, first) && second !== undefined && /^[a-z]/i.test(second)
  return two ? { id: `${first}:${second}`, rest: words.slice(2) } : { id: first, rest: words.slice(1) }
}

/** The name as it is typed. */
export function typedName(id: string): string {
  return id.replaceAll(':', ' ')
}
