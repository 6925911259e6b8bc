/** A real sshd on a free port of loopback, with keys and settings of its own; gone when disposed of. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { generateKeyPair } from '../../src/ssh/keys.ts'

export interface SshdOptions {
  /** Host keys it has, 'ed25519' by default. */
  hostKeys?: readonly ('ed25519' | 'ecdsa' | 'rsa')[]
  /** Public lines let in besides the one of `keyPath`. */
  authorizedKeys?: readonly string[]
  /** A port fixed beforehand (`freePort`), for a sshd that comes later. */
  port?: number
  /** Variables every session gets. */
  env?: Readonly<Record<string, string>>
  /** Further lines of sshd_config. */
  config?: readonly string[]
}

export interface Sshd extends AsyncDisposable {
  readonly address: '127.0.0.1'
  readonly port: number
  /** The user this process runs as; any other of the computer is let in too. */
  readonly user: string
  /** An unencrypted private key that is let in, and its public line. */
  readonly keyPath: string
  readonly publicLine: string
  /** Public lines of its host keys, in the order asked for. */
  readonly hostKeys: readonly string[]
  /** A folder for the test's own files. */
  readonly dir: string
  /** Ends the connections there are (their sshd processes), not the listener. */
  dropConnections(): void
  /** All it logged. */
  log(): string
}

export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const program = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find(path => existsSync(path)) // it insists on a whole path
  if (!program) throw new Error('no sshd on this computer: apt-get install openssh-server')
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 }) // sshd refuses to start without
  const dir = await mkdtemp(join(tmpdir(), 'sshd-'))
  const port = options.port ?? (await freePort())
  const types = options.hostKeys ?? ['ed25519']
  for (const type of types) {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', '', '-f', join(dir, `host_${type}`)])
  }
  const pair = await generateKeyPair('ed25519', 'test')
  const keyPath = join(dir, 'id')
  await writeFile(keyPath, pair.privatePem, { mode: 0o600 })
  await writeFile(join(dir, 'authorized'), [pair.publicLine, ...(options.authorizedKeys ?? []), ''].join('\n'))
  // SHLVL: bash under sshd then leaves out ~/.bashrc; what this computer's says is not the test's business
  const env = { SHLVL: '2', ...options.env }
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    'PidFile none',
    'UsePAM yes',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'StrictModes no',
    'MaxStartups 100',
    `SetEnv ${Object.entries(env)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}`,
    `AuthorizedKeysFile ${join(dir, 'authorized')}`,
    ...types.map(type => `HostKey ${join(dir, `host_${type}`)}`),
    ...(options.config ?? []),
  ]
  await writeFile(join(dir, 'sshd_config'), `${config.join('\n')}\n`)
  execFileSync('chmod', ['711', dir]) // other users' log-ins read `authorized` as themselves

  const listener = spawn(program, ['-D', '-e', '-f', join(dir, 'sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  listener.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  await listening(listener, () => log)
  return {
    address: '127.0.0.1',
    port,
    user: userInfo().username,
    keyPath,
    publicLine: pair.publicLine,
    hostKeys: await Promise.all(
      types.map(async type => (await readFile(join(dir, `host_${type}.pub`), 'utf8')).trim()),
    ),
    dir,
    dropConnections: () => childrenOf(listener.pid).forEach(kill),
    log: () => log,
    async [Symbol.asyncDispose]() {
      const children = childrenOf(listener.pid)
      listener.kill('SIGKILL')
      if (listener.exitCode === null && listener.signalCode === null) await once(listener, 'exit')
      children.forEach(kill)
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** A port nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function listening(listener: ChildProcess, log: () => string): Promise<void> {
  while (!log().includes('Server listening')) {
    const more = listener.stderr ? once(listener.stderr, 'data') : Promise.resolve()
    await Promise.race([more, once(listener, 'exit')])
    if (listener.exitCode !== null) throw new Error(`sshd does not start: ${log()}`)
  }
}

function childrenOf(pid: number | undefined): number[] {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number)
  } catch {
    return [] // pgrep exits 1 for none
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it was gone already
  }
}
