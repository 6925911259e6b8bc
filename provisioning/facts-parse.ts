/** The output of facts-script.ts as facts. */
import { MachineError } from '../src/errors.ts'
import { parseAgentFacts } from './agent/facts.ts'
import { parseRuntime } from './agent/runtime-facts.ts'
import type { Facts, Init } from './facts.ts'
import { parseFirewall } from './firewall.ts'
import { parseManaged } from './managed.ts'
import { parseAssignments, parseOsRelease } from './os-release.ts'
import { parseUnit } from './systemd/unit.ts'

/** Bodies by section name. A line without '|' closes a body that ended in a newline of its own. */
function sections(text: string): Map<string, string[]> {
  const found: { name: string; lines: string[]; end: string }[] = []
  for (const line of text.split('\n')) {
    const last = found.at(-1)
    if (line.startsWith('@')) found.push({ name: line.slice(1), lines: [], end: '' })
    else if (line.startsWith('|')) last?.lines.push(line.slice(1))
    else if (last && last.lines.length > 0) last.end = '\n'
  }
  const bodies = new Map<string, string[]>()
  for (const { name, lines, end } of found) bodies.set(name, [...(bodies.get(name) ?? []), lines.join('\n') + end])
  return bodies
}

/** The script's output as facts. Throws HOST_UNREADABLE if it is not whole. */
export function parseFacts(text: string, port: number): Facts {
  const has = sections(text)
  if (!has.has('end')) {
    throw new MachineError('HOST_UNREADABLE', "the host's facts ended early", {
      hints: ['is the disk full or a login script printing? try `machine ssh NAME true`'],
    })
  }
  const one = (name: string) => has.get(name)?.[0]
  const word = (name: string) => (one(name) ?? '').trim()
  const service = parseAssignments(one('service') ?? '')
  const init = word('init') as Init
  const version = /version ([^\s,]+)/.exec(word('version'))?.[1]
  const envFiles = [...has].flatMap(([name, [body]]) =>
    name.startsWith('env-file ') ? [[name.slice(9), body ?? ''] as const] : [],
  )
  const whole = (key: string, name: string) => (one(name) ? { [key]: one(name) } : {})
  return {
    uid: Number(word('uid')),
    login: word('login'),
    groups: word('groups').split(' ').filter(Boolean),
    dockerGroup: has.has('docker-group'),
    arch: word('arch'),
    hostname: word('hostname'),
    inHosts: has.has('in-hosts'),
    os: parseOsRelease(one('os-release') ?? ''),
    init,
    tools: has.get('tool') ?? [],
    cloudInitRunning: has.has('cloud-init'),
    ...(has.has('dockerd') && { engine: { path: word('dockerd'), version: version ?? '' } }),
    service: {
      known: has.has('unit'),
      enabled: init === 'systemd' ? /^enabled/.test(service.get('UnitFileState') ?? '') : has.has('enabled'),
      active: init === 'systemd' ? service.get('ActiveState') === 'active' : has.has('socket'),
      needsReload: service.get('NeedDaemonReload') === 'yes',
      unit: init === 'systemd' ? parseUnit(one('unit') ?? '') : [],
      envFiles: new Map(envFiles),
    },
    configPath: word('config-path') || '/etc/docker/daemon.json',
    ...(has.has('config') && { config: one('config') ?? '' }),
    ...(has.has('managed') && { managed: parseManaged(one('managed') ?? '') }),
    dataRoot: word('data-root') || '/var/lib/docker',
    dataRootMounted: has.has('data-root-mounted'),
    containers: Number(word('containers')) || 0,
    volumes: Number(word('volumes')) || 0,
    swarm: has.has('swarm'),
    ...(/^\d+$/.test(word('free-kb')) && { freeKb: Number(word('free-kb')) }),
    stale: has.has('stale'),
    ...whole('caPem', 'ca'),
    ...whole('serverCertPem', 'server-cert'),
    ...(word('public-key') && whole('publicKeyPem', 'public-key')),
    ...(word('key-mode') && { keyMode: word('key-mode') }),
    listening: [
      ...new Set(
        word('listening')
          .split('\n')
          .filter(Boolean)
          .map(hex => Number.parseInt(hex, 16)),
      ),
    ],
    firewall: parseFirewall(has, port),
    agent: parseAgentFacts(has),
    runtime: parseRuntime(has),
  }
}
