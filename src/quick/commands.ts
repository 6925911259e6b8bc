/** The commands answered before oclif is loaded, and the flags of theirs that plain calls have. */
import { active } from '../answers/active.ts'
import type { Answering } from '../answers/answer.ts'
import { config } from '../answers/config.ts'
import { env } from '../answers/env.ts'
import { inspect } from '../answers/inspect.ts'
import { ip } from '../answers/ip.ts'
import { ls } from '../answers/ls.ts'
import { status } from '../answers/status.ts'
import { url } from '../answers/url.ts'
import type { CallShape, FlagKind } from './plain-call.ts'

export interface QuickCommand {
  readonly shape: CallShape
  /** Nothing but the answer goes to its stdout: shells evaluate it, or scripts read it, and a certificate may be renewed meanwhile. */
  readonly cleanStdout: boolean
  // biome-ignore lint/suspicious/noExplicitAny: each answers to its own flags, which the shape beside it describes
  readonly answer: Answering<any>
}

/** Of every command; the last two are taken and mean nothing: GitLab Runner begins each call with one of them. */
const STORE = {
  'storage-path': 'word',
  json: 'switch',
  'github-api-token': 'word',
  'bugsnag-api-token': 'word',
} as const

function command(
  // biome-ignore lint/suspicious/noExplicitAny: as above
  answer: Answering<any>,
  flags: Readonly<Record<string, FlagKind>> = {},
  letters: Readonly<Record<string, string>> = {},
  cleanStdout = false,
): QuickCommand {
  return { answer, cleanStdout, shape: { flags: { ...STORE, ...flags }, letters: { s: 'storage-path', ...letters } } }
}

export const QUICK: Readonly<Record<string, QuickCommand>> = {
  active: command(active, { timeout: 'count' }, { t: 'timeout' }),
  config: command(config, { swarm: 'switch', 'no-check': 'switch' }, {}, true),
  env: command(
    env,
    { shell: 'word', unset: 'switch', swarm: 'switch', 'no-proxy': 'switch', 'no-check': 'switch' },
    { u: 'unset' },
    true,
  ),
  inspect: command(inspect, { format: 'word' }, { f: 'format' }),
  ip: command(ip),
  ls: command(
    ls,
    { quiet: 'switch', filter: 'words', timeout: 'count', format: 'word' },
    { q: 'quiet', t: 'timeout', f: 'format' },
    true,
  ),
  status: command(status, {}, {}, true),
  url: command(url),
}
