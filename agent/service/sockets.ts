/** Where connections come in: sockets that systemd or a former process of ours holds open for us, or a supervisor. */
import type { AgentConfig } from '../protocol.ts'

/** First file descriptor of what systemd hands over (sd_listen_fds). */
const FIRST = 3
/** Set by a process that hands its sockets over: how many there are, from FIRST on; 0: connections come as messages. */
export const HANDED_OVER = 'MACHINE_AGENT_SOCKETS'
/** Connections that may wait while nobody accepts: the length systemd's socket unit has too. */
export const BACKLOG = 4096

export type Listen = { readonly fd: number } | { readonly port: number; readonly backlog: number }

export function listenOn(
  config: AgentConfig,
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
): Listen[] {
  const ofSystemd = env.LISTEN_PID === String(pid) ? env.LISTEN_FDS : undefined
  const count = env[HANDED_OVER] ?? ofSystemd
  if (count !== undefined) return Array.from({ length: Number(count) }, (_, i) => ({ fd: FIRST + i }))
  return config.ports.map(port => ({ port, backlog: BACKLOG }))
}

/** Whether a supervisor accepts connections and passes them on. */
export function areSent(env: Readonly<Record<string, string | undefined>>): boolean {
  return env[HANDED_OVER] === '0'
}
