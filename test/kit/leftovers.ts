/** What hosts leave on this computer when they are not removed well, as text one can compare. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const list = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : [])

/**
 * Traces of the hosts of one subnet's bridge and one state folder; '' when there are none. `ids` are the hosts' own ids
 * (`NAME-STORE`): cgroups and processes are known by nothing else once a host's folder is gone.
 */
export function leftovers(bridge: string, stateDir: string, ids: RegExp = /^contract-/): string {
  const rules = execFileSync('iptables-save', { encoding: 'utf8' }).split('\n')
  const links = list('/sys/class/net').filter(name => name === bridge || ids.test(name.replace(/^v[be]-/, '')))
  const ports = list(`/sys/class/net/${bridge}/brif`)
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
  const pids = list('/proc').filter(name => /^\d+$/.test(name))
  return [
    ...rules.filter(rule => rule.includes(bridge)),
    ...links,
    ...ports,
    ...mounts.filter(mount => mount.includes(`${stateDir}/`)),
    ...pids.map(pid => processOf(pid, stateDir, ids)).filter(text => text !== ''),
    ...list(`${stateDir}/hosts`),
    ...list(`/var/lib/machine/subnets/${bridge}`),
    ...['', '/unified', '/systemd', '/memory', '/cpu'].flatMap(h =>
      list(`/sys/fs/cgroup${h}/machine`).filter(id => ids.test(id)),
    ),
    ...['unix-export', 'propagate'].flatMap(d => list(`/run/systemd/nspawn/${d}`).filter(id => ids.test(id))),
  ].join('\n')
}

/** The process as text if it belongs to a host: systemd-nspawn itself, or whatever runs in a host's cgroup; else ''. */
function processOf(pid: string, stateDir: string, ids: RegExp): string {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    if (command === '') return '' // a zombie: it runs no more, whenever its parent looks
    const isNspawn = command.startsWith('systemd-nspawn') && command.includes(`${stateDir}/`)
    const groups = readFileSync(`/proc/${pid}/cgroup`, 'utf8').matchAll(/:\/machine\/([^/\n]+)/g)
    return isNspawn || [...groups].some(group => ids.test(group[1] ?? '')) ? `process ${command}` : ''
  } catch {
    return '' // it ended in between
  }
}
