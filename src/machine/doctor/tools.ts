/** Programs that commands hand their work to. None is needed by every command, so an absent one is a warning. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { findOnPath } from '../programs.ts'
import type { World } from '../world.ts'
import { type Check, ok, warning } from './check.ts'

interface Tool {
  readonly program: string
  /** What is not to be had without it. */
  readonly without: string
  /** Arguments that make it print its version; absent: it has none. */
  readonly version?: readonly string[]
  /** Debian's package. */
  readonly package: string
}

const TOOLS: readonly Tool[] = [
  { program: 'ssh', without: 'ssh uses the built-in client', version: ['-V'], package: 'openssh-client' },
  { program: 'scp', without: 'there is no scp', package: 'openssh-client' },
  { program: 'rsync', without: 'there is no scp -d', version: ['--version'], package: 'rsync' },
  { program: 'sshfs', without: 'there is no mount', version: ['--version'], package: 'sshfs' },
  { program: 'docker', without: 'nothing here speaks to engines', version: ['--version'], package: 'docker-cli' },
]

export const toolChecks: readonly Check<World>[] = TOOLS.map(tool => ({
  id: tool.program,
  what: tool.program,
  async look(w) {
    const path = await findOnPath(tool.program, w)
    if (path === undefined) return warning(`not installed: ${tool.without}`, `apt-get install ${tool.package}`)
    return ok([await versionOf(tool, path, w), `(${path})`].filter(word => word !== '').join(' '))
  },
}))

async function versionOf(tool: Tool, path: string, w: World): Promise<string> {
  if (!tool.version) return ''
  const env = Object.fromEntries(Object.entries(w.env).filter(([, value]) => value !== undefined))
  const ran = await promisify(execFile)(path, [...tool.version], { signal: w.signal, env }).catch(error => error)
  const line = `${ran.stdout ?? ''}${ran.stderr ?? ''}`.split('\n').find(l => /\d/.test(l)) ?? ''
  return /\d+\.\d+[\w.+~-]*/.exec(line)?.[0] ?? 'says no version'
}
