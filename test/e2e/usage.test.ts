/** Commands used wrongly, or with nothing to work on: one sentence on stderr, the exit code of the README, nothing made. */
import { existsSync } from 'node:fs'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { drivers } from '../../drivers/index.ts'
import { type Home, run, startHome } from '../kit/cli.ts'

jest.setTimeout(60_000)
let home: Home
beforeAll(async () => {
  home = await startHome()
  await home.ok('create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', 'there')
})
afterAll(() => home?.[Symbol.asyncDispose]())

const missing = (name: string, program = 'machine') =>
  `Docker machine "${name}" does not exist. Use "${program} ls" to list machines. Use "${program} create" to add a new one.`
const badName = 'Error creating machine: Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -'
const noDefault = 'Error: No machine name(s) specified and no "default" machine exists'
const oneName = 'Error: Expected one machine name as an argument'

/** Words typed, exit code, first line of stderr. */
const WRONG: [string[], number, string][] = [
  [['frobnicate'], 2, "machine: 'frobnicate' is not a machine command. See 'machine --help'."],
  [['-D', 'frobnicate', 'x'], 2, "machine: 'frobnicate' is not a machine command. See 'machine --help'."],
  [['ls', '--nope'], 2, 'Nonexistent flag: --nope'],
  [['ls', 'extra'], 2, 'Error: Too many arguments given'],
  [['drivers', 'extra'], 2, 'Error: Too many arguments given'],
  [['active', 'extra'], 2, 'Error: Too many arguments given'],
  [['ls', '-t', 'soon'], 2, 'Parsing --timeout: Expected an integer but received: soon'],
  [
    ['modify', 'there', '--amazonec2-instance-type', 't3.large'],
    2,
    "--amazonec2-instance-type is a flag of driver amazonec2, and this machine's driver is none",
  ],
  [
    ['modify', '--url=tcp://192.0.2.2:2376', 'there'],
    2,
    '--url holds for a machine from its create on and cannot be changed',
  ],
  [
    ['modify', 'there', '--amazonec2-instance-type=t3.large', '--engine-label=a=b'],
    2,
    'settings of the driver and settings of the engine are changed one after the other',
  ],
  [['env', '--shell'], 2, 'Flag --shell expects a value'],
  [['env', '-u', 'there'], 2, 'Error: Expected no machine name when the -u flag is present'],
  [['env'], 2, noDefault],
  [['ip'], 2, noDefault],
  [['stop'], 2, noDefault],
  [['ssh'], 2, noDefault],
  [['env', 'a', 'b'], 2, oneName],
  [['status', 'a', 'b'], 2, oneName],
  [['url', 'a', 'b'], 2, oneName],
  [['inspect', 'a', 'b'], 2, oneName],
  [['version', 'a', 'b'], 2, oneName],
  [['env', 'nope'], 1, missing('nope')],
  [['config', 'nope'], 1, missing('nope')],
  [['inspect', 'nope'], 1, missing('nope')],
  [['ip', 'nope'], 1, missing('nope')],
  [['ssh', 'nope', 'ls'], 1, missing('nope')],
  [['start', 'nope'], 1, missing('nope')],
  [['provision', 'nope'], 1, missing('nope')],
  [['status', 'nope'], 4, missing('nope')],
  [['rm'], 2, 'Error: Expected to get one or more machine names as arguments'],
  [['create'], 2, 'Error: No machine name specified'],
  [['create', '-d', 'none', '--url', 'tcp://x:1', 'a', 'a'], 2, 'the name a is given twice'],
  [['create', '-d', 'none', '--url', 'tcp://x:1', 'there'], 1, 'Docker machine "there" already exists'],
  [['create', '-d', 'none', '--url', 'tcp://x:1', 'a b'], 2, badName],
  [['create', '-d', 'none', '--url', 'tcp://x:1', 'ümlaut'], 2, badName],
  [['create', '-d', 'none', '--url', 'tcp://x:1', '../up'], 2, badName],
  [['create', '-d', 'none', '--url', 'tcp://x:1', '.hidden'], 2, badName],
  [['create', '-d', 'none', '--url', 'tcp://x:1', '--', '-x'], 2, badName],
  [['create', '-d', 'none', '--url', 'tcp://x:1', ''], 2, badName],
  [['create', '--nspawn-suite'], 2, 'Flag --nspawn-suite expects a value'],
  [['create', '-d', 'nspawn', '--nspawn-cpus', 'two', 'x'], 2, '--nspawn-cpus wants a whole number, not "two"'],
  [
    ['create', '--engine-port', '99999', 'x'],
    2,
    'Parsing --engine-port: Expected an integer less than or equal to 65535',
  ],
  [['create', '--engine-label', 'plain', '-d', 'nspawn', 'x'], 2, '--engine-label wants KEY=value, not "plain"'],
  [
    ['create', '-d', 'none', '--url', 'tcp://x:1', '--generic-ip-address', '192.0.2.2', 'x'],
    2,
    "--generic-ip-address is a flag of driver generic, and this machine's driver is none",
  ],
  [
    ['create', '-d', 'bogus', 'x'],
    2,
    'Driver "bogus" not found. Do you have the plugin binary "docker-machine-driver-bogus" accessible in your PATH?',
  ],
]

