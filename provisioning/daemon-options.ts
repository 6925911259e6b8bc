/**
 * dockerd's options: the flag's name, the key of daemon.json that means the same, and how a value is written there.
 * From the engine's reference (`dockerd` and "daemon configuration file"). What is not listed has no key we know of and
 * goes onto the command line, where dockerd itself judges it.
 */
export type OptionType =
  | 'string'
  | 'int'
  | 'bool'
  | 'list' // one item a flag
  | 'map' // name=value
  | 'bools' // name=true|false
  | 'pools' // base=CIDR,size=N
  | 'runtimes' // name=path
  | 'ulimits' // name=soft[:hard]
  | 'networks' // driver=key=value
  | 'proxy' // one member of the key `proxies`

export interface DaemonOption {
  readonly flag: string
  readonly key: string
  readonly type: OptionType
}

const same = (type: OptionType, names: string): DaemonOption[] =>
  names
    .trim()
    .split(/\s+/)
    .map(name => ({ flag: name, key: name, type }))
const plural = (type: OptionType, pairs: Readonly<Record<string, string>>): DaemonOption[] =>
  Object.entries(pairs).map(([flag, key]) => ({ flag, key, type }))

const OPTIONS: readonly DaemonOption[] = [
  ...same(
    'string',
    `api-cors-header bip bridge cgroup-parent cluster-advertise cluster-store containerd containerd-namespace
     containerd-plugins-namespace data-root default-cgroupns-mode default-gateway default-gateway-v6 default-ipc-mode
     default-runtime default-shm-size exec-root firewall-backend fixed-cidr fixed-cidr-v6 group host-gateway-ip
     init-path ip log-driver log-format log-level metrics-addr pidfile seccomp-profile storage-driver
     swarm-default-advertise-addr tlscacert tlscert tlskey userland-proxy-path userns-remap`,
  ),
  ...same(
    'bool',
    `allow-direct-routing debug experimental icc init ip-forward ip-forward-no-drop ip-masq ip6tables iptables ipv6
     live-restore no-new-privileges raw-logs selinux-enabled tls tlsverify userland-proxy`,
  ),
  ...same(
    'int',
    `cpu-rt-period cpu-rt-runtime max-concurrent-downloads max-concurrent-uploads max-download-attempts mtu
     network-control-plane-mtu network-diagnostic-port oom-score-adjust shutdown-timeout`,
  ),
  ...plural('list', {
    'authorization-plugin': 'authorization-plugins',
    'cdi-spec-dir': 'cdi-spec-dirs',
    dns: 'dns',
    'dns-opt': 'dns-opts',
    'dns-search': 'dns-search',
    'exec-opt': 'exec-opts',
    host: 'hosts',
    'insecure-registry': 'insecure-registries',
    label: 'labels',
    'node-generic-resource': 'node-generic-resources',
    'registry-mirror': 'registry-mirrors',
    'storage-opt': 'storage-opts',
  }),
  ...plural('map', { 'log-opt': 'log-opts', 'cluster-store-opt': 'cluster-store-opts' }),
  ...plural('bools', { feature: 'features' }),
  ...plural('pools', { 'default-address-pool': 'default-address-pools' }),
  ...plural('runtimes', { 'add-runtime': 'runtimes' }),
  ...plural('ulimits', { 'default-ulimit': 'default-ulimits' }),
  ...plural('networks', { 'default-network-opt': 'default-network-opts' }),
  // On the command line a proxy's password would be seen by everybody on the host.
  ...plural('proxy', { 'http-proxy': 'proxies', 'https-proxy': 'proxies', 'no-proxy': 'proxies' }),
]

const SHORT: Readonly<Record<string, string>> = {
  b: 'bridge',
  D: 'debug',
  g: 'data-root',
  G: 'group',
  graph: 'data-root',
  H: 'host',
  l: 'log-level',
  p: 'pidfile',
  s: 'storage-driver',
}
const BY_FLAG = new Map(OPTIONS.map(option => [option.flag, option]))

/** The option a flag's name (without dashes; short ones and daemon.json's plural too) stands for. */
export function optionOf(name: string): DaemonOption | undefined {
  const flag = SHORT[name] ?? name
  return BY_FLAG.get(flag) ?? OPTIONS.find(option => option.key === flag && option.type !== 'proxy')
}

/** Keys dockerd takes over on SIGHUP; a key that leaves the file is not among them, its old value would stay. */
export const RELOADABLE: ReadonlySet<string> = new Set([
  'debug',
  'labels',
  'live-restore',
  'max-concurrent-downloads',
  'max-concurrent-uploads',
  'max-download-attempts',
  'default-runtime',
  'runtimes',
  'authorization-plugins',
  'insecure-registries',
  'registry-mirrors',
  'shutdown-timeout',
  'features',
])
