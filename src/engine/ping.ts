/** Asking an engine who it is. */
import { MachineError } from '../errors.ts'
import type { EngineAddress } from './attempt.ts'
import { get } from './request.ts'

export interface EngineVersion {
  /** '28.5.2' */
  readonly version: string
  readonly apiVersion: string
  readonly minApiVersion: string
}

/** GET /version, which every engine answers at any API version. */
export async function pingEngine(at: EngineAddress): Promise<EngineVersion> {
  const body = await get(at, '/version')
  try {
    const { Version, ApiVersion, MinAPIVersion } = JSON.parse(body) as Record<string, string>
    if (typeof Version === 'string' && Version !== '')
      return { version: Version, apiVersion: ApiVersion ?? '', minApiVersion: MinAPIVersion ?? '' }
  } catch {
    // falls through: whatever this is, it is no engine's answer
  }
  throw new MachineError('ENGINE_BAD_ANSWER', `what answers at ${at.url} is not a Docker engine`)
}
