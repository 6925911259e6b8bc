/**
 * What a host is made of: an init, a login, an engine and what provisioning leans on. Recommended packages are left out.
 * kmod: dockerd calls modprobe; iptables: bookworm's docker.io only recommends it in part.
 */
const BASE = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'openssh-server',
  'sudo',
  'ca-certificates',
  'iproute2',
  'iptables',
  'procps',
  'kmod',
  'openssl',
  'docker.io',
]

/** Default packages with `asked` added, and those asked for with a leading '-' left out; sorted, each once. */
export function packageList(asked: readonly string[]): string[] {
  const without = new Set(asked.filter(name => name.startsWith('-')).map(name => name.slice(1)))
  const extra = asked.filter(name => !name.startsWith('-'))
  return [...new Set([...BASE, ...extra])].filter(name => !without.has(name)).sort()
}
