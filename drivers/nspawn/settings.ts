import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { arch } from 'node:os'
import { normalize, resolve } from 'node:path'
import { UsageError } from '../../src/errors.ts'
import type { NspawnConfig } from './flags.ts'
import { readSources } from './mirror.ts'
import { packageList } from './packages.ts'

/** Bump when the way a tree is built changes, so that trees built the old way are not used. */
const RECIPE = 1

/** Everything a root file system is made of; equal inputs have equal keys and share one cached tree. */
export interface RootInputs {
  readonly suite: string
  readonly arch: string
  readonly packages: readonly string[]
  /** Lines of sources.list; empty leaves the choice to mmdebstrap. */
  readonly sources: readonly string[]
  /** A tar to unpack instead of building. */
  readonly tar?: { readonly path: string; readonly size: number; readonly mtimeMs: number }
}

/** Where a host's tree comes from: a directory as it is, or a cached tree made from inputs. */
export type RootSource = { readonly directory: string } | { readonly key: string; readonly inputs: RootInputs }

const DEBIAN_ARCH: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  ia32: 'i386',
  ppc64: 'ppc64el',
  s390x: 's390x',
}

/** Key of a tree, 16 hex digits. */
export function rootKey(inputs: RootInputs): string {
  return createHash('sha256')
    .update(JSON.stringify([RECIPE, inputs]))
    .digest('hex')
    .slice(0, 16)
}

/** Settles what the tree is made from. Throws UsageError for an image that cannot be one. */
export async function readRootSource(config: NspawnConfig, machineArch = arch()): Promise<RootSource> {
  const base = { suite: config.suite, arch: DEBIAN_ARCH[machineArch] ?? machineArch }
  if (config.image === undefined) {
    const sources = await readSources(config.suite, config.mirror)
    const inputs = { ...base, packages: packageList(config.packages ?? []), sources }
    return { key: rootKey(inputs), inputs }
  }
  const path = resolve(config.image)
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) {
    const release = await readFile(`${path}/etc/os-release`, 'utf8').catch(() => undefined)
    if (release === undefined) throw new UsageError(`${path} is no root file system: it has no etc/os-release`)
    return { directory: path }
  }
  if (!found?.isFile() || !/\.tar(\.(gz|xz|zst))?$/.test(path)) {
    throw new UsageError(
      `--nspawn-image ${config.image} is neither a directory nor a .tar, .tar.gz, .tar.xz or .tar.zst`,
    )
  }
  const inputs = { ...base, packages: [], sources: [], tar: { path, size: found.size, mtimeMs: found.mtimeMs } }
  return { key: rootKey(inputs), inputs }
}

/** An absolute, plain path out of a flag. */
export function plainPath(path: string): string {
  return normalize(resolve(path)).replace(/(.)\/+$/, '$1')
}
