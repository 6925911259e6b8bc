/** Hosts as facts-script.ts prints them. The unit files and os-release lines are those of the distributions named. */
import type { EngineAsk } from '../../../provisioning/ask.ts'
import { engineFiles } from '../../../provisioning/engine-files.ts'
import type { Facts } from '../../../provisioning/facts.ts'
import { parseFacts } from '../../../provisioning/facts-parse.ts'
import { parseManaged } from '../../../provisioning/managed.ts'
import { parseUnit } from '../../../provisioning/systemd/unit.ts'

/** Sections as the script writes them: a body with a final newline gets one more. */
export function output(parts: Readonly<Record<string, string | readonly string[]>>): string {
  const one = (name: string, body: string) =>
    `@${name}\n${body.replace(/\n$/, '').replace(/^/gm, '|')}\n${body.endsWith('\n') ? '\n' : ''}`
  const bodies = Object.entries(parts).flatMap(([name, body]) => [body].flat().map(text => one(name, String(text))))
  return `${bodies.join('')}@end\n`
}

const BASE = {
  uid: '0',
  login: 'root',
  groups: 'root',
  arch: 'x86_64',
  hostname: 'vm',
  'free-kb': '9000000',
  containers: '0',
  volumes: '0',
}
const unit = (path: string, exec: string) =>
  `# ${path}\n[Service]\nType=notify\nExecStart=${exec}\nExecReload=/bin/kill -s HUP $MAINPID\n`
const running = (exec: string, path = '/usr/lib/systemd/system/docker.service') => ({
  init: 'systemd',
  unit: unit(path, exec),
  service: 'MainPID=12\nActiveState=active\nSubState=running\nUnitFileState=enabled\nNeedDaemonReload=no\n',
  listening: '0016',
})
const engine = (path: string, version: string) => ({
  dockerd: path,
  version: `Docker version ${version}, build 411e817`,
  'docker-group': 'yes',
})

export const DEBIAN = {
  ...BASE,
  'os-release':
    'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_ID="13"\nVERSION_CODENAME=trixie\nID=debian\nURL="https://a/?b=c"\n',
  ...engine('/usr/sbin/dockerd', '26.1.5+dfsg1'),
  ...running('/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS'),
  'env-file /etc/default/docker': '# DOCKER_OPTS="--dns 192.0.2.1"\n',
}
export const AMAZON = {
  ...BASE,
  'os-release': 'NAME="Amazon Linux"\nVERSION="2023"\nID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"\n',
  ...engine('/usr/bin/dockerd', '25.0.14'),
  ...running(
    '/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $OPTIONS $DOCKER_STORAGE_OPTIONS $DOCKER_ADD_RUNTIMES',
  ),
  'env-file /etc/sysconfig/docker':
    'DAEMON_MAXFILES=1048576\nOPTIONS="--default-ulimit nofile=32768:65536"\nDAEMON_PIDFILE_TIMEOUT=10\n',
}
export const SUSE = {
  ...BASE,
  'os-release': 'NAME="openSUSE Leap"\nID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.6"\n',
  ...engine('/usr/bin/dockerd', '28.3.3-ce'),
  ...running('/usr/bin/dockerd --add-runtime oci=/usr/sbin/runc $DOCKER_NETWORK_OPTIONS $DOCKER_OPTS'),
  'env-file /etc/sysconfig/docker': 'DOCKER_OPTS=""\n',
}
export const ALPINE = {
  ...BASE,
  'os-release': 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME="Alpine Linux v3.22"\n',
  ...engine('/usr/bin/dockerd', '28.3.3'),
  init: 'openrc',
  unit: '/etc/init.d/docker',
  'env-file /etc/conf.d/docker': '# any other random options you want to pass to docker\nDOCKER_OPTS=""\n',
  socket: 'yes',
  enabled: 'yes',
}
export const SYSVINIT = {
  ...ALPINE,
  'os-release': DEBIAN['os-release'],
  init: 'sysvinit',
  'env-file /etc/default/docker': '',
}

export const factsOf = (parts: Readonly<Record<string, string | readonly string[]>>) => parseFacts(output(parts), 2376)

export const ASK: EngineAsk = {
  opts: [],
  labels: [],
  env: [],
  insecureRegistries: [],
  registryMirrors: [],
  port: 2376,
  providerLabel: 'test',
}
export const ask = (more: Partial<EngineAsk> = {}): EngineAsk => ({ ...ASK, ...more })

/** The host once the files are in place. */
export function applied(facts: Facts, wish: EngineAsk): Facts {
  let next = facts
  for (const { path, text } of engineFiles(facts, wish).differing) {
    if (path === facts.configPath) next = { ...next, config: text ?? '' }
    else if (path === '/etc/docker/.machine.json') next = { ...next, managed: parseManaged(text ?? '') }
    else if (facts.init === 'systemd' && path.endsWith('.conf')) {
      const others = next.service.unit.filter(file => file.path !== path)
      const ours = text === undefined ? [] : parseUnit(`# ${path}\n${text}`)
      next = { ...next, service: { ...next.service, unit: [...others, ...ours] } }
    } else {
      const envFiles = new Map(next.service.envFiles)
      if (text === undefined) envFiles.delete(path)
      else envFiles.set(path, text)
      next = { ...next, service: { ...next.service, envFiles } }
    }
  }
  return next
}
