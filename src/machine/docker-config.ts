/** Docker's client configuration: where it lies, and the one key of it that is ours to change, `currentContext`. */
import { mkdir, readFile, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MachineError, messageOf } from '../errors.ts'
import { writeAtomic } from '../store/atomic.ts'
import { errnoOf } from '../store/unwritable.ts'
import type { World } from './world.ts'

/** The name docker gives to "no context": DOCKER_HOST, else the engine on this computer. */
export const NO_CONTEXT = 'default'

/** Folder of docker's client configuration: DOCKER_CONFIG, else ~/.docker. */
export function dockerConfigDir(w: Pick<World, 'env' | 'home'>): string {
  return w.env.DOCKER_CONFIG || join(w.home, '.docker')
}

/** The context docker uses where nothing else is said; undefined where none was chosen or nothing can be read. */
export async function currentContext(configDir: string): Promise<string | undefined> {
  const config = await readConfig(join(configDir, 'config.json')).catch(() => ({}) as Config)
  const { currentContext } = config
  return typeof currentContext === 'string' && currentContext !== '' ? currentContext : undefined
}

/** Makes `name` the current context, or with undefined none. Throws DOCKER_CONFIG for a file that is not to be touched. */
export async function setCurrentContext(configDir: string, name: string | undefined): Promise<void> {
  const named = join(configDir, 'config.json')
  // People keep it elsewhere and link to it: the link stays.
  const path = await realpath(named).catch(() => named)
  const { currentContext: _, ...rest } = await readConfig(path)
  const config = name === undefined ? rest : { ...rest, currentContext: name }
  await writing(path, async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    // As docker writes it: tabs, readable by its owner alone (it may hold log-ins).
    await writeAtomic(path, JSON.stringify(config, null, '\t'), 0o600)
  })
}

type Config = Record<string, unknown>

async function readConfig(path: string): Promise<Config> {
  try {
    const config: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config as Config
    throw new Error('it is no JSON object')
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return {}
    throw new MachineError('DOCKER_CONFIG', `cannot read ${path}: ${messageOf(cause)}`, {
      hints: ['mend it: docker needs it too', 'DOCKER_CONFIG names another folder for it'],
      cause,
    })
  }
}

/** Runs `write`; what keeps it from writing is told with what can be done about docker's files, not the store's. */
export async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (cause) {
    const known = cause instanceof MachineError || /^E[A-Z]+$/.test(errnoOf(cause))
    if (!known) throw cause
    const reason = cause instanceof MachineError ? cause.message : `cannot write ${path}: ${messageOf(cause)}`
    throw new MachineError('DOCKER_CONFIG', reason, {
      hints: ['DOCKER_CONFIG names another folder for the files of the docker client'],
      cause,
    })
  }
}
