import { ensureRootfs } from '../../drivers/nspawn/rootfs.ts'
import { plainPath, readRootSource } from '../../drivers/nspawn/settings.ts'

/** The Debian tree test hosts are copied from, with further packages; built unless it is in the cache. */
export async function hostTree(packages?: string[]): Promise<string> {
  const cacheDir = process.env.MACHINE_NSPAWN_CACHE_DIR ?? '/var/cache/machine'
  const unset = { image: undefined, mirror: undefined, memory: undefined, cpus: undefined }
  const source = await readRootSource({ ...unset, packages, suite: 'trixie', subnet: '', cacheDir, stateDir: '' })
  const signal = new AbortController().signal
  const ctx = { name: '', machineDir: '', storeId: '', env: process.env, signal, say: () => {}, point: () => {} }
  return await ensureRootfs(source, plainPath(cacheDir), ctx)
}
