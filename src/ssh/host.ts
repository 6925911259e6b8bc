/** An open session on a machine: what provisioning works with, whoever carries it. */
import type { Cmd, Secret } from './quote.ts'

export interface RunOptions {
  /** Exit codes that are no error; [0] by default. */
  ok?: readonly number[]
  /** Given to the command's stdin, which is then closed. */
  input?: string | Uint8Array | Secret
  /** Run as root: as is when the login is root, else through sudo (its password, if it wants one, goes over stdin). */
  root?: boolean
  /** How long the command may take before it is given up, in milliseconds; 10 minutes by default. */
  timeoutMs?: number
  /** Each line of stdout and stderr as it comes, for progress. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void
  /** How many bytes of the input have gone out, and of how many. */
  onProgress?: OnProgress
  signal?: AbortSignal
}

export interface RunResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export type OnProgress = (done: number, total: number) => void

export interface UploadOptions {
  /** File mode, 0o644 by default; set before the file gets its name. */
  mode?: number
  root?: boolean
  signal?: AbortSignal
  onProgress?: OnProgress
}

export interface Host extends AsyncDisposable {
  /** Where the session leads: user@address:port, for texts. */
  readonly name: string
  /** The host key seen, as 'ssh-ed25519 AAAA…'. */
  readonly hostKey: string
  /** Host keys of the jump hosts on the way that the user's known_hosts does not know, by their name there. */
  readonly jumpHostKeys?: Readonly<Record<string, string>>
  /**
   * Runs a command in /bin/sh and returns its output. Throws MachineError REMOTE_FAILED (exit code not in `ok`; the
   * text holds the last lines of stderr), REMOTE_TIMEOUT, SSH_LOST (the connection went away), SUDO_REFUSED.
   */
  run(command: Cmd, options?: RunOptions): Promise<RunResult>
  /** Writes a file whole: beside it first, then mode, then renamed over it. The parent folder must exist. */
  upload(path: string, content: string | Uint8Array | Secret, options?: UploadOptions): Promise<void>
}
