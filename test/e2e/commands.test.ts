/** Every command that looks at a machine or uses it, on one real machine: what it prints where, plain and as JSON. */
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { type Home, type Ran, run, startHome } from '../kit/cli.ts'
import { hostEnv } from '../kit/dev-machine.ts'

jest.setTimeout(180_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe

suite(why ? `commands [${why}]` : 'commands', () => {
  let home: Home
  let made: Ran
  let address: string
  const url = () => `tcp://${address}:2376`
  const dir = () => join(home.store, 'machines/dev')

  beforeAll(async () => {
    home = await startHome(hostEnv('commands'))
    made = await home.cli('create', '--engine-label', 'tier=test', 'dev')
    address = (await home.cli('ip', 'dev')).stdout.trim()
  })
  afterAll(() => home?.[Symbol.asyncDispose]())

  /** A path of JSON, as jq reads it. */
  const jq = (json: string, filter: string) =>
    execFileSync('jq', ['-r', filter], { input: json, encoding: 'utf8' }).trimEnd()

  test('create in a pipe: plain lines on stderr in Docker Machine’s order, the line to copy last', () => {
    expect(made).toMatchObject({ code: 0, stdout: '' })
    const order = [
      'Using driver nspawn (a container machine on this computer): no --driver was given and it is the first usable here',
      'Running pre-create checks...',
      'Creating machine...',
      'Waiting for machine to be running, this may take a few minutes...',
      'Waiting for SSH to be available...',
      'Detecting the provisioner...',
      'Provisioning with debian(systemd)...',
      'Copying certs to the remote machine...',
      'Setting Docker configuration on the remote daemon...',
      'Checking connection to Docker...',
      'Docker is up and running!',
    ]
    const lines = made.stderr.trimEnd().split('\n')
    expect(lines.filter(line => order.includes(line))).toEqual(order)
    expect(lines.at(-1)).toMatch(/^To point your Docker client at it, run: eval \$\(.*machine env dev\)$/)
    expect(made.stderr).toMatch(/^[\P{C}\n]*$/u) // nothing that only a terminal understands
  })

  test('create of a name that is taken says so and leaves the machine alone', async () => {
    const ran = await home.cli('create', '-d', 'nspawn', 'dev')
    expect(ran).toMatchObject({ code: 1, stdout: '', stderr: 'Docker machine "dev" already exists\n' })
    expect((await home.ok('status', 'dev')).trim()).toBe('Running')
  })

  test('ls: the table, names, JSON, and the active one', async () => {
    const table = await home.cliWith({ env: { DOCKER_HOST: url() } }, 'ls')
    const [head = '', row = '', ...more] = table.stdout.trimEnd().split('\n')
    expect(head.split(/\s+/)).toEqual(['NAME', 'ACTIVE', 'DRIVER', 'STATE', 'URL', 'SWARM', 'DOCKER', 'ERRORS'])
    expect(row.split(/\s+/).slice(0, 5)).toEqual(['dev', '*', 'nspawn', 'Running', url()])
    expect(row).toMatch(/\sv26\.\S+$/)
    expect(row.indexOf(url())).toBe(head.indexOf('URL'))
    expect(more).toEqual([])
    expect(await home.ok('ls', '-q')).toBe('dev\n')
    const json = await home.ok('ls', '--json')
    expect(jq(json, '.[] | [.name, .state, .url, .active] | @tsv')).toBe(`dev\tRunning\t${url()}\tfalse`)
  })

  test('ip, url, status, version: one word each, and JSON', async () => {
    expect(address).toMatch(/^198\.19\.\d+\.\d+$/)
    expect(await home.ok('url', 'dev')).toBe(`${url()}\n`)
    expect(await home.ok('status', 'dev')).toBe('Running\n')
    expect(await home.ok('version', 'dev')).toMatch(/^26\.\S+\n$/)
    expect(await home.ok('version')).toMatch(/^machine version \d+\.\d+\.\d+/)
    expect(await home.ok('-v')).toBe(await home.ok('version'))
    expect(jq(await home.ok('ip', 'dev', '--json'), '.[0].address')).toBe(address)
    expect(jq(await home.ok('url', '--json', 'dev'), '.url')).toBe(url())
    expect(jq(await home.ok('status', '--json', 'dev'), '.status')).toBe('Running')
    expect(jq(await home.ok('version', '--json', 'dev'), '.version')).toMatch(/^26\./)
  })

  test('inspect prints the record itself', async () => {
    const text = await home.ok('inspect', 'dev')
    expect(text.trimEnd()).toBe((await readFile(join(dir(), 'config.json'), 'utf8')).trimEnd())
    expect(jq(text, '.ConfigVersion, .DriverName, .Driver.IPAddress, .Name')).toBe(`3\nnspawn\n${address}\ndev`)
    expect(jq(text, '.HostOptions.EngineOptions.Labels[0], .HostOptions.AuthOptions.StorePath')).toBe(
      `tier=test\n${dir()}`,
    )
  })

  test('config: five plain words, with which docker works', async () => {
    const words = (await home.ok('config', 'dev')).trimEnd().split('\n')
    const files = ['ca.pem', 'cert.pem', 'key.pem'].map(file => join(dir(), file))
    const flags = ['--tlscacert', '--tlscert', '--tlskey'].map((flag, i) => `${flag}=${files[i]}`)
    expect(words).toEqual(['--tlsverify', ...flags, `-H=${url()}`])
    const ran = await run('docker', [...words, 'info', '-f', '{{json .Labels}}'], { env: home.env })
    expect(JSON.parse(ran.stdout)).toContain('tier=test')
    expect(jq(await home.ok('config', '--json', 'dev'), '.url')).toBe(url())
  })

  test('active names the machine DOCKER_HOST points at', async () => {
    expect((await home.cliWith({ env: { DOCKER_HOST: url() } }, 'active')).stdout).toBe('dev\n')
    for (const DOCKER_HOST of [undefined, 'tcp://192.0.2.1:2376'])
      expect(await home.cliWith({ env: { DOCKER_HOST } }, 'active')).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('No active host found'),
      })
  })

  test('env --json, and env --no-proxy adds the address once', async () => {
    const variables = {
      DOCKER_TLS_VERIFY: '1',
      DOCKER_HOST: url(),
      DOCKER_CERT_PATH: dir(),
      DOCKER_MACHINE_NAME: 'dev',
    }
    expect(JSON.parse(await home.ok('env', '--json', 'dev'))).toEqual(variables)
    const withProxy = async (no_proxy: string | undefined) =>
      (await home.cliWith({ env: { no_proxy, NO_PROXY: undefined } }, 'env', '--no-proxy', 'dev')).stdout
    expect(await withProxy(undefined)).toContain(`export NO_PROXY="${address}"\n`)
    expect(await withProxy(`localhost,${address}0`)).toContain(`export no_proxy="localhost,${address}0,${address}"\n`)
    expect(await withProxy(`${address},x`)).toContain(`export no_proxy="${address},x"\n`)
  })

  test('drivers: which are usable here and which create takes', async () => {
    const rows = JSON.parse(await home.ok('drivers', '--json')) as { name: string; usable: boolean; chosen: boolean }[]
    expect(rows.filter(r => r.chosen).map(r => r.name)).toEqual(['nspawn'])
    expect(rows.map(r => r.name)).toEqual(expect.arrayContaining(['nspawn', 'generic', 'none']))
    expect(await home.ok('drivers')).toMatch(/^nspawn \*\s+yes/m)
  })

  const ssh = (...words: string[]) => home.cli('ssh', 'dev', ...words)

  test('ssh: streams, exit codes and piped input are the remote command’s', async () => {
    expect(await ssh('echo out; echo err >&2; exit 7')).toMatchObject({ code: 7, stdout: 'out\n', stderr: 'err\n' })
    expect(await home.cliWith({ input: 'a\nb\n' }, 'ssh', 'dev', 'wc -l')).toMatchObject({ code: 0, stdout: '2\n' })
    expect((await ssh('hostname')).stdout).toBe('dev\n')
    // without a command: a shell, here fed from a pipe
    expect((await home.cliWith({ input: 'echo from a shell; exit 3\n' }, 'ssh', 'dev')).code).toBe(3)
  })

  test('ssh joins words with spaces and the remote shell reads them again, as ssh itself does', async () => {
    expect((await ssh('--', 'printf', "'<%s>'", "'a b'", '"$HOME"')).stdout).toBe('<a b></root>')
    expect((await ssh('printf', "'<%s>'", 'a b')).stdout).toBe('<a><b>')
    expect((await ssh("printf '%s' '$HOME'")).stdout).toBe('$HOME')
  })

  test('ssh leaves flags behind the name to the remote command', async () => {
    expect((await ssh('ls', '--help')).stdout).toContain('Usage: ls')
    expect((await ssh('df', '-h', '/')).stdout).toContain('Filesystem')
    expect((await ssh('--', 'echo', '--json', '-s')).stdout).toBe('--json -s\n')
  })

  test('ssh by the built-in client, where no ssh is installed, does the same', async () => {
    const native = (input: string, ...words: string[]) =>
      home.cliWith({ input, env: { PATH: '/nonexistent' } }, 'ssh', 'dev', ...words)
    expect(await native('', 'echo out; echo err >&2; exit 7')).toMatchObject({
      code: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    })
    expect(await native('a\nb\n', 'wc -l')).toMatchObject({ code: 0, stdout: '2\n' })
    expect((await native('', 'printf', "'<%s>'", 'a b')).stdout).toBe('<a><b>')
  })

  test('--log-format json: an object a line, with the phase', async () => {
    const ran = await home.cli('provision', '--log-format', 'json', 'dev')
    expect(ran).toMatchObject({ code: 0, stdout: '' })
    const phases = jq(ran.stderr, 'select(.machine == "dev") | .phase // empty').split('\n')
    expect(phases).toEqual(expect.arrayContaining(['wait-ssh', 'detect-os', 'provision', 'check-engine']))
  })
})
