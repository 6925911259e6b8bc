/** The Host behind an SSH connection. */
import { MachineError } from '../errors.ts'
import { Channels } from './channels.ts'
import type { Dialed } from './dial.ts'
import { type Ended, exec } from './exec.ts'
import type { Host, RunOptions, RunResult, UploadOptions } from './host.ts'
import type { JumpHostKeys } from './jump.ts'
import { lastLines } from './output.ts'
import { type Program, programOf } from './program.ts'
import { type Cmd, Secret, sh, textOf } from './quote.ts'
import { passwordProgram, readRefusal, refused, rootProgram } from './sudo.ts'
import { uploadCommand, uploadError, uploadTimeoutMs } from './upload.ts'

const TIMEOUT_MS = 600_000

export class Session implements Host {
  readonly name: string
  readonly hostKey: string
  readonly jumpHostKeys: JumpHostKeys
  readonly #dialed: Dialed
  readonly #channels: Channels
  readonly #user: string
  readonly #askSudo: (() => Promise<Secret | undefined>) | undefined
  #sudoPassword: Promise<Secret> | undefined

  constructor(dialed: Dialed, askSudo?: () => Promise<Secret | undefined>) {
    const { address, port, user } = dialed.target
    this.name = `${user}@${address}:${port}`
    this.hostKey = dialed.hostKey
    this.jumpHostKeys = dialed.jumpHostKeys
    this.#dialed = dialed
    this.#user = user
    this.#askSudo = askSudo
    this.#channels = new Channels(dialed.client, this.name)
  }

  async run(command: Cmd, options: RunOptions = {}): Promise<RunResult> {
    const result = await this.#perform(command, options)
    if ((options.ok ?? [0]).includes(result.code)) return result
    const why = lastLines(result.stderr) || lastLines(result.stdout)
    const text = `${label(command, this.name)} failed with exit code ${result.code}${why ? `: ${why}` : ''}`
    throw new MachineError('REMOTE_FAILED', text)
  }

  async upload(path: string, content: string | Uint8Array | Secret, options: UploadOptions = {}): Promise<void> {
    const input = bytesOf(content)
    const { mode = 0o644, ...rest } = options
    const timeoutMs = uploadTimeoutMs(input.length)
    const result = await this.#perform(uploadCommand(path, input.length, mode), { ...rest, input, timeoutMs })
    if (result.code !== 0) throw uploadError(path, this.name, result)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dialed.close()
  }

  /** Runs a command whatever its exit code. */
  async #perform(command: Cmd, options: RunOptions): Promise<RunResult> {
    const text = textOf(command)
    const what = label(command, this.name)
    if (!options.root || this.#user === 'root') {
      const { started, ...result } = await this.#exec(programOf(text), what, options, pid => this.#kill(pid))
      if (!started) throw noShell(this.name, result)
      return result
    }
    const { started, ...first } = await this.#performAsRoot(text, what, options, await this.#sudoPassword)
    if (started) return first
    const refusal = readRefusal(first.code, first.stderr)
    if (refusal !== 'password') throw refused(refusal, this.#user, this.name, first.stderr)
    this.#sudoPassword ??= this.#askPassword(options)
    const second = await this.#performAsRoot(text, what, options, await this.#sudoPassword)
    if (!second.started) throw refused(readRefusal(second.code, second.stderr), this.#user, this.name, second.stderr)
    return { code: second.code, stdout: second.stdout, stderr: second.stderr }
  }

  #performAsRoot(text: string, what: string, options: RunOptions, password?: Secret): Promise<Ended> {
    return this.#exec(rootProgram(text, password), what, options, pid => this.#kill(pid, { asRoot: true, password }))
  }

  /** Ends a command and what it started. */
  #kill(pid: number, { asRoot = false, password }: { asRoot?: boolean; password?: Secret | undefined } = {}) {
    const ending = textOf(killCommand(pid))
    return this.#exec(asRoot ? rootProgram(ending, password) : programOf(ending), 'kill', {})
  }

  /** Asks once for a session; a failure is not remembered, so that another command asks again. */
  async #askPassword(options: RunOptions): Promise<Secret> {
    try {
      if (!this.#askSudo) throw refused('unasked', this.#user, this.name)
      const password = await this.#askSudo()
      if (!password) throw refused('password', this.#user, this.name)
      const what = `sudo on ${this.name}`
      const tried = await this.#exec(passwordProgram(password), what, options.signal ? { signal: options.signal } : {})
      if (tried.code !== 0) throw refused('wrong', this.#user, this.name)
      return password
    } catch (error) {
      this.#sudoPassword = undefined
      throw error
    }
  }

  #exec(
    program: Program,
    what: string,
    { input, timeoutMs = TIMEOUT_MS, signal, onLine, onProgress }: RunOptions,
    kill?: (pid: number) => Promise<unknown>,
  ): Promise<Ended> {
    const bytes = input === undefined ? undefined : bytesOf(input)
    return exec(this.#channels, program, { what, timeoutMs, signal, onLine, onProgress, kill, input: bytes })
  }
}

/**
 * sshd runs a command as a process group of its own, sudo sometimes another: the one to end is the group of `pid`. Without
 * a `--` before the group, which dash takes for a bad number.
 */
function killCommand(pid: number): Cmd {
  return sh`{ read -r _ _ _ _ group _ < /proc/${pid}/stat && kill -TERM "-$group"; } 2>/dev/null || kill -TERM ${pid}`
}

/** For a log-in that runs something else than what it is told: a forced command, /sbin/nologin. */
function noShell(at: string, { stdout, stderr }: RunResult): MachineError {
  const why = lastLines(stdout) || lastLines(stderr) || 'it says nothing'
  return new MachineError('SSH_NO_SHELL', `the log-in ${at} runs no commands: ${why}`, {
    hints: ['log in as a user with an ordinary shell'],
  })
}

function label(command: Cmd, at: string): string {
  const line = textOf(command)
    .trim()
    .replace(/\s*\n[\s\S]*$/, ' …')
  return `\`${line.length > 120 ? `${line.slice(0, 119)}…` : line}\` on ${at}`
}

function bytesOf(content: string | Uint8Array | Secret): Uint8Array {
  const bare = content instanceof Secret ? content.reveal() : content
  return typeof bare === 'string' ? Buffer.from(bare) : bare
}
