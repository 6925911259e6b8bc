/** One link, three names: `machine`, `docker-machine`, and `docker machine` through the real docker client. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { type Home, type RunOptions, run, startHome } from '../kit/cli.ts'
import { type Dev, startDev } from '../kit/dev-machine.ts'

jest.setTimeout(180_000)
const machine = join(import.meta.dirname, '../../bin/machine')
const URL = 'tcp://192.0.2.7:2376'

let home: Home
let link: string
beforeAll(async () => {
  home = await startHome()
  link = join(home.path, '.docker/cli-plugins/docker-machine')
  await home.ok('create', '-d', 'none', '--url', URL, 'one')
})
afterAll(async () => await home?.[Symbol.asyncDispose]())

/** docker finds node by the link's first line. */
const withNode = (more: Record<string, string | undefined> = {}): RunOptions => ({
  env: { ...home.env, PATH: `${join(process.execPath, '..')}:${process.env.PATH}`, ...more },
})
const docker = (...args: string[]) => run('docker', args, withNode())
const dropIn = (...args: string[]) => run(link, args, withNode())

describe('the link', () => {
  afterEach(() => rmSync(link, { force: true }))

  test('install makes it, a second time says so, uninstall takes it away', async () => {
    expect(await home.cli('cli-plugin', 'install')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: `\`docker machine\` now works: ${link} is a link to ${machine}\n`,
    })
    expect(readlinkSync(link)).toBe(machine)
    expect(JSON.parse(await home.ok('cli-plugin', 'install', '--json'))).toEqual({
      path: link,
      target: machine,
      change: 'unchanged',
    })
    expect(await docker('machine', 'cli-plugin', 'uninstall')).toMatchObject({ code: 0, stderr: `Removed ${link}\n` })
    expect(existsSync(link)).toBe(false)
    expect(await home.cli('cli-plugin', 'uninstall')).toMatchObject({ code: 0, stderr: `There is no ${link}\n` })
  })

  test('one that leads nowhere, as an uninstalled version leaves it, is replaced; docker passes over it till then', async () => {
    mkdirSync(join(link, '..'), { recursive: true })
    symlinkSync('/nowhere/bin/machine', link)
    expect((await docker('machine', 'ls')).code).toBe(1)
    await home.ok('cli-plugin', 'install')
    expect((await docker('machine', 'ls', '-q')).stdout).toBe('one\n')
  })

  test('a file of others is in the way: refused both ways, replaced by force', async () => {
    mkdirSync(join(link, '..'), { recursive: true })
    writeFileSync(link, '#!/bin/sh\n')
    for (const action of ['install', 'uninstall'])
      expect(await home.cli('cli-plugin', action)).toMatchObject({
        code: 1,
        stderr: `${link} is there and is not this program\n  → move it away, or let --force replace or remove it\n`,
      })
    expect(readFileSync(link, 'utf8')).toBe('#!/bin/sh\n')
    await home.ok('cli-plugin', 'install', '--force')
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    rmSync(link)
    symlinkSync('/bin/true', link)
    expect((await home.cli('cli-plugin', 'install')).code).toBe(1)
  })

  test('DOCKER_CONFIG is honoured, and docker’s own --config too', async () => {
    const elsewhere = join(home.path, 'elsewhere')
    const installed = await home.cliWith({ env: { DOCKER_CONFIG: elsewhere } }, 'cli-plugin', 'install')
    expect(installed.code).toBe(0)
    expect(readlinkSync(join(elsewhere, 'cli-plugins/docker-machine'))).toBe(machine)
    const made = await docker('--config', elsewhere, 'machine', 'context', 'one')
    expect(made.code).toBe(0)
    expect(existsSync(join(elsewhere, 'contexts/meta'))).toBe(true)
    expect(existsSync(join(home.path, '.docker/contexts'))).toBe(false)
  })

  test('used wrongly', async () => {
    for (const args of [[], ['nix'], ['install', 'more']]) expect((await home.cli('cli-plugin', ...args)).code).toBe(2)
  })
})

