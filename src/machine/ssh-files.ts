/** A private folder with the ssh_config and the known_hosts of the machines one program shall reach; gone when disposed of. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MachineError } from '../errors.ts'
import { writeKnownHosts } from '../ssh/known-hosts.ts'
import { type ConfigHost, hostWord, sshConfigOf } from '../ssh/ssh-config.ts'
import type { SshWay } from './ssh-way.ts'
import type { World } from './world.ts'

export interface SshFiles extends AsyncDisposable {
  readonly configPath: string
  /** The name by which the config knows a machine. */
  hostOf(machine: string): string
}

/** Throws SSH_ALIAS_TWICE where one alias would have to mean two different machines. */
export async function sshFiles(ways: readonly SshWay[], w: World): Promise<SshFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'machine-ssh-')) // mode 0700
  try {
    const hosts = new Map<string, ConfigHost>()
    for (const [index, { name, target, hostKeys }] of ways.entries()) {
      // Beside the config and not in the store, which may be read-only.
      const knownHostsPath = join(folder, `known_hosts${index}`)
      await writeKnownHosts(knownHostsPath, target.address, target.port, hostKeys)
      const host = { ...target, knownHostsPath, host: hostWord(name, target.alias) }
      refuseOtherMeaning(hosts.get(host.host), host, w)
      hosts.set(host.host, host)
    }
    const configPath = join(folder, 'config')
    const own = { user: join(w.home, '.ssh', 'config'), system: '/etc/ssh/ssh_config' }
    await writeFile(configPath, sshConfigOf([...hosts.values()], own), { mode: 0o600 })
    return {
      configPath,
      hostOf: machine => hostWord(machine, ways.find(way => way.name === machine)?.target.alias),
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

function refuseOtherMeaning(before: ConfigHost | undefined, now: ConfigHost, w: World): void {
  const same = (['address', 'port', 'user', 'keyPath'] as const).every(key => before?.[key] === now[key])
  if (!before || same) return
  throw new MachineError(
    'SSH_ALIAS_TWICE',
    `both machines are reached through the ssh alias "${now.host}", with different settings`,
    {
      hints: [
        `copy in two steps, through a file of this computer: ${w.program} scp A:FILE . and ${w.program} scp FILE B:`,
      ],
    },
  )
}
