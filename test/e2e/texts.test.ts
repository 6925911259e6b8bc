/** The texts of docker-machine that scripts look for, whole, under its own name, with its exit codes and streams. */
import { execFileSync } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Home, type RunOptions, run, startHome } from '../kit/cli.ts'
import { type Sshd, startSshd } from '../kit/sshd.ts'

jest.setTimeout(120_000)
let home: Home
let sshd: Sshd
const link = () => join(home.path, 'docker-machine')
beforeAll(async () => {
  home = await startHome()
  sshd = await startSshd()
  await symlink(join(import.meta.dirname, '../../bin/machine'), link())
  await home.ok('create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', 'there')
})
afterAll(async () => {
  await sshd?.[Symbol.asyncDispose]()
  await home?.[Symbol.asyncDispose]()
})

const first = (text: string) => text.split('\n')[0]
const as = (words: readonly string[], options: RunOptions = {}) =>
  run(process.execPath, [link(), ...words], { ...options, env: { ...home.env, ...options.env } })
const none = (...words: string[]) => ['create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', ...words]
const generic = (port: number, ...words: string[]) => [
  ...['create', '-d', 'generic', '--generic-ip-address', '127.0.0.1', '--generic-ssh-port', String(port)],
  ...['--generic-ssh-key', sshd.keyPath, ...words],
]
const nope =
  'Docker machine "nope" does not exist. Use "docker-machine ls" to list machines. Use "docker-machine create" to add a new one.'
const noDefault = 'Error: No machine name(s) specified and no "default" machine exists'
const oneName = 'Error: Expected one machine name as an argument'

/** What is typed → exit code → the first line on stderr, whole. */
const SAID: [string[], number, string][] = [
  [['frobnicate'], 1, "docker-machine: 'frobnicate' is not a docker-machine command. See 'docker-machine --help'."],
  ...['config', 'env', 'inspect', 'ip', 'kill', 'provision', 'restart', 'ssh', 'start', 'stop', 'url', 'version'].map(
    (verb): [string[], number, string] => [[verb, 'nope'], 1, nope],
  ),
  [['status', 'nope'], 4, nope],
  ...['config', 'env', 'inspect', 'ip', 'kill', 'provision', 'restart', 'ssh', 'start', 'status', 'stop', 'url'].map(
    (verb): [string[], number, string] => [[verb], 1, noDefault],
  ),
  ...['config', 'env', 'inspect', 'status', 'url', 'version'].map((verb): [string[], number, string] => [
    [verb, 'a', 'b'],
    1,
    oneName,
  ]),
  [none('there'), 1, 'Docker machine "there" already exists'],
  [
    none('no_underscore'),
    1,
    'Error creating machine: Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -',
  ],
  [['create'], 1, 'Error: No machine name specified'],
  [['rm'], 1, 'Error: Expected to get one or more machine names as arguments'],
  [['rm', '-y', 'nope'], 1, `Error removing host "nope": ${nope}`],
  [['active', 'x'], 1, 'Error: Too many arguments given'],
  [['active'], 1, 'No active host found'],
  [['env', '-u', 'there'], 1, 'Error: Expected no machine name when the -u flag is present'],
  [
    ['create', '-d', 'none', 'x'],
    1,
    'Error setting machine configuration from flags provided: --url option is required when no driver is selected',
  ],
  [
    ['create', '-d', 'generic', 'x'],
    1,
    'Error setting machine configuration from flags provided: generic driver requires the --generic-ip-address option',
  ],
  [
    ['create', '-d', 'bogus', 'x'],
    1,
    'Driver "bogus" not found. Do you have the plugin binary "docker-machine-driver-bogus" accessible in your PATH?',
  ],
  [
    ['create', '-d', 'generic', '--generic-ip-address', '192.0.2.1', '--generic-ssh-key', '/no/key', 'x'],
    3,
    'Error with pre-create check: "SSH key does not exist: \\"/no/key\\""',
  ],
  [
    none('--swarm-discovery', 'plain', 'x'),
    1,
    'Error parsing swarm discovery: Swarm Discovery URL was in the wrong format: plain',
  ],
  ...(
    [
      ['start', 'started'],
      ['stop', 'stopped'],
      ['restart', 'restarted'],
      ['kill', 'killed'],
    ] as const
  ).map(([verb, done]): [string[], number, string] => [
    [verb, 'there'],
    1,
    verb === 'start' ? 'Machine "there" is already running.' : `hosts without a driver cannot be ${done}`,
  ]),
  [['ssh', 'there', 'ls'], 1, 'Error: Cannot run SSH command: Host "there" is not running'],
  [
    ['env', '--swarm', 'there'],
    1,
    'Error checking TLS connection: "there" is not a swarm master. The --swarm flag is intended for use with swarm masters',
  ],
  [
    ['config', '--swarm', 'there'],
    1,
    'Error running connection boilerplate: "there" is not a swarm master. The --swarm flag is intended for use with swarm masters',
  ],
]

