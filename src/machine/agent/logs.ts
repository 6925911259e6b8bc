/** `agent logs`: what the agent wrote, from the journal of the host, or from its files where there is none. */
import { UsageError } from '../../errors.ts'
import { quote, script } from '../../ssh/quote.ts'
import { inspectInstance } from '../instance.ts'
import { refuseClientOnly } from '../own-authority.ts'
import type { MachineRecord } from '../record.ts'
import { dialMachine } from '../session.ts'
import { openShell } from '../shell.ts'
import type { World } from '../world.ts'
import { loadWithAgent } from './of-machine.ts'

export interface LogOptions {
  /** How many of the last lines. */
  readonly lines: number
  /** Go on with what comes. */
  readonly follow?: boolean
  /** In journalctl's words: '2026-01-31 10:00', '1 hour ago'. */
  readonly since?: string | undefined
}

/** Streams to this process's stdout until the end, or Ctrl-C where it follows; returns the remote exit code. */
export async function agentLogs(name: string, options: LogOptions, w: World): Promise<number> {
  const record = await loadWithAgent(name, w)
  refuseClientOnly(record, 'agent logs', w)
  if (w.env.MACHINE_SUDO_PASSWORD) return await printAsRoot(record, options, w)
  const terminal = Boolean(process.stdin.isTTY && process.stdout.isTTY)
  return await openShell(name, ['sh', '-c', quote(logCommand(options, { terminal }))], w)
}

/** The longest that a timer of Node's can wait, 24 days. */
const FOREVER_MS = 2 ** 31 - 1

/** The same through a session of our own, which gives sudo the password that the environment holds. */
async function printAsRoot(record: MachineRecord, options: LogOptions, w: World): Promise<number> {
  await using host = await dialMachine(record, await inspectInstance(record, w), w, { deadlineMs: 20_000 })
  const done = await host.run(script(logCommand(options)), {
    root: true,
    signal: w.signal,
    ok: Array.from({ length: 256 }, (_, code) => code),
    onLine: (line, stream) => process[stream].write(`${line}\n`),
    ...(options.follow ? { timeoutMs: FOREVER_MS } : {}),
  })
  return done.code
}

const FILES = '/var/log/machine-agent/audit.log /var/log/machine-agent/agent.log'

/**
 * One line without backslashes and exclamation marks, which some log-in shells read even between single quotes. `terminal`:
 * a sudo that wants a password can ask for it.
 */
export function logCommand({ lines, follow = false, since }: LogOptions, { terminal = false } = {}): string {
  if (since !== undefined && !/^[\w :+.,-]+$/.test(since))
    throw new UsageError(`"${since}" is no time`, ["give one as '2026-01-31 10:00', today or '1 hour ago'"])
  // joined to the flag, so that '-1h' is a time; not journalctl's default of ten lines when it follows
  const journal = ['journalctl', '--unit=machine-agent', '--no-pager', '--output=short-iso', `--lines=${lines}`]
  if (since !== undefined) journal.push(`--since="${since}"`)
  if (follow) journal.push('--follow')
  const tail = `for f in ${FILES}; do $s test -f $f && l="$l $f"; done; test -n "$l" || { echo "there is no log yet" >&2; exit 1; }; exec $s tail -n ${lines} ${follow ? '-F ' : ''}$l`
  const files =
    since === undefined ? tail : 'echo "--since needs the journal of systemd, which this host has not" >&2; exit 1'
  return [
    `if test "$(id -u)" = 0; then s=; else s="sudo${terminal ? '' : ' -n'}"; fi`,
    `if test -d /run/systemd/system; then exec $s ${journal.join(' ')}; fi`,
    `l=`,
    files,
  ].join('; ')
}
