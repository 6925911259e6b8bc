/** Where a host's Node comes from, as provisioning asks for it. */
import { registryForHost } from '../../provisioning/agent/registry.ts'
import type { RuntimeSource } from '../../provisioning/agent/runtime.ts'
import { hasCode } from '../errors.ts'
import { isNear } from './near.ts'
import { npmRegistry } from './npm.ts'
import { cachedRuntime, downloadedRuntime } from './runtime-cache.ts'
import type { World } from './world.ts'

export interface RegistryWish {
  /** --engine-agent-registry's, checked; absent: the mirror, else the one npm's configuration names here. */
  readonly registry?: string | undefined
  /** The driver's: one that hosts of its place reach. */
  readonly mirror?: string | undefined
}

export function runtimeSource(w: World, address: string, { registry, mirror }: RegistryWish = {}): RuntimeSource {
  return {
    near: isNear(address),
    registry: async () => registryForHost(registry ?? mirror ?? (await npmRegistry(w))),
    cached: runtime => cachedRuntime(runtime, w),
    async tarball(runtime, { say, machine }) {
      const text = `downloading Node ${runtime.version} (${Math.round(runtime.bytes / 1e6)} MB), once`
      const onDownload = () => say({ type: 'progress', machine, text })
      const from = (source: string | undefined) => downloadedRuntime(runtime, w, { registry: source, onDownload })
      // This computer need not be where the host is: its own npm first.
      return await from(registry).catch(async error => {
        if (registry !== undefined || mirror === undefined || !hasCode(error, 'RUNTIME_DOWNLOAD')) throw error
        return await from(mirror).catch(() => Promise.reject(error))
      })
    },
  }
}
