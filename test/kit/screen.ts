/** A real terminal (tmux), typed into and read from the screen. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Home } from './cli.ts'

let openings = 0

export interface Screen extends Disposable {
  text(): string
  /** Waits until the screen matches; a minute. */
  shows(what: RegExp): Promise<void>
  /** A line, and Enter. */
  type(line: string): void
  /** A part of a line. */
  write(text: string): void
  keys(...names: string[]): void
  clear(): void
}

export interface ScreenOptions {
  /** 150 by default. */
  columns?: number
  env?: Record<string, string | undefined>
  /** Bare bash by default. */
  shell?: readonly string[]
}

const BARE_BASH = ['bash', '--norc', '--noprofile']

/** A terminal with a bare shell, `machine` on its PATH; a tmux server of its own. */
export function openScreen(home: Home, options: ScreenOptions = {}): Screen {
  const { columns = 150, shell = BARE_BASH } = options
  const socket = join(home.path, `tmux-${openings++}`)
  const env = {
    ...process.env,
    ...home.env,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    PS1: '$ ',
    CI: undefined,
    ...options.env,
  }
  const defined = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined),
  ) as NodeJS.ProcessEnv
  const bin = join(import.meta.dirname, '../../bin')
  defined.PATH = `${bin}:${join(process.execPath, '..')}:${process.env.PATH}`
  delete defined.TMUX
  const tmux = (...args: string[]) =>
    execFileSync('tmux', ['-u', '-S', socket, ...args], { env: defined, encoding: 'utf8', cwd: home.path })
  tmux('-f', '/dev/null', 'new-session', '-d', '-x', String(columns), '-y', '50', ...shell)
  const text = () => tmux('capture-pane', '-p', '-S', '-')
  return {
    text,
    async shows(what) {
      for (const deadline = Date.now() + 60_000; !what.test(text()); await sleep(50))
        if (Date.now() > deadline) throw new Error(`the screen never showed ${what}:\n${text()}`)
    },
    type(line) {
      tmux('send-keys', '-l', line)
      tmux('send-keys', 'Enter')
    },
    write: line => void tmux('send-keys', '-l', line),
    keys: (...names) => void tmux('send-keys', ...names),
    clear() {
      tmux('send-keys', '-R', 'C-l')
      tmux('clear-history')
    },
    [Symbol.dispose]: () => void tmux('kill-server'),
  }
}
