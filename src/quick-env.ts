/**
 * `env NAME` runs in every new shell, so it is answered without oclif when it is a plain one: known flags, at most one
 * name. Anything else (help, a typo, --debug) is left to the command proper, which says the same in more words.
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { drivers } from '../drivers/index.ts'
import { environmentOf } from './machine/connect.ts'
import { detectShell, renderEnvironment } from './machine/environment.ts'
import { openWorld } from './open-world.ts'
import { commandLine, programName } from './program-name.ts'

/** Prints the environment and returns true; returns false, having done nothing, when this is not a plain call. */
export async function quickEnv(argv: string[]): Promise<boolean> {
  const env = process.env
  const asked = parse(argv)
  if (!asked || env.MACHINE_DEBUG || Object.keys(env).some(name => name.startsWith('MACHINE_TLS_'))) return false
  const { name, shell, noProxy, storagePath } = asked
  const program = programName(env)
  const dialect = detectShell(shell, env, process.platform)
  const home = homedir()
  const w = openWorld({
    storePath: storagePath ?? (env.MACHINE_STORAGE_PATH || join(home, '.docker', 'machine')),
    drivers,
    env,
    platform: process.platform,
    home,
    program,
    tlsPaths: {},
    say: () => {},
  })
  const variables = await environmentOf(name, w, { noProxy })
  process.stdout.write(renderEnvironment(variables, dialect, commandLine(program, process.argv.slice(2), env)))
  return true
}

function parse(argv: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        shell: { type: 'string' },
        'no-proxy': { type: 'boolean' },
        'storage-path': { type: 'string', short: 's' },
      },
    })
    const [name, ...more] = positionals
    if (name === undefined || more.length > 0) return undefined
    return { name, shell: values.shell, noProxy: values['no-proxy'] ?? false, storagePath: values['storage-path'] }
  } catch {
    return undefined // an unknown flag: the command proper says which
  }
}
