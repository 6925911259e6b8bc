/**
 * Real hosts for tests: booted by the nspawn driver's own functions, on a subnet and in a state folder of their own, with
 * the shared cache of root file systems. They are not machines: nothing is provisioned, no record exists. Removed when
 * disposed of, and when the test process ends or is interrupted before that.
 */
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { CreateCtx } from '../../drivers/driver.ts'
import { createHost } from '../../drivers/nspawn/create.ts'
import { startHost as bootHost, killHost, removeHost, stopHost } from '../../drivers/nspawn/power.ts'
import { plainPath } from '../../drivers/nspawn/settings.ts'
import { placesOf, type State } from '../../drivers/nspawn/state.ts'
import { missingTools } from '../../drivers/nspawn/tools.ts'
import { TEST_STATE, testSubnet } from '../kit/places.ts'
import { plantRuntime } from '../kit/runtime-cache.ts'

const run = promisify(execFile)

export interface HostOptions {
  /** Debian release; trixie by default. */
  suite?: 'bookworm' | 'trixie' | 'forky'
  /** As --nspawn-packages: added, or left out with a leading '-'. */
  packages?: string[]
  image?: string
  /** Login that lets the key in; root by default. Another one is made, with sudo as `sudo` says. */
  sshUser?: string
  /** 'nopasswd' by default; 'password': the user's password is `password` of the result; 'none': not in sudoers. */
  sudo?: 'nopasswd' | 'password' | 'none'
  /** Text of /etc/docker/daemon.json, there before the engine starts. */
  daemonJson?: string
  /** Shell commands run as root in the host once it is up. */
  setUp?: string
  /** The agent's Node is not there yet. */
  withoutRuntime?: boolean
  subnet?: string
}

export interface TestHost extends AsyncDisposable {
  [Symbol.asyncDispose](): Promise<void>
  readonly address: string
  readonly user: string
  /** Private key file; the user's (and root's) authorized key. */
  readonly keyPath: string
  readonly password: string
  /** The host's public host keys. */
  readonly hostKeys: readonly string[]
  readonly state: State
  /** Flags of `create -d generic` for it. */
  readonly flags: readonly string[]
  /** Runs a shell command as root inside, not over SSH; throws when it fails, unless `ok` says that is fine. */
  exec(command: string, options?: { ok?: boolean }): Promise<string>
  stop(): Promise<void>
  start(): Promise<void>
  /** Pulls the plug. */
  crash(): Promise<void>
}

/** Why hosts cannot be booted here, or undefined: tests skip aloud with it. */
export async function whyNoHosts(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'test hosts need root'
  const missing = await missingTools(process.env.PATH ?? '')
  return missing.length > 0 ? `test hosts need ${missing.join(', ')}` : undefined
}

let count = 0
const PASSWORD = 'correct horse'

/** Boots a host and waits until it is up whole and lets the key in. */
export async function startHost(options: HostOptions = {}): Promise<TestHost> {
  mkdirSync(TEST_STATE, { recursive: true })
  const folder = mkdtempSync(join(TEST_STATE, 'machine-host-'))
  const keyPath = join(folder, 'key')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', keyPath])
  let state: State | undefined
  const ctx: CreateCtx<State> = {
    name: `kit${process.pid}-${++count}`,
    machineDir: folder,
    storeId: 'fee1dead',
    env: process.env,
    signal: new AbortController().signal,
    say: () => {},
    point: label => {
      if (label === 'nspawn tree ready' && state && !options.withoutRuntime) plantRuntime(placesOf(state).root)
    },
    publicKey: (await readFile(`${keyPath}.pub`, 'utf8')).trim(),
    enginePort: 2376,
    checkpoint: async made => {
      state = made
    },
  }
  const dispose = async () => {
    forget()
    if (state) await removeHost(state, ctx)
    rmSync(folder, { recursive: true, force: true })
  }
  const forget = atExit(() => state, folder)
  try {
    const made = await createHost(
      {
        suite: options.suite ?? 'trixie',
        image: options.image,
        packages: options.packages,
        mirror: undefined,
        subnet: options.subnet ?? testSubnet('generic'),
        memory: undefined,
        cpus: undefined,
        cacheDir: process.env.MACHINE_NSPAWN_CACHE_DIR ?? '/var/cache/machine',
        stateDir: plainPath(join(folder, 'state')),
      },
      ctx,
    )
    const host = await describe(made, keyPath, ctx, options, dispose)
    await prepare(host, options)
    return host
  } catch (error) {
    await dispose()
    throw error
  }
}

