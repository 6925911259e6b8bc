/** The one line that ends a create. */
import { detectShell, evaluationLine } from './machine/environment.ts'
import { commandLine } from './program-name.ts'

interface Called {
  program: string
  /** --storage-path as it was given. */
  storagePath: string | undefined
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
}

/** What points the docker client of this shell at the machine: the program as it was called, the store as it was named. */
export function lineToCopy(name: string, { program, storagePath, env, platform }: Called): string {
  const words = ['env', ...(storagePath === undefined ? [] : ['--storage-path', storagePath]), name]
  const shell = env.SHELL || platform === 'win32' ? detectShell(undefined, env, platform) : 'sh'
  return evaluationLine(shell, commandLine(program, words, env))
}