describe('docker-machine', () => {
  test.each(SAID)('%j', async (words, code, line) => {
    const ran = await as(words)
    expect([ran.code, first(ran.stderr)]).toEqual([code, line])
  })

  test('a machine called default is meant where no name is given', async () => {
    await as(none('default'))
    const said = async (verb: string) => {
      const ran = await as([verb])
      return `${ran.code} ${ran.stdout}${first(ran.stderr)}`
    }
    try {
      expect(await said('ip')).toBe('0 192.0.2.1\n')
      expect(await said('status')).toBe('0 Running\n')
      expect(await said('url')).toBe('0 tcp://192.0.2.1:2376\n')
      expect(await said('inspect')).toMatch(/^0 .*"MachineName": "default"/s)
      expect(await said('env')).toContain('export DOCKER_MACHINE_NAME="default"\n')
      expect(await said('config')).toContain('-H=tcp://192.0.2.1:2376\n')
      expect(await said('ssh')).toBe('1 Error: Cannot run SSH command: Host "default" is not running')
      expect(await said('start')).toBe('1 Machine "default" is already running.')
      expect(await said('stop')).toBe('1 Stopping "default"...\nhosts without a driver cannot be stopped')
      expect(await said('kill')).toBe('1 Killing "default"...\nhosts without a driver cannot be killed')
      expect(await said('restart')).toBe('1 Restarting "default"...\nhosts without a driver cannot be restarted')
      expect(await said('provision')).toMatch(/^1 machine "default" has driver none: /)
    } finally {
      await as(['rm', '-f', 'default'])
    }
  })

  test('a variable for --debug that is no boolean', async () =>
    expect(await as(['ls'], { env: { MACHINE_DEBUG: 'loud' } })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^Error parsing boolean value from MACHINE_DEBUG: strconv\.ParseBool: parsing "loud": invalid syntax\n/,
      ),
    }))

  test('an unknown shell', async () => {
    const ran = await as(['env', 'there'], { env: { SHELL: '', __fish_bin_dir: undefined } })
    expect([ran.code, ran.stdout, first(ran.stderr)]).toEqual([1, '', 'Error: Unknown shell'])
  })

  test('active, when no machine answers in time', async () => {
    const dir = join(home.store, 'machines/slow')
    await mkdir(dir)
    const record = JSON.parse(await home.ok('inspect', 'there'))
    Object.assign(record, { Name: 'slow', DriverName: 'generic' })
    Object.assign(record.Driver, { IPAddress: '198.51.100.1', SSHPort: 22 })
    await writeFile(join(dir, 'config.json'), JSON.stringify(record))
    execFileSync('iptables', ['-I', 'OUTPUT', '-d', '198.51.100.1', '-j', 'DROP'])
    try {
      const ran = await as(['active', '-t', '1'], { env: { DOCKER_HOST: 'tcp://192.0.2.77:2376' } })
      expect([ran.code, ran.stdout, first(ran.stderr)]).toEqual([1, '', 'Error getting active host: timeout'])
    } finally {
      execFileSync('iptables', ['-D', 'OUTPUT', '-d', '198.51.100.1', '-j', 'DROP'])
      await as(['rm', '-f', 'slow'])
    }
  })
})

describe('a create that fails says in which step, and rm removes what is left', () => {
  const failed = async (words: string[]) => {
    const ran = await as(words)
    const left = await as(['rm', '-y', 'half'])
    expect(left.code).toBe(0)
    return [ran.code, first(ran.stderr)]
  }

  test('the host refuses the log-in', async () => {
    const key = join(home.path, 'stranger')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
    const [code, line] = await failed(generic(sshd.port, '--generic-ssh-key', key, 'half'))
    expect(code).toBe(1)
    expect(line).toMatch(/^Error creating machine: Error detecting OS: 127\.0\.0\.1:\d+ does not let root log in/)
  })
})
