/** `machine ssh`: the system's ssh with our known_hosts, or the built-in client where there is none. */
import { spawn } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { MachineError } from '../errors.ts'
import { writeKnownHosts } from '../ssh/known-hosts.ts'
import { interactive, sshArgv } from '../ssh/shell.ts'
import { inspectInstance } from './instance.ts'
import { loadRecord } from './load.ts'
import { refuseClientOnly } from './own-authority.ts'
import { expectedHostKeys, openSession } from './session.ts'
import type { World } from './world.ts'

/** Runs `command` (or a login shell) on the machine with this process's streams; returns the remote exit code. */
export async function openShell(name: string, command: readonly string[], w: World): Promise<number> {
  const record = await loadRecord(w.store, name, w.program)
  refuseClientOnly(record, 'ssh', w)
  const instance = await inspectInstance(record, w)
  if (instance.status !== 'Running' || !instance.address || !instance.ssh)
    throw new MachineError('NOT_RUNNING', `Error: Cannot run SSH command: Host "${name}" is not running`, {
      hints: [`${w.program} start ${name}`],
    })
  const tty = Boolean(process.stdin.isTTY && process.stdout.isTTY)
  const target = { ...instance.ssh, address: instance.address }
  const knownHostsPath = join(w.store.machineDir(name), 'known_hosts')
  const keys = expectedHostKeys(instance, record)
  // No key pinned yet (a machine docker-machine made): the built-in client pins it at first sight, then ssh checks it.
  if (keys.length === 0) await (await openSession(record, instance, w, { deadlineMs: 20_000 }))[Symbol.asyncDispose]()
  else await writeKnownHosts(knownHostsPath, target.address, target.port, [...keys]).catch(() => {}) // read-only store: as it is
  const ssh = await findOnPath('ssh', w)
  if (!ssh || w.env.MACHINE_NATIVE_SSH)
    return await interactive(
      { ...target, hostKeys: keys, jumpHostKeys: record.Machine?.JumpHostKeys ?? {} },
      [...command],
      w,
    )
  const configPath = await configElsewhere(w.home)
  const argv = sshArgv({ ...target, knownHostsPath, ...(configPath ? { configPath } : {}) }, [...command], { tty })
  return await run(ssh, argv)
}

/** ssh takes the home directory from the user database and not from $HOME, where aliases were looked up: CI jobs differ. */
async function configElsewhere(home: string): Promise<string | undefined> {
  const path = join(home, '.ssh', 'config')
  try {
    if (userInfo().homedir === home) return undefined
  } catch {
    // no entry for this user: ssh would find no home at all
  }
  return access(path).then(
    () => path,
    () => undefined,
  )
}

async function findOnPath(program: string, w: World): Promise<string | undefined> {
  const names = w.platform === 'win32' ? [`${program}.exe`] : [program]
  for (const folder of (w.env.PATH ?? '').split(delimiter).filter(f => f !== ''))
    for (const name of names) {
      const path = join(folder, name)
      if (
        await access(path, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return path
    }
  return undefined
}

function run(program: string, argv: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, argv, { stdio: 'inherit' })
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : 15)))
  })
}
