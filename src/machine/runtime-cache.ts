/** Tarballs of Node runtimes, in `cache/` of the store: downloaded once, checked at each use. */
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tarballUrl } from '../../provisioning/agent/registry.ts'
import { type PinnedRuntime, tarballOf } from '../../provisioning/agent/runtimes.ts'
import { MachineError, messageOf } from '../errors.ts'
import { findNpm, npmRegistry, packPackage, withoutPasswords } from './npm.ts'
import type { World } from './world.ts'

type Here = Pick<World, 'store' | 'env' | 'platform' | 'home' | 'signal'>

/** Names of folders a download takes place in begin with this; what a crash left is removed by the next download. */
const UNFINISHED = '.download-'
/** No download takes longer: npm and fetch are given up before. */
const DOWNLOAD_MS = 900_000

/** The tarball, if it lies in the cache and is what it should be. */
export async function cachedRuntime(runtime: PinnedRuntime, w: Pick<World, 'store'>): Promise<Buffer | undefined> {
  const bytes = await readFile(w.store.filePath(['cache', tarballOf(runtime)])).catch(() => undefined)
  return bytes && isRuntime(bytes, runtime) ? bytes : undefined
}

/**
 * The tarball, downloaded where the cache has it not; of several processes one downloads. `registry` counts instead of what
 * npm's configuration names. Throws RUNTIME_DOWNLOAD.
 */
export async function downloadedRuntime(
  runtime: PinnedRuntime,
  w: Here,
  options: { registry?: string | undefined; onDownload?: () => void } = {},
): Promise<Buffer> {
  const there = await cachedRuntime(runtime, w)
  if (there) return there
  const purpose = `download ${tarballOf(runtime)}`
  await using _lock = await w.store.lockCache({ purpose, waitMs: 2 * DOWNLOAD_MS, signal: w.signal })
  const meanwhile = await cachedRuntime(runtime, w)
  if (meanwhile) return meanwhile
  options.onDownload?.()
  const cache = join(w.store.path, 'cache')
  for (const name of await readdir(cache))
    if (name.startsWith(UNFINISHED)) await rm(join(cache, name), { recursive: true, force: true })
  const folder = await mkdtemp(join(cache, UNFINISHED))
  try {
    const why = await download(runtime, folder, w, options.registry)
    const file = join(folder, tarballOf(runtime))
    const bytes = why === undefined ? await readFile(file) : undefined
    if (!bytes) throw unavailable(runtime, why ?? '', w)
    if (!isRuntime(bytes, runtime)) throw unavailable(runtime, 'the registry gave another file than the pinned one', w)
    await rename(file, join(cache, tarballOf(runtime)))
    return bytes
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Why it could not be downloaded; undefined when it lies in `folder`. */
async function download(runtime: PinnedRuntime, folder: string, w: Here, asked?: string): Promise<string | undefined> {
  // npm takes no password out of a registry's URL.
  const npm = asked !== undefined && URL.parse(asked)?.username ? undefined : await findNpm(w)
  if (npm) return await packPackage(npm, `${runtime.package}@${runtime.version}`, folder, w, asked)
  const registry = asked ?? (await npmRegistry(w))
  if (registry === undefined) return 'there is no npm on this computer, and no registry is named'
  try {
    await writeFile(join(folder, tarballOf(runtime)), await get(tarballUrl(registry, runtime), w.signal))
    return undefined
  } catch (error) {
    w.signal.throwIfAborted()
    return withoutPasswords(messageOf(error instanceof Error && error.cause ? error.cause : error))
  }
}

async function get(address: string, signal: AbortSignal): Promise<Uint8Array> {
  const url = new URL(address)
  const login = url.username ? `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` : undefined
  url.username = ''
  url.password = ''
  const answer = await fetch(url, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_MS)]),
    ...(login === undefined ? {} : { headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` } }),
  })
  if (!answer.ok) throw new Error(`the registry answered ${answer.status} ${answer.statusText}`)
  return new Uint8Array(await answer.arrayBuffer())
}

function isRuntime(bytes: Uint8Array, { sha512 }: PinnedRuntime): boolean {
  return createHash('sha512').update(bytes).digest('hex') === sha512
}

function unavailable(runtime: PinnedRuntime, why: string, w: Here): MachineError {
  return new MachineError('RUNTIME_DOWNLOAD', `Node for the agent could not be downloaded: ${why}`, {
    hints: [
      `name an npm registry that has ${runtime.package}@${runtime.version}: npm config set registry URL, or create with --engine-agent-registry`,
      `or put its tarball here by hand: ${w.store.filePath(['cache', tarballOf(runtime)])}`,
      'or do without the agent: --engine-agent=off',
    ],
  })
}
