/**
 * The tarball of the Node that hosts get for the agent: downloaded once on a computer, shared by all homes of all runs. Without
 * it each home would download it anew.
 */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { MARK, RUNTIME_DIR } from '../../provisioning/agent/runtime-facts.ts'
import { folderOf, type PinnedRuntime, runtimeFor, tarballOf } from '../../provisioning/agent/runtimes.ts'

const FOLDER = process.getuid?.() === 0 ? '/var/cache/machine-test' : join(tmpdir(), 'machine-test-cache')

/** The runtime of this computer's CPU, which test hosts share. */
export const hostRuntime = runtimeFor(process.arch === 'arm64' ? 'aarch64' : 'x86_64')

/** Where the tarball lies, undefined if it was not downloaded yet. */
function sharedTarball(): string | undefined {
  const path = hostRuntime && join(FOLDER, tarballOf(hostRuntime))
  return path && existsSync(path) ? path : undefined
}

/** Downloads it where it is missing, and says so. Throws what npm said. */
export function warmRuntime(say: (text: string) => void): string {
  const there = sharedTarball()
  if (there !== undefined) return there
  if (!hostRuntime) throw new Error(`there is no Node runtime for ${process.arch}`)
  say(`getting Node ${hostRuntime.version} for test hosts (${Math.round(hostRuntime.bytes / 1e6)} MB), once`)
  mkdirSync(FOLDER, { recursive: true })
  const folder = mkdtempSync(join(FOLDER, '.new-'))
  try {
    const argv = ['pack', `${hostRuntime.package}@${hostRuntime.version}`, '--prefer-offline', '--silent']
    execFileSync('npm', [...argv, '--pack-destination', folder], { stdio: ['ignore', 'ignore', 'inherit'] })
    renameSync(join(folder, tarballOf(hostRuntime)), join(FOLDER, tarballOf(hostRuntime)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return join(FOLDER, tarballOf(hostRuntime))
}

/**
 * Puts the runtime, unpacked, into the root file system of a host that does not run yet, as provisioning would find it there
 * from an earlier time: half a hundred hosts do not unpack it each. Hosts of tests that watch it come do without, and those of
 * the bench and of bin/kit, which see the whole way. Nothing is put where it was never downloaded.
 */
export function plantRuntime(root: string): void {
  const tarball = sharedTarball()
  if (tarball === undefined || !hostRuntime || process.env.JEST_WORKER_ID === undefined) return
  const from = unpacked(tarball, hostRuntime)
  const to = join(root, RUNTIME_DIR, folderOf(hostRuntime))
  mkdirSync(to, { recursive: true, mode: 0o755 })
  for (const name of ['node', MARK])
    try {
      linkSync(join(from, name), join(to, name))
    } catch {
      copyFileSync(join(from, name), join(to, name))
    }
}

/** The folder beside the tarball that holds what is in it; made by the first process that needs it. */
function unpacked(tarball: string, runtime: PinnedRuntime): string {
  const folder = join(FOLDER, folderOf(runtime))
  if (existsSync(folder)) return folder
  const half = mkdtempSync(join(FOLDER, '.new-'))
  try {
    execFileSync('tar', ['-xzf', tarball, '-C', half, '--no-same-owner', '--strip-components=2', 'package/bin/node'])
    writeFileSync(join(half, MARK), `${runtime.nodeSha256} ${runtime.nodeBytes}\n`)
    chmodSync(join(half, 'node'), 0o755)
    renameSync(half, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(half, { recursive: true, force: true })
  }
  return folder
}

/**
 * Puts it into a store's cache, as a link where that can be, else as a copy if `copy`. Does nothing where it is there, where it
 * was never downloaded, and where the store's folder cannot be made: tests of such stores see what they would see without it.
 */
export function seedRuntime(store: string, { copy }: { copy: boolean }): void {
  const from = sharedTarball()
  if (from === undefined || !hostRuntime) return
  const to = join(store, 'cache', tarballOf(hostRuntime))
  try {
    if (existsSync(to)) return
    const linkable = statSync(from).dev === statSync(existing(store)).dev
    if (!linkable && !copy) return
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
    if (linkable) linkSync(from, to)
    else copyFileSync(from, to)
  } catch {
    // a read-only store, or one somebody made at this moment: as said above
  }
}

function existing(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : existing(dirname(path))
}
