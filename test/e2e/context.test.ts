/** `machine context`, read by the real docker client: list, inspect, use, export, and then work on a real host. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { type Home, must, run, startHome } from '../kit/cli.ts'
import { type Dev, startDev } from '../kit/dev-machine.ts'
import { needs } from '../kit/tools.ts'

jest.setTimeout(300_000)

/** Runs the docker client as a terminal of this home would: no variable points anywhere. */
async function docker(home: Home, ...args: string[]): Promise<string> {
  return must(`docker ${args.join(' ')}`, await run('docker', args, { env: home.env })).trim()
}

const names = async (home: Home) =>
  (await docker(home, 'context', 'ls', '--format', '{{.Name}} {{.DockerEndpoint}}{{if .Current}} *{{end}}')).split('\n')

describe('contexts of machines that are only on record', () => {
  let home: Home
  beforeAll(async () => {
    home = await startHome()
    await home.ok('create', '-d', 'none', '--url', 'tcp://192.0.2.7:2376', 'one', 'two', 'default', 'x')
  })
  afterAll(async () => await home?.[Symbol.asyncDispose]())

  test('several at once: docker lists them; again: nothing changes; --rm: gone', async () => {
    const made = JSON.parse(await home.ok('context', '--json', 'one', 'two'))
    expect(made.map((c: { context: string; change: string }) => [c.context, c.change]).sort()).toEqual([
      ['one', 'created'],
      ['two', 'created'],
    ])
    expect(await names(home)).toEqual([
      'default unix:///var/run/docker.sock *',
      'one tcp://192.0.2.7:2376',
      'two tcp://192.0.2.7:2376',
    ])
    const again = await home.cli('context', 'one')
    expect(again).toMatchObject({
      code: 0,
      stdout: '',
      stderr:
        'Docker context "one" of machine "one" is up to date: tcp://192.0.2.7:2376\nTo use it: docker --context one …\n',
    })
    expect(await home.cli('context', '--rm', 'one', 'two')).toMatchObject({ code: 0, stdout: '' })
    expect(await names(home)).toEqual(['default unix:///var/run/docker.sock *'])
    expect(await home.cli('context', '--rm', 'one')).toMatchObject({
      code: 0,
      stderr: 'Machine "one" has no docker context.\n',
    })
  })

  test('what docker does with it: inspect shows the mark, update keeps it, export packs it', async () => {
    await home.ok('context', 'one')
    await docker(home, 'context', 'update', 'one', '--description', 'in the cellar')
    const [inspected] = JSON.parse(await docker(home, 'context', 'inspect', 'one'))
    expect(inspected.Metadata).toEqual({
      Description: 'in the cellar',
      Machine: { Name: 'one', StoreId: expect.stringMatching(/^[0-9a-f]{8}$/), StorePath: home.store },
    })
    await home.ok('context', 'one')
    expect(await docker(home, 'context', 'inspect', '-f', '{{json .Metadata}}', 'one')).toContain(
      '"Description":"in the cellar"',
    )
    await docker(home, 'context', 'export', 'one', join(home.path, 'one.tar'))
    await docker(home, 'context', 'import', 'copy', join(home.path, 'one.tar'))
    expect(await names(home)).toContain('copy tcp://192.0.2.7:2376')
    // the copy carries the mark: it is removed with the machine's own
    expect(JSON.parse(await home.ok('context', '--rm', '--json', 'one'))).toHaveLength(2)
  })

  test('--use is docker’s own: the same config.json, and taken back with the context', async () => {
    await docker(home, 'context', 'create', 'mine', '--docker', 'host=tcp://192.0.2.1:2375')
    await docker(home, 'context', 'use', 'mine')
    await home.ok('context', 'one')
    expect(await docker(home, 'context', 'show')).toBe('mine')
    const used = await home.cliWith({ env: { DOCKER_HOST: 'tcp://192.0.2.3:1' } }, 'context', '--use', 'one')
    expect(used.stderr).toContain('DOCKER_HOST is set in this terminal and comes first\n')
    expect(await docker(home, 'context', 'show')).toBe('one')
    await home.ok('context', '--rm', 'one')
    expect(await docker(home, 'context', 'show')).toBe('default')
    expect(await names(home)).toContain('mine tcp://192.0.2.1:2375')
    await docker(home, 'context', 'rm', 'mine')
  })

  test('a context that is not ours is neither overwritten nor removed, but by force', async () => {
    await docker(home, 'context', 'create', 'two', '--docker', 'host=tcp://192.0.2.1:2375')
    const said = 'the docker context "two" is there and was not made by this program\n'
    for (const args of [['two'], ['--rm', '--context-name', 'two', 'two']]) {
      const refused = await home.cli('context', ...args)
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr.startsWith(said)).toBe(true)
    }
    expect(await names(home)).toContain('two tcp://192.0.2.1:2375')
    const created = await home.cli(
      'create',
      '-d',
      'none',
      '--url',
      'tcp://192.0.2.9:2376',
      '--context-name',
      'two',
      'three',
    )
    expect(created.code).toBe(3)
    expect(await home.ok('ls', '-q')).not.toContain('three') // refused before anything was made
    await home.ok('context', '--force', 'two')
    expect(await names(home)).toContain('two tcp://192.0.2.7:2376')
    await home.ok('rm', '-y', 'two')
    expect(await names(home)).toEqual(['default unix:///var/run/docker.sock *'])
  })

  test('names docker refuses: said, with the way out', async () => {
    for (const name of ['default', 'x']) {
      const refused = await home.cli('context', name)
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--context-name NAME') })
    }
    await home.ok('context', '--context-name', 'box', 'default')
    expect(await names(home)).toContain('box tcp://192.0.2.7:2376')
    await home.ok('context', '--rm', 'default')
  })

  test('used wrongly', async () => {
    expect((await home.cli('context')).code).toBe(2)
    expect((await home.cli('context', '--use', 'one', 'x')).code).toBe(2)
    expect((await home.cli('context', '--use', '--rm', 'one')).code).toBe(2)
    const two = await home.cli('create', '-d', 'none', '--url', 'tcp://192.0.2.7:1', '--context-name', 'c', 'm', 'n')
    expect(two).toMatchObject({ code: 2, stderr: expect.stringContaining('--context-name is for one machine\n') })
    expect((await home.cli('context', 'nobody')).stderr).toContain('Docker machine "nobody" does not exist.')
    expect((await home.cli('context', '--rm', 'nobody')).code).toBe(1)
  })

  test('rename takes the context along, rm removes it under the new name', async () => {
    await home.ok('create', '-d', 'none', '--url', 'tcp://192.0.2.8:2376', '--context', 'before')
    await home.ok('rename', 'before', 'after')
    expect(await names(home)).toContain('after tcp://192.0.2.8:2376')
    await home.ok('rm', '-y', 'after')
    expect((await names(home)).join('\n')).not.toMatch(/^(before|after) /m)
  })

  test('DOCKER_CONFIG is where docker looks: there it is written', async () => {
    const elsewhere = { DOCKER_CONFIG: join(home.path, 'elsewhere') }
    must('context', await home.cliWith({ env: elsewhere }, 'context', 'one'))
    const listed = await run('docker', ['context', 'ls', '-q'], { env: { ...home.env, ...elsewhere } })
    expect(listed.stdout).toBe('default\none\n')
    expect(await names(home)).toEqual(['default unix:///var/run/docker.sock *'])
  })
})

