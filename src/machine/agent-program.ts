/** The agent as the build bundled it: dist/agent.cjs. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { MachineError } from '../errors.ts'

export interface AgentProgram {
  /** First 16 hexadecimal digits of its SHA-256: its name on hosts. */
  readonly digest: string
  readonly text: Buffer
}

/** Throws AGENT_NOT_BUILT. */
export async function agentProgram(): Promise<AgentProgram> {
  const path = agentPath(import.meta.url)
  const text = await readFile(path).catch(cause => {
    throw new MachineError('AGENT_NOT_BUILT', `the agent's program is missing: ${path}`, {
      hints: ['in a checkout, `npm run build` makes it', 'in an installed package, install it again'],
      cause,
    })
  })
  return { digest: createHash('sha256').update(text).digest('hex').slice(0, 16), text }
}

/** Where it lies, seen from the file this code is in: a part of dist/cli, dist/lib/src/machine/*.js, or the sources. */
export function agentPath(from: string): string {
  const to = /\/dist\/cli\/[^/]*$/.test(from)
    ? '../agent.cjs'
    : /\/dist\/lib\/src\/machine\/[^/]*$/.test(from)
      ? '../../../agent.cjs'
      : '../../dist/agent.cjs'
  return fileURLToPath(new URL(to, from))
}
