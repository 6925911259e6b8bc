/** The paths of HOST; below another root where MACHINE_AGENT_ROOT names one, for tests and measurements. */
import { HOST } from '../protocol.ts'

const root = process.env.MACHINE_AGENT_ROOT ?? ''

export const PLACES: Readonly<Record<keyof typeof HOST, string>> = Object.fromEntries(
  Object.entries(HOST).map(([key, path]) => [key, path.startsWith('/') ? root + path : path]),
) as Record<keyof typeof HOST, string>
