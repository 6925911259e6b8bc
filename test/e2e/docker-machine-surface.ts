/** The surface of docker-machine v0.16.2: every command, its flags, their letters and their variables. Data for surface.test.ts. */

export interface SurfaceFlag {
  /** `--name` or `-x`, with a value that may follow it. */
  readonly flag: string
  readonly value?: string
}

/** A switch is a word, a flag with a value two: 'timeout 10'. */
const flags = (...words: string[]): SurfaceFlag[] =>
  words.map(word => {
    const [flag = '', value] = word.split(' ')
    return value === undefined ? { flag } : { flag, value }
  })

/** Global flags, with a value, and their variables. */
export const GLOBAL: readonly { name: string; letter?: string; value?: string; variable: string }[] = [
  { name: 'debug', letter: 'D', variable: 'MACHINE_DEBUG' },
  { name: 'storage-path', letter: 's', value: '/nonexistent/store', variable: 'MACHINE_STORAGE_PATH' },
  { name: 'tls-ca-cert', value: '/x/ca.pem', variable: 'MACHINE_TLS_CA_CERT' },
  { name: 'tls-ca-key', value: '/x/ca-key.pem', variable: 'MACHINE_TLS_CA_KEY' },
  { name: 'tls-client-cert', value: '/x/cert.pem', variable: 'MACHINE_TLS_CLIENT_CERT' },
  { name: 'tls-client-key', value: '/x/key.pem', variable: 'MACHINE_TLS_CLIENT_KEY' },
  { name: 'github-api-token', value: 'x', variable: 'MACHINE_GITHUB_API_TOKEN' },
  { name: 'native-ssh', variable: 'MACHINE_NATIVE_SSH' },
  { name: 'bugsnag-api-token', value: 'no-report', variable: 'MACHINE_BUGSNAG_API_TOKEN' },
]

/** Flags of `create` that all drivers share; those of drivers are in the contract of each. */
export const CREATE = flags(
  'driver none',
  'd none',
  'engine-install-url none',
  'engine-opt dns=8.8.8.8',
  'engine-insecure-registry reg:5000',
  'engine-registry-mirror https://m.example',
  'engine-label a=b',
  'engine-storage-driver overlay2',
  'engine-env A=b',
  'swarm',
  'swarm-image swarm:1',
  'swarm-master',
  'swarm-discovery token://x',
  'swarm-strategy binpack',
  'swarm-opt a=b',
  'swarm-join-opt c=d',
  'swarm-host tcp://0.0.0.0:3377',
  'swarm-addr 192.0.2.1',
  'swarm-experimental',
  'tls-san extra.example',
  'url tcp://192.0.2.1:2376',
)

/** Command → its flags, and the words it is tried with: a machine that does not exist, or nothing. */
export const SURFACE: Readonly<Record<string, { flags: SurfaceFlag[]; words: string[] }>> = {
  active: { flags: flags('timeout 10', 't 10'), words: [] },
  config: { flags: flags('swarm'), words: ['nope'] },
  create: { flags: CREATE, words: ['made'] },
  env: { flags: flags('swarm', 'shell fish', 'no-proxy'), words: ['nope'] },
  inspect: { flags: flags('format {{.Name}}', 'f {{.Name}}'), words: ['nope'] },
  ip: { flags: [], words: ['nope'] },
  kill: { flags: [], words: ['nope'] },
  ls: {
    flags: flags('quiet', 'q', 'filter name=x', 'timeout 10', 't 10', 'format {{.Name}}', 'f {{.Name}}'),
    words: [],
  },
  mount: { flags: flags('unmount', 'u'), words: ['nope:/a', '/nonexistent'] },
  provision: { flags: [], words: ['nope'] },
  'regenerate-certs': { flags: flags('force', 'f', 'client-certs'), words: ['nope'] },
  restart: { flags: [], words: ['nope'] },
  rm: { flags: flags('force', 'f', 'y'), words: ['nope'] },
  scp: { flags: flags('recursive', 'r', 'delta', 'd', 'quiet', 'q'), words: ['nope:/a', '/nonexistent'] },
  ssh: { flags: [], words: ['nope'] },
  start: { flags: [], words: ['nope'] },
  status: { flags: [], words: ['nope'] },
  stop: { flags: [], words: ['nope'] },
  upgrade: { flags: [], words: ['nope'] },
  url: { flags: [], words: ['nope'] },
  version: { flags: [], words: ['nope'] },
  help: { flags: [], words: ['env'] },
}