const why = await whyNoHosts()
const suite = why ? describe.skip : describe

suite(why ? `a context of a real machine [${why}]` : 'a context of a real machine', () => {
  let dev: Dev
  beforeAll(async () => {
    dev = await startDev('context', '--context', '--nspawn-packages', 'docker-cli,docker-buildx,docker-compose')
  })
  afterAll(async () => await dev?.[Symbol.asyncDispose]())

  const engineName = () => docker(dev.home, '--context', 'dev', 'info', '-f', '{{.Name}}')

  test('create --context: docker reaches the engine with nothing to eval', async () => {
    expect(await engineName()).toBe('dev')
    expect(await names(dev.home)).toContain(`dev tcp://${dev.address}:2376`)
  })

  test('new client certificates are in the context at once', async () => {
    const home = dev.home
    const key = () => contextFile(home, 'key.pem')
    const before = key()
    for (const file of ['cert.pem', 'key.pem']) await run('rm', [join(home.store, 'certs', file)])
    await home.ok('provision', 'dev')
    expect(key()).not.toBe(before)
    expect(key()).toBe(readFileSync(join(home.store, 'machines/dev/key.pem'), 'utf8'))
    expect(await engineName()).toBe('dev')
  })

  test('an address that start finds changed is in the context', async () => {
    const home = dev.home
    await docker(home, 'context', 'update', 'dev', '--docker', 'host=tcp://192.0.2.1:2376')
    await home.ok('restart', 'dev')
    expect(await names(home)).toContain(`dev tcp://${dev.address}:2376`)
  })

  needs('docker-compose')('docker-compose takes the context', async () => {
    const file = join(dev.home.path, 'compose.yml')
    await run('tee', [file], { input: 'version: "3"\nservices:\n  web:\n    image: nowhere.invalid/web\n' })
    // It looks for contexts beside a config.json alone, which docker makes at the first login.
    await run('tee', [join(dev.home.path, '.docker/config.json')], { input: '{}' })
    const old = (await run('docker-compose', ['version', '--short'])).stdout.startsWith('1.')
    const args = [...(old ? ['--context', 'dev'] : []), '-f', file, 'ps', '-q']
    // Python's requests prefers these over the CA it is given.
    const bundles = { REQUESTS_CA_BUNDLE: undefined, CURL_CA_BUNDLE: undefined }
    const ran = await run('docker-compose', args, { env: { ...dev.home.env, ...bundles, DOCKER_CONTEXT: 'dev' } })
    expect(must('docker-compose', ran)).toBe('')
  })

  test('buildx and compose 2, on a host that imported the exported context', async () => {
    const tar = join(dev.home.path, 'dev.tar')
    await docker(dev.home, 'context', 'export', 'dev', tar)
    const packed = readFileSync(tar).toString('base64')
    await dev.ssh('base64 -d > /root/dev.tar && docker context import far /root/dev.tar', packed)
    await dev.ssh('docker buildx create --name b far')
    const builder = await dev.ssh('docker buildx inspect b')
    expect(builder).toMatch(/Endpoint:\s+far\n/)
    await dev.ssh("mkdir -p /root/c && printf 'FROM scratch\\nCOPY Dockerfile /\\n' > /root/c/Dockerfile")
    await dev.ssh('docker --context far buildx build -t built /root/c')
    expect(await docker(dev.home, '--context', 'dev', 'image', 'ls', '-q', 'built')).toMatch(/^[0-9a-f]{12}$/)
    await dev.ssh(`printf 'services:\\n  web:\\n    build: .\\n' > /root/c/compose.yml`)
    await dev.ssh('cd /root/c && docker --context far compose build')
    expect(await docker(dev.home, '--context', 'dev', 'image', 'ls', '-q', 'c-web')).toMatch(/^[0-9a-f]{12}$/)
  })

  test('rm takes the context along', async () => {
    await dev.home.ok('rm', '-y', 'dev')
    expect(await names(dev.home)).toEqual(['default unix:///var/run/docker.sock *'])
  })
})

function contextFile(home: Home, file: string): string {
  // sha256 of "dev"
  const id = 'ef260e9aa3c673af240d17a2660480361a8e081d1ffeca2a5ed0e3219fc18567'
  return readFileSync(join(home.path, '.docker/contexts/tls', id, 'docker', file), 'utf8')
}
