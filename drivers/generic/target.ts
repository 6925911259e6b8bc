import { homedir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../../src/errors.ts'
import { resolveAlias } from '../../src/ssh/alias.ts'
import type { GenericConfig } from './flags.ts'

/** How the host is reached: flags first, then what the alias says, then Docker Machine's defaults. */
export interface Target {
  readonly address: string
  readonly user: string
  readonly port: number
  /** Key file given, or the alias's; absent: the SSH agent and the user's own keys. */
  readonly keyFile?: string
  readonly alias?: string
}

/** Settles the target. Throws Docker Machine's text when neither address nor alias is given. */
export async function readTarget(
  config: GenericConfig,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Target> {
  const home = env.HOME ?? homedir()
  const fromHome = (path: string) => (path.startsWith('~/') ? join(home, path.slice(2)) : path)
  const alias = config.sshAlias ? await resolveAlias(config.sshAlias, home) : undefined
  const address = config.ipAddress || alias?.hostName
  if (!address) {
    throw new UsageError('generic driver requires the --generic-ip-address option', [
      'or the environment variable GENERIC_IP_ADDRESS, or --generic-ssh-alias NAME of your ~/.ssh/config',
    ])
  }
  return {
    address,
    user: config.sshUser ?? alias?.user ?? 'root',
    port: config.sshPort ?? alias?.port ?? 22,
    ...(config.sshKey ? { keyFile: fromHome(config.sshKey) } : {}),
    ...(config.sshAlias ? { alias: config.sshAlias } : {}),
  }
}
