/** `machine ssh`: the system's ssh with our known_hosts, or the built-in client where there is none. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { interactive, sshArgv } from '../ssh/shell.ts'
import { findOnPath, runHere } from './programs.ts'
import { homeIsElsewhere, sshWay } from './ssh-way.ts'
import type { World } from './world.ts'

/** Runs `command` (or a login shell) on the machine with this process's streams; returns the remote exit code. */
export async function openShell(name: string, command: readonly string[], w: World): Promise<number> {
  const { target, hostKeys, jumpHostKeys, knownHostsPath } = await sshWay(name, w)
  const tty = Boolean(process.stdin.isTTY && process.stdout.isTTY)
  const ssh = await findOnPath('ssh', w)
  if (!ssh || w.env.MACHINE_NATIVE_SSH) return await interactive({ ...target, hostKeys, jumpHostKeys }, [...command], w)
  const configPath = await configElsewhere(w.home)
  const argv = sshArgv({ ...target, knownHostsPath, ...(configPath ? { configPath } : {}) }, [...command], { tty })
  return await runHere(ssh, argv, w)
}

async function configElsewhere(home: string): Promise<string | undefined> {
  const path = join(home, '.ssh', 'config')
  if (!homeIsElsewhere(home)) return undefined
  return access(path).then(
    () => path,
    () => undefined,
  )
}
