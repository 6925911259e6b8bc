/** The caller's own npm: what its configuration names, and getting a package with all of that configuration. */
import { spawn } from 'node:child_process'
import { access, readFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { findOnPath } from './programs.ts'
import type { World } from './world.ts'

type Here = Pick<World, 'env' | 'platform' | 'home' | 'signal'>

export interface Npm {
  readonly program: string
  /** What stands before npm's own arguments. */
  readonly argv: readonly string[]
}

/** Undefined where there is none. */
export async function findNpm(w: Here): Promise<Npm | undefined> {
  if (w.platform !== 'win32') {
    const program = await findOnPath('npm', w)
    return program === undefined ? undefined : { program, argv: [] }
  }
  // npm.cmd would need a shell: the script it runs lies beside it, and so does the Node it is for.
  for (const folder of (w.env.PATH ?? w.env.Path ?? '').split(delimiter).filter(f => f !== '')) {
    const script = join(folder, 'node_modules/npm/bin/npm-cli.js')
    if (
      await access(script).then(
        () => true,
        () => false,
      )
    )
      return { program: process.execPath, argv: [script] }
  }
  return undefined
}

/** The registry that npm would use; where there is no npm, what variables or ~/.npmrc name. May hold a password. */
export async function npmRegistry(w: Here): Promise<string | undefined> {
  const npm = await findNpm(w)
  if (npm) {
    const said = await runNpm(npm, ['config', 'get', 'registry'], w, { timeoutMs: 20_000 })
    const url = said.stdout.trim()
    if (said.code === 0 && /^https?:/.test(url)) return url
  }
  const named = Object.entries(w.env).find(([name, value]) => /^npm_config_registry$/i.test(name) && value)?.[1]
  if (named) return named
  const text = await readFile(w.env.npm_config_userconfig ?? join(w.home, '.npmrc'), 'utf8').catch(() => '')
  return /^\s*registry\s*=\s*"?(https?:[^\s"]+)/m.exec(text)?.[1]
}

/**
 * Puts a package's tarball into `folder`; why it could not, or undefined. `registry` instead of the configured one goes
 * through the environment: arguments are seen by all users of a computer.
 */
export async function packPackage(
  npm: Npm,
  name: string,
  folder: string,
  w: Here,
  registry?: string,
): Promise<string | undefined> {
  const argv = ['pack', name, '--pack-destination', folder, '--ignore-scripts', '--loglevel=error', '--no-progress']
  const env = registry === undefined ? {} : { npm_config_registry: registry }
  const said = await runNpm(npm, argv, w, { timeoutMs: 900_000, env })
  if (said.code === 0) return undefined
  const lines = said.stderr.split('\n').flatMap(line => /^npm (?:ERR!|error) (.*\S)/.exec(line)?.[1] ?? [])
  const why =
    lines.find(line => !/^(code|errno|syscall) /.test(line)) ??
    (said.code === null ? 'it did not come to an end' : `exit code ${said.code}`)
  return `npm: ${withoutPasswords(why).slice(0, 300)}`
}

/** A text without user and password of the URLs in it. */
export function withoutPasswords(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, '//')
}

interface Said {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function runNpm(
  npm: Npm,
  argv: readonly string[],
  w: Here,
  { timeoutMs, env = {} }: { timeoutMs: number; env?: Record<string, string> },
): Promise<Said> {
  return new Promise((resolve, reject) => {
    w.signal.throwIfAborted()
    // npm's own script asks PATH for a Node: the one that runs us goes last, for where there is none.
    const path = [w.env.PATH ?? '', dirname(process.execPath)].filter(p => p !== '').join(delimiter)
    const child = spawn(npm.program, [...npm.argv, ...argv], {
      env: { ...w.env, PATH: path, ...env } as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    })
    const end = () => child.kill('SIGTERM')
    w.signal.addEventListener('abort', end, { once: true })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-65_536)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-65_536)
    })
    child.on('error', error => resolve({ code: null, stdout, stderr: `npm error ${error.message}` }))
    child.on('close', code => {
      w.signal.removeEventListener('abort', end)
      if (w.signal.aborted) reject(w.signal.reason)
      else resolve({ code, stdout, stderr })
    })
  })
}
