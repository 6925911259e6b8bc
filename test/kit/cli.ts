/** The built CLI as a subprocess, in a home of its own: what e2e tests talk to. */
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seedRuntime } from './runtime-cache.ts'

const root = join(import.meta.dirname, '../..')
const machine = join(root, 'bin/machine')

export interface Ran {
  readonly code: number
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  env?: Record<string, string | undefined>
  input?: string
  cwd?: string
  /** Called with the process, for tests that interrupt it. */
  onStart?: (pid: number) => void
  /** Given up and killed after this long; 5 minutes by default. */
  timeoutMs?: number
}

/** Runs any program to its end and returns what it said; never throws for an exit code. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const env = Object.fromEntries(
      Object.entries({ ...process.env, ...options.env }).filter((e): e is [string, string] => e[1] !== undefined),
    )
    const child = spawn(program, args, {
      env,
      cwd: options.cwd ?? tmpdir(),
      timeout: options.timeoutMs ?? 300_000,
      killSignal: 'SIGKILL',
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code: code ?? -1, signal, stdout, stderr }))
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
    if (child.pid !== undefined) options.onStart?.(child.pid)
  })
}

export interface Home extends AsyncDisposable {
  [Symbol.asyncDispose](): Promise<void>
  /** HOME of the CLI. */
  readonly path: string
  readonly store: string
  /** Environment every run gets. */
  readonly env: Record<string, string | undefined>
  /** Runs `machine …`. */
  cli(...args: string[]): Promise<Ran>
  cliWith(options: RunOptions, ...args: string[]): Promise<Ran>
  /** As `cli`, and throws with all it said unless it exits 0; returns stdout. */
  ok(...args: string[]): Promise<string>
  /** Runs the docker client with the machine's environment. */
  docker(name: string, ...args: string[]): Promise<Ran>
  /** As `docker`, and throws unless it exits 0; returns trimmed stdout. */
  dockerOk(name: string, ...args: string[]): Promise<string>
  /** The environment `machine env NAME` sets. */
  dockerEnv(name: string): Promise<Record<string, string>>
}

/** For a home whose machines have no agent: dockerd serves mutual TLS itself, and its files are what a test looks at. */
export const CLASSIC = { MACHINE_ENGINE_AGENT: 'off' }
/** Commands that may put the agent onto a host. */
const PROVISIONING = new Set(['create', 'provision', 'adopt', 'modify', 'upgrade', 'start', 'import', 'agent'])

/** A clean home. On dispose every machine in its store is removed. */
export async function startHome(extra: Record<string, string | undefined> = {}): Promise<Home> {
  const path = await mkdtemp(join(tmpdir(), 'machine-home-'))
  const env: Record<string, string | undefined> = {
    HOME: path,
    MACHINE_STORAGE_PATH: undefined,
    MACHINE_DRIVER: undefined,
    MACHINE_CALLED_AS: undefined,
    MACHINE_ENGINE_AGENT: undefined,
    DOCKER_HOST: undefined,
    DOCKER_TLS_VERIFY: undefined,
    DOCKER_CERT_PATH: undefined,
    DOCKER_CONTEXT: undefined,
    SSH_AUTH_SOCK: undefined,
    SHELL: '/bin/bash',
    ...extra,
  }
  const environments = new Map<string, Record<string, string>>()
  const cliWith = (options: RunOptions, ...args: string[]) => {
    const all = { ...env, ...options.env }
    const own = all.MACHINE_STORAGE_PATH === undefined
    if (args.some(arg => PROVISIONING.has(arg))) seedRuntime(all.MACHINE_STORAGE_PATH ?? home.store, { copy: own })
    return run(process.execPath, [machine, ...args], { ...options, env: all })
  }
  const home: Home = {
    path,
    store: join(path, '.docker/machine'),
    env,
    cliWith,
    cli: (...args) => cliWith({}, ...args),
    ok: async (...args) => must(`machine ${args.join(' ')}`, await cliWith({}, ...args)),
    async dockerEnv(name) {
      const known = environments.get(name)
      if (known) return known
      const seen = JSON.parse(await home.ok('env', '--json', name)) as Record<string, string>
      environments.set(name, seen)
      return seen
    },
    docker: async (name, ...args) => run('docker', args, { env: { ...env, ...(await home.dockerEnv(name)) } }),
    dockerOk: async (name, ...args) => must(`docker ${args.join(' ')}`, await home.docker(name, ...args)).trim(),
    async [Symbol.asyncDispose]() {
      // `ls -q` leaves out what cannot be read.
      const store = env.MACHINE_STORAGE_PATH ?? home.store
      const names = (await readdir(join(store, 'machines')).catch(() => [])).filter(n => !n.startsWith('.'))
      const removed = names.length > 0 ? await cliWith({}, 'rm', '-f', ...names) : undefined
      await rm(path, { recursive: true, force: true })
      if (removed && removed.code !== 0) throw new Error(`clean-up failed: ${removed.stderr}`)
    },
  }
  return home
}

export function must(what: string, ran: Ran): string {
  if (ran.code === 0) return ran.stdout
  throw new Error(`${what} exited ${ran.code}\nstdout: ${ran.stdout}\nstderr: ${ran.stderr}`)
}