describe('docker machine', () => {
  beforeEach(async () => void (await home.ok('cli-plugin', 'install')))

  test('docker knows it: info, help', async () => {
    const told = await dropIn('docker-cli-plugin-metadata')
    expect(told).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(told.stdout)).toEqual({
      SchemaVersion: '0.1.0',
      Vendor: 'machine',
      Version: expect.stringMatching(/^v\d+\.\d+\.\d+/),
      ShortDescription: expect.stringMatching(/^.{10,70}$/),
    })
    expect((await docker('info')).stdout).toMatch(/machine: Make Docker hosts anywhere.*\n\s+Version: +v0/)
    expect((await docker('--help')).stdout).toMatch(/^ {2}machine\*\s+Make Docker hosts anywhere/m)
  })

  test('help by any way is about `docker machine`', async () => {
    const helps = [['machine'], ['machine', '--help'], ['machine', '-h'], ['help', 'machine'], ['machine', 'help']]
    const said = await Promise.all(helps.map(args => docker(...args)))
    for (const help of said) {
      expect(help).toMatchObject({ code: 0, stderr: '' })
      expect(help.stdout).toMatch(/^ {2}\$ docker machine \[COMMAND\]$/m)
    }
    const ofLs = [await docker('machine', 'ls', '--help'), await docker('help', 'machine', 'ls')]
    for (const help of ofLs) expect(help.stdout).toMatch(/^ {2}\$ docker machine ls \[OPTIONS\]$/m)
  })

  test('results to stdout, information to stderr, exit codes as under the name machine', async () => {
    expect(await docker('machine', 'ls', '-q')).toMatchObject({ code: 0, stdout: 'one\n', stderr: '' })
    expect(await docker('machine', 'status', 'nobody')).toMatchObject({ code: 4, stdout: '' })
    expect(await docker('machine', 'ls', '--nix')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'Nonexistent flag: --nix\n  → see docker machine ls --help\n',
    })
    expect(await docker('machine', 'nix')).toMatchObject({
      code: 2,
      stderr: "docker machine: 'nix' is not a docker machine command. See 'docker machine --help'.\n",
    })
    expect((await docker('machine', 'url', 'nobody')).stderr).toContain('Use "docker machine ls" to list machines.')
    const made = await docker('machine', 'create', '-d', 'none', '--url', URL, 'two')
    expect(made).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining(`${URL} is known as two\n`) })
    const gone = await docker('machine', 'rm', '-y', 'two')
    expect(gone).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('Successfully removed two\n') })
  })

  test('docker’s own flags in front are docker’s', async () => {
    expect(await docker('--log-level', 'info', 'machine', 'url', 'one')).toMatchObject({ code: 0, stdout: `${URL}\n` })
    expect(await docker('-D', 'machine', 'url', 'one')).toMatchObject({ code: 0, stdout: `${URL}\n` })
  })

  test('env tells to copy what works', async () => {
    const printed = await docker('machine', 'env', 'one')
    expect(printed.stdout.trimEnd().split('\n').at(-1)).toBe('# eval $(docker machine env one)')
    const shell = await run('bash', ['-c', 'eval $(docker machine env one); echo $DOCKER_HOST'], withNode())
    expect(shell.stdout).toBe(`${URL}\n`)
  })

  test('the same link called by its own name is the drop-in, also below docker', async () => {
    const below = { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: '/usr/bin/docker' }
    expect(await run(link, ['ls', '--nix'], withNode(below))).toMatchObject({
      code: 1,
      stderr: 'Nonexistent flag: --nix\n  → see docker-machine ls --help\n',
    })
    expect((await dropIn('machine', 'ls')).stderr).toMatch(
      /^docker-machine: 'machine' is not a docker-machine command\. See 'docker-machine --help'\.\n/,
    )
    const made = await dropIn('create', '-d', 'none', '--url', URL, 'three')
    expect(made).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(`${URL} is known as three\n`) })
    expect(await dropIn('rm', '-y', 'three')).toMatchObject({ code: 0, stderr: '' })
    expect((await dropIn('--help')).stdout).toMatch(/^ {2}\$ docker-machine \[COMMAND\]$/m)
  })

  test('docker ended by a signal, with no terminal to pass it on: the plug-in ends in order', async () => {
    // takes connections and says nothing: the machine is created until somebody stops it
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const port = String((silent.address() as { port: number }).port)
    const args = ['-d', 'generic', '--generic-ip-address', '127.0.0.1', '--generic-ssh-port', port]
    const child = spawn('docker', ['machine', 'create', ...args, 'slow'], withNode() as { env: NodeJS.ProcessEnv })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (said += text))
    const ended = once(child, 'exit')
    const arrived = once(silent, 'connection')
    await arrived
    while (!existsSync(join(home.store, 'machines/slow'))) await sleep(20)
    child.kill('SIGTERM')
    expect(await ended).toEqual([130, null])
    expect(said).toContain('interrupted (SIGTERM)')
    silent.close()
    await home.ok('rm', '-f', 'slow')
  })
})

const why = await whyNoHosts()
const suite = why ? describe.skip : describe

suite(why ? `docker machine ssh [${why}]` : 'docker machine ssh', () => {
  let dev: Dev
  beforeAll(async () => {
    dev = await startDev('cli-plugin')
    await dev.home.ok('cli-plugin', 'install')
  })
  afterAll(async () => await dev?.[Symbol.asyncDispose]())
  const far = (...args: string[]) =>
    run('docker', ['machine', ...args], {
      env: { ...dev.home.env, PATH: `${join(process.execPath, '..')}:${process.env.PATH}` },
    })

  test('runs the command there; flags behind the name are the command’s; its exit code comes back', async () => {
    expect((await far('ssh', 'dev', '--', 'ls', '-ld', '/etc')).stdout).toMatch(/^drwxr-xr-x .* \/etc\n$/)
    expect((await far('ssh', 'dev', 'ls', '--help')).stdout).toContain('Usage: ls')
    expect(await far('ssh', 'dev', 'exit 7')).toMatchObject({ code: 7, stdout: '', stderr: '' })
  })
})