async function describe(
  state: State,
  keyPath: string,
  ctx: CreateCtx<State>,
  options: HostOptions,
  dispose: () => Promise<void>,
): Promise<TestHost> {
  const user = options.sshUser ?? 'root'
  const places = placesOf(state)
  const exec = execIn(state)
  return {
    address: state.IPAddress,
    user,
    keyPath,
    password: PASSWORD,
    hostKeys: (await readFile(places.hostKeys, 'utf8')).trim().split('\n'),
    state,
    flags: ['--generic-ip-address', state.IPAddress, '--generic-ssh-key', keyPath, '--generic-ssh-user', user],
    exec,
    stop: () => stopHost(state, ctx),
    start: async () => {
      await bootHost(state, ctx)
      await upAgain({ exec })
    },
    crash: () => killHost(state, ctx),
    [Symbol.asyncDispose]: dispose,
  }
}

/** Runs a shell command as root inside, not over SSH. */
export function execIn(state: State): TestHost['exec'] {
  const places = placesOf(state)
  return async (command, { ok = false } = {}) => {
    const init = await initOf(places.pid)
    const inside = ['-t', init, '-m', '-u', '-i', '-n', '-p', '-C', 'sh', '-c', command]
    const done = await run('nsenter', inside, {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      maxBuffer: 1 << 26,
    }).catch(error => {
      if (ok) return error as { stdout: string }
      throw new Error(`in ${state.Id}: ${command}\n${error.stderr || error.message}`, { cause: error })
    })
    return done.stdout.trimEnd()
  }
}

/** Pid, on this computer, of the host's init. */
async function initOf(pidFile: string): Promise<string> {
  const nspawn = (await readFile(pidFile, 'utf8')).split(' ')[0]
  const children = await readFile(`/proc/${nspawn}/task/${nspawn}/children`, 'utf8')
  return children.trim().split(' ')[0] ?? ''
}

/** Until every unit has started (or failed) and sshd listens: an early login could be refused, an engine still be starting. */
const UP = `for i in $(seq 600); do
  case $(cat /proc/1/comm) in
  systemd) case $(systemctl is-system-running 2>/dev/null) in running|degraded) up=yes ;; *) up=no ;; esac ;;
  init) up=yes ;;
  *) up=no ;; # systemd-nspawn has not become the init yet
  esac
  [ $up = yes ] && grep -q ':0016 [0-9A-F]*:0000 0A ' /proc/net/tcp && exit 0
  sleep 0.1
done
echo 'the host did not come up within a minute' >&2; systemctl list-jobs >&2; exit 1`

async function upAgain({ exec }: Pick<TestHost, 'exec'>): Promise<void> {
  await exec(UP)
}

async function prepare(host: TestHost, options: HostOptions): Promise<void> {
  await upAgain(host)
  if (host.user !== 'root') {
    await host.exec(`useradd -m -s /bin/bash ${host.user}
      echo '${host.user}:${PASSWORD}' | chpasswd
      cp -a /root/.ssh /home/${host.user}/ && chown -R ${host.user}: /home/${host.user}/.ssh`)
    const rule = { nopasswd: 'NOPASSWD: ALL', password: 'ALL', none: '' }[options.sudo ?? 'nopasswd']
    if (rule)
      await host.exec(`echo '${host.user} ALL=(ALL) ${rule}' > /etc/sudoers.d/test; chmod 440 /etc/sudoers.d/test`)
  }
  if (options.daemonJson !== undefined) {
    const text = Buffer.from(options.daemonJson).toString('base64')
    await host.exec(`mkdir -p /etc/docker; echo ${text} | base64 -d > /etc/docker/daemon.json
      if [ -d /run/systemd/system ] && command -v dockerd >/dev/null; then systemctl restart docker; fi`)
  }
  if (options.setUp !== undefined) await host.exec(options.setUp)
}

/** Removes the host in a process of its own when this one ends without having done so; returns how to take that back. */
export function atExit(state: () => State | undefined, folder: string): () => void {
  const clean = () => {
    const left = state()
    const remover = new URL('./remove-host.ts', import.meta.url).pathname
    if (left) spawnSync(process.execPath, [remover, JSON.stringify(left)], { stdio: 'inherit' })
    rmSync(folder, { recursive: true, force: true })
  }
  const interrupted = () => process.exit(130)
  process.once('exit', clean)
  process.once('SIGINT', interrupted)
  process.once('SIGTERM', interrupted)
  return () => {
    process.off('exit', clean)
    process.off('SIGINT', interrupted)
    process.off('SIGTERM', interrupted)
  }
}