describe('used wrongly', () => {
  test.each(WRONG)('machine %j exits %i', async (words, code, said) => {
    const ran = await home.cliWith({ env: { DOCKER_HOST: 'tcp://192.0.2.9:1' } }, ...words)
    const line = ran.stderr.split('\n').find(l => !/^(Using driver|Running pre-create)/.test(l)) ?? ''
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: '' })
    expect(line.startsWith(said) ? said : ran.stderr).toBe(said)
    expect(ran.stderr).not.toMatch(/^\s+at /m)
  })

  test.each([
    [
      ['stauts', 'there'],
      "machine: 'stauts' is not a machine command. See 'machine --help'.",
      ['did you mean status?'],
    ],
    [['LS'], "machine: 'LS' is not a machine command. See 'machine --help'.", ['did you mean ls?']],
    [['ls', '--jsno'], 'Nonexistent flag: --jsno', ['did you mean --json?', 'see machine ls --help']],
    [
      ['create', '--engine-lable', 'a=b', 'x'],
      'Nonexistent flag: --engine-lable',
      ['did you mean --engine-label?', 'see machine create --help'],
    ],
    [['env', 'teher'], missing('teher'), ['did you mean there?']],
    [['inspect', 'There'], missing('There'), ['did you mean there?']],
    [['status', 'her'], missing('her'), []],
    [['status', 'thre'], missing('thre'), ['did you mean there?']],
    [['ssh', 'ther', 'ls'], missing('ther'), ['did you mean there?']],
    [['provision', 'there.'], missing('there.'), ['did you mean there?']],
    [
      ['create', '-d', 'nsspawn', 'x'],
      'Driver "nsspawn" not found. Do you have the plugin binary "docker-machine-driver-nsspawn" accessible in your PATH?',
      ['did you mean nspawn?', `drivers of this version: ${drivers.map(d => d.name).join(', ')}`],
    ],
  ])('machine %j says what was meant, and asks nothing', async (words, said, hints) => {
    const ran = await home.cli(...words)
    expect(ran.stderr).toBe([said, ...hints.map(hint => `  → ${hint}`), ''].join('\n'))
    expect(ran.stdout).toBe('')
  })

  test('rm of a machine that is not there names the nearest, and removes nothing', async () => {
    const ran = await home.cli('rm', '-y', 'thre')
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/does not exist.*\n {2}→ did you mean there\?\n$/),
    })
    expect(await home.ok('ls', '-q')).toBe('there\n')
  })

  test('a missing option of a driver is named, with what else would do', async () => {
    const ran = await home.cli('create', '-d', 'generic', 'x')
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toContain('generic driver requires the --generic-ip-address option')
    expect(ran.stderr).toContain('GENERIC_IP_ADDRESS')
  })

  test('none of it made a machine or a folder', async () => {
    expect(await home.ok('ls', '-q')).toBe('there\n')
    expect(existsSync(join(home.store, 'machines', 'x'))).toBe(false)
  })

  test('rm -f of a machine that is not there is no error; without -f it is', async () => {
    expect((await home.cli('rm', '-f', 'nope')).code).toBe(0)
    const ran = await home.cli('rm', '-y', 'nope')
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`Error removing host "nope": ${missing('nope')}`),
    })
  })

  test('of several machines the one that fails is named, and the others are done', async () => {
    await home.ok('create', '-d', 'none', '--url', 'tcp://192.0.2.3:2376', 'm1')
    const ran = await home.cli('rm', '-y', 'm1', 'nope')
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain('Successfully removed m1')
    expect(ran.stderr).toContain('nope: Error removing host "nope"')
    expect(await home.ok('ls', '-q')).toBe('there\n')
  })
})

describe('help', () => {
  test('is shown for nothing, help, --help and -h, and lists the commands', async () => {
    for (const words of [[], ['help'], ['--help'], ['-h']])
      expect(await home.ok(...words)).toMatch(/create.*env.*provision.*version/s)
    for (const words of [
      ['help', 'env'],
      ['env', '--help'],
      ['env', '-h'],
    ])
      expect(await home.ok(...words)).toContain('--no-proxy')
  })

  test('create -d DRIVER --help shows the flags of that driver and of no other', async () => {
    const help = await home.ok('create', '-d', 'generic', '--help')
    expect(help).toContain('--generic-ip-address')
    expect(help).toContain('GENERIC_IP_ADDRESS')
    expect(help).not.toContain('--nspawn-')
    expect(await home.ok('create', '--driver=nspawn', '--help')).toContain('--nspawn-subnet')
  })
})

describe('under the name docker-machine', () => {
  const as = (...words: string[]) => home.cliWith({ env: { MACHINE_CALLED_AS: 'docker-machine' } }, ...words)

  test('wrong usage exits 1, and texts name docker-machine', async () => {
    const unknown = await as('frobnicate')
    expect(unknown).toMatchObject({ code: 1, stdout: '' })
    expect(unknown.stderr).toContain("docker-machine: 'frobnicate' is not a docker-machine command.")
    expect(await as('ls', '--nope')).toMatchObject({ code: 1 })
    expect((await as('env', 'nope')).stderr).toContain(missing('nope', 'docker-machine'))
    expect((await as('status', 'nope')).code).toBe(4)
  })

  test('information goes to stdout, except from env and config', async () => {
    const made = await as('create', '-d', 'none', '--url', 'tcp://192.0.2.4:2376', 'old')
    expect(made).toMatchObject({ code: 0, stderr: '' })
    expect(made.stdout).toContain('Running pre-create checks...')
    const removed = await as('rm', '-y', 'old')
    expect(removed).toMatchObject({ code: 0, stderr: '' })
    expect(removed.stdout).toContain('Successfully removed old')
  })

  test('a link of that name to bin/machine is enough', async () => {
    const link = join(home.path, 'docker-machine')
    await symlink(join(import.meta.dirname, '../../bin/machine'), link)
    const ran = await run(process.execPath, [link, 'version'], { env: home.env })
    expect(ran.stdout).toMatch(/^docker-machine version /)
    expect((await run(process.execPath, [link, 'frobnicate'], { env: home.env })).code).toBe(1)
  })
})
