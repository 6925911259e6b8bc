/**
 * Scripts run as root on this computer: directly when we are root, else through `sudo -n`.
 *
 * Each is kept on a leash: a pipe only we hold open. When it closes (the caller aborted, or died, kill -9 included) the
 * script's whole process group is ended, so no orphan goes on making things while `rm` takes them away. It also works
 * across sudo, where a user may not signal root's processes. Ctrl-C does not reach the script: it has a session of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { MachineError } from '../../src/errors.ts'
import { all, type Cmd, script, sh, textOf } from '../../src/ssh/quote.ts'
import { ROOT_PATH } from './tools.ts'

export interface RootOptions {
  signal: AbortSignal
  /** Each line of stdout and stderr as it comes. */
  onLine?: (line: string) => void
  /** What failed, for the error's text: 'copy the root file system'. */
  doing: string
  uid?: number
}

/** No `--` before the group: dash's kill refuses it. The group gets 5 s to clean up: mmdebstrap unmounts what it mounted. */
const LEASH = script(`exec 3<&0 </dev/null
(trap '' TERM; read -r _ <&3; kill -TERM -$$; sleep 5; kill -KILL -$$) >/dev/null 2>&1 &
leash=$!
exec 3<&-
`)

/** The command as it is run: own group, on the leash, with root's PATH; its exit code is the command's. */
function leashed(command: Cmd): string {
  const path = sh`PATH=${ROOT_PATH} LC_ALL=C HOME=/root; export PATH LC_ALL HOME; umask 022`
  return `${textOf(path)}\n${textOf(LEASH)}(\n${textOf(command)}\n)\ncode=$?\nkill -KILL "$leash" 2>/dev/null\nexit $code`
}

/** Argv that runs a command as root. */
function rootArgv(command: Cmd, uid: number): [string, ...string[]] {
  const own = ['setsid', '-w', 'sh', '-c', leashed(command)] as const
  return uid === 0 ? [...own] : ['sudo', '-n', ...own]
}

/**
 * Runs a script as root and returns its stdout. Throws SUDO_REFUSED when sudo wants a password, NSPAWN_FAILED with the
 * last lines of its output when it fails, and the signal's reason when that aborted; the script has ended by then.
 */
export async function runAsRoot(command: Cmd, options: RootOptions): Promise<string> {
  const { signal, onLine } = options
  signal.throwIfAborted()
  const [file, ...args] = rootArgv(command, options.uid ?? process.getuid?.() ?? -1)
  // LC_ALL: sudo's refusals are recognised by their English words.
  const child = spawn(file, args, { stdio: 'pipe', env: { PATH: ROOT_PATH, LC_ALL: 'C' } })
  const letGo = () => child.stdin.destroy()
  child.stdin.on('error', () => {}) // it may end before we let go: its exit code says how
  signal.addEventListener('abort', letGo, { once: true })
  const out: string[] = []
  const last: string[] = []
  const read = (stream: NodeJS.ReadableStream, keep: boolean) =>
    createInterface({ input: stream }).on('line', line => {
      if (keep) out.push(line)
      if (line.trim() !== '') last.push(line.trim())
      if (last.length > 20) last.shift()
      onLine?.(line)
    })
  read(child.stdout, true)
  read(child.stderr, false)
  try {
    const code = await closed(child)
    signal.throwIfAborted()
    if (code === 0) return out.join('\n')
    throw refusal(last) ?? failure(options.doing, code, last)
  } finally {
    signal.removeEventListener('abort', letGo)
    letGo()
  }
}

function closed(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, killedBy) => resolve(code ?? (killedBy ? 128 : 1)))
  })
}

function refusal(last: readonly string[]): MachineError | undefined {
  const text = last.find(line => /^sudo: /.test(line))
  if (text === undefined) return undefined
  return new MachineError('SUDO_REFUSED', `making a container machine needs root, and ${text}`, {
    hints: ['run `sudo -v` first: it asks for your password and remembers it for a while'],
  })
}

function failure(doing: string, code: number, last: readonly string[]): MachineError {
  const errors = last.filter(line => /^E: |error|fail|cannot/i.test(line))
  const why = (errors.length > 0 ? errors : last).slice(-4).join('; ') || `exit code ${code}`
  return new MachineError('NSPAWN_FAILED', `could not ${doing}: ${why}`)
}

/** True when root can be had without asking: we are root, or sudo lets us pass. */
export async function canBeRoot(signal: AbortSignal): Promise<boolean> {
  return runAsRoot(all(script('true')), { signal, doing: 'become root' }).then(
    () => true,
    () => false,
  )
}
