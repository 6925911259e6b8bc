import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { platform } from 'node:process'

/** Programs the driver runs, and the Debian package that has each. */
const TOOLS: Readonly<Record<string, string>> = {
  'systemd-nspawn': 'systemd-container',
  mmdebstrap: 'mmdebstrap',
  iptables: 'iptables',
  ip: 'iproute2',
  flock: 'util-linux',
  setsid: 'util-linux',
  'ssh-keygen': 'openssh-client',
}

/** Root's own programs lie in places a user's PATH may leave out. */
export const ROOT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** True when a program of this name can be found. */
export async function isInstalled(name: string, path: string): Promise<boolean> {
  const folders = new Set([...path.split(delimiter), ...ROOT_PATH.split(':')].filter(Boolean))
  const found = await Promise.all(
    [...folders].map(dir =>
      access(join(dir, name), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.includes(true)
}

/** What is missing on this computer, each with how to get it; empty when all is there. */
export async function missingTools(path: string, system = platform): Promise<string[]> {
  if (system !== 'linux') return [`systemd-nspawn runs on Linux, this computer runs ${system}`]
  const names = Object.keys(TOOLS)
  const there = await Promise.all(names.map(name => isInstalled(name, path)))
  return names.filter((_, i) => !there[i]).map(name => `${name}: apt-get install ${TOOLS[name]}`)
}
