/**
 * The service's configuration where it is a file of shell assignments (OpenRC's /etc/conf.d/docker, Debian's
 * /etc/default/docker under sysvinit): ours is one block at its end, the rest is left as it is.
 */
import { MachineError } from '../src/errors.ts'
import { quote } from '../src/ssh/quote.ts'
import { splitWords } from './systemd/words.ts'

const BEGIN = '# >>> machine: rewritten by `machine provision`'
const END = '# <<< machine'

/** The text without our block. */
export function withoutBlock(text: string): string {
  const from = text.indexOf(BEGIN)
  const to = text.indexOf(END, from)
  return from < 0 || to < 0 ? text : text.slice(0, from) + text.slice(to + END.length).replace(/^\n/, '')
}

/**
 * The text with our block.
 * @param words what to put behind the options that are there
 * @param evaluated true if the service's script evaluates DOCKER_OPTS once more (OpenRC), so that words may hold spaces
 * @throws MachineError ENGINE_OPTION_SPACES where a word cannot be said
 */
export function withBlock(
  text: string,
  options: { theirLine: string; words: readonly string[]; env: readonly string[]; evaluated: boolean },
): string {
  const { theirLine, words, env, evaluated } = options
  const say = (word: string) => {
    if (evaluated) return quote(word)
    if (!/[\s"'\\*?[\]$`]/.test(word)) return word
    throw new MachineError(
      'ENGINE_OPTION_SPACES',
      `the service script on this host cannot pass on the option ${word}`,
      {
        hints: ['options with spaces or quotes need systemd or OpenRC, or a key in daemon.json'],
      },
    )
  }
  const kept =
    theirLine === '$DOCKER_OPTS' ? undefined : splitWords(theirLine).map(word => say(word.value.replaceAll('$$', '$')))
  const ours = words.map(say).join(' ')
  const rest = withoutBlock(text)
  const lines = env.map(
    assignment => `export ${assignment.replace(/=([\s\S]*)$/, (_, value: string) => `=${quote(value)}`)}`,
  )
  if (kept) lines.push(`DOCKER_OPTS=${quote([...kept, ours].join(' ').trim())}`)
  else if (ours) lines.push(`DOCKER_OPTS="\${DOCKER_OPTS:-} "${quote(ours)}`)
  if (lines.length === 0) return rest
  return [`${rest}${rest === '' || rest.endsWith('\n') ? '' : '\n'}${BEGIN}`, ...lines, END, ''].join('\n')
}
