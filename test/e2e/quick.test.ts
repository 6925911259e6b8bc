/**
 * Plain calls of the commands that prompts and scripts run are answered before oclif is loaded. Whoever answers, the answer
 * is the same: each case is asked of both (MACHINE_LOG_FORMAT, even at its default, is for the command proper).
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Home, type Ran, run, startHome } from '../kit/cli.ts'
import { freePort } from '../kit/sshd.ts'
import { type FakeHost, startFakeHost, writeGeneric } from '../kit/store-with.ts'
import { makeIdentities } from '../unit/engine/servers.ts'

jest.setTimeout(60_000)
const root = join(import.meta.dirname, '../..')

let home: Home
let host: FakeHost
let wrong: FakeHost
/** A copy of the program whose command proper only says that it was asked. */
let withoutOclif: string

beforeAll(async () => {
  home = await startHome()
  const its = await makeIdentities(['127.0.0.1'], new Date(), 300)
  host = await startFakeHost(its)
  wrong = await startFakeHost(await makeIdentities()) // of another store
  await writeGeneric(home.store, 'dev', host, { its })
  await writeGeneric(home.store, 'wrong', wrong, { its })
  await writeGeneric(home.store, 'down', { ...host, sshPort: await freePort() }, { its })
  await writeGeneric(home.store, 'bare', host)
  await mkdir(join(home.store, 'machines', 'broken'))
  await writeFile(join(home.store, 'machines', 'broken', 'config.json'), '{"ConfigVersion": 99}')
  await home.ok('create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', 'ext')
  withoutOclif = join(home.path, 'program')
  await cp(join(root, 'bin'), join(withoutOclif, 'bin'), { recursive: true })
  await cp(join(root, 'dist/cli/quick.cjs'), join(withoutOclif, 'dist/cli/quick.cjs'))
  await writeFile(join(withoutOclif, 'dist/cli/package.json'), '{"type":"module"}')
  await writeFile(
    join(withoutOclif, 'dist/cli/main.js'),
    "export const main = () => console.log('the command proper')\n",
  )
})
afterAll(async () => {
  await host?.[Symbol.asyncDispose]()
  await wrong?.[Symbol.asyncDispose]()
  await rm(join(home?.store ?? '', 'machines', 'broken'), { recursive: true, force: true })
  await home?.[Symbol.asyncDispose]()
})

const PLAIN = [
  'env dev',
  'env --no-check dev',
  'env dev --no-proxy',
  'env --shell fish dev',
  'env --shell=powershell dev',
  'env --json dev',
  'env -u',
  'env -u --json',
  'env --unset dev',
  'env',
  'env dev ext',
  'env nosuch',
  'env broken',
  'env down',
  'env wrong',
  'env --no-check wrong',
  'env bare',
  'env ext',
  'config dev',
  'config --no-check wrong',
  'config wrong',
  'config --json dev',
  'ip dev ext',
  'ip down',
  'ip --json dev',
  'ip dev nosuch',
  'url dev',
  'url ext --json',
  'url down',
  'status dev',
  'status down',
  'status nosuch',
  'status --json dev',
  'status broken',
  'inspect dev',
  'inspect dev --json',
  'inspect dev -f {{.HostOptions.AuthOptions.StorePath}}',
  'inspect --format={{prettyjson(.Driver)}} dev',
  'inspect -f {{.Nope}}|{{json(.Name)}} dev',
  'inspect -f {{.Name dev',
  'inspect -f {{len(.ConfigVersion)}} dev',
  'inspect nosuch',
  'active',
  'active -t 5',
  'active --json',
  'active dev',
  'ls --format {{.Name}}|{{.Active}}|{{.State}}|{{.URL}}|{{.DockerVersion}}|{{.Error}}',
  'ls',
  'ls -q',
  'ls -q --json',
  'ls --quiet --filter driver=none --filter name=^e',
  'ls --filter x',
  'ls -f {{.Nmae}}',
  'ls -f {{',
  'ls dev',
  '-s /nonexistent url dev',
]

const comparable = ({ code, stdout, stderr }: Ran) => ({ code, stdout, stderr })

describe.each(['machine', 'docker-machine'])('called %s', called => {
  test.each(PLAIN)('%s', async line => {
    const env = { MACHINE_CALLED_AS: called, DOCKER_HOST: host.url, no_proxy: undefined, NO_PROXY: undefined }
    const [quick, proper] = await Promise.all([
      home.cliWith({ env }, ...line.split(' ')),
      home.cliWith({ env: { ...env, MACHINE_LOG_FORMAT: 'text' } }, ...line.split(' ')),
    ])
    expect(comparable(quick)).toEqual(comparable(proper))
    expect(quick.stdout + quick.stderr).not.toMatch(/this is a bug|^\s+at /m)
  })
})

const asked = (...words: string[]) =>
  run(process.execPath, [join(withoutOclif, 'bin/machine'), ...words], { env: { ...home.env, DOCKER_HOST: host.url } })

test('plain calls never get to oclif', async () => {
  const said = await Promise.all(PLAIN.map(async line => [line, (await asked(...line.split(' '))).stdout]))
  expect(said.filter(([, stdout]) => stdout?.includes('the command proper'))).toEqual([])
})

test.each([
  'env --help',
  'env -h',
  'env --debug dev',
  'env --shel fish dev',
  'env --tls-ca-cert x dev',
  'ip -- dev',
  'inspect -f',
  'active -t 0',
  'ls -qt 5',
  'version',
  'help',
  '--version',
  '-D env dev',
  '--help env dev',
  'toString',
])('%s is left to the command proper', async line => {
  expect(await asked(...line.split(' '))).toMatchObject({ code: 0, stdout: 'the command proper\n' })
})

test('the quick part needs no library, and none of Node’s heavy modules until something of them is used', async () => {
  const built = await readFile(join(root, 'dist/cli/quick.cjs'), 'utf8')
  expect([...built.matchAll(/\brequire\("(?!node:)[^"]*"\)/g)].map(([found]) => found)).toEqual([])
  const asking = `process.argv.splice(1, 2, 'machine'); const had = new Set(process.moduleLoadList)
    require(${JSON.stringify(join(root, 'dist/cli/quick.cjs'))}).quick(['url', 'ext']).then(() => {
      const heavy = process.moduleLoadList.filter(m => /NativeModule (crypto|tls|https?|child_process|readline)$/.test(m))
      console.log(heavy.filter(m => !had.has(m)))
    })`
  const ran = await run(process.execPath, ['-e', asking], { env: home.env })
  expect(ran).toMatchObject({ code: 0, stdout: 'tcp://192.0.2.1:2376\n[]\n', stderr: '' })
})

test('the store may be named by flag or variable', async () => {
  const at = { MACHINE_STORAGE_PATH: home.store, HOME: '/nonexistent' }
  expect((await home.cliWith({ env: at }, 'url', 'dev')).stdout).toBe(`${host.url}\n`)
  for (const flag of [['-s', home.store], ['--storage-path', home.store], [`--storage-path=${home.store}`]])
    for (const words of [
      ['url', ...flag, 'dev'],
      ['url', 'dev', ...flag],
      [...flag, 'url', 'dev'],
    ])
      expect((await home.cliWith({ env: { HOME: '/nonexistent' } }, ...words)).stdout).toBe(`${host.url}\n`)
})

test('a reader that goes away is no failure', async () => {
  for (const [env, command] of [
    [{}, 'inspect'],
    [{ MACHINE_LOG_FORMAT: 'text' }, 'inspect'],
    [{}, 'env'],
  ] as const) {
    const line = '"$0" "$1" "$2" dev | sleep 0; exit "${PIPESTATUS[0]}"'
    const ran = await run('bash', ['-c', line, process.execPath, join(root, 'bin/machine'), command], {
      env: { ...home.env, ...env },
    })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
  }
})

describe('inspect -f', () => {
  test.each([
    ['{{.Driver.IPAddress}}', '127.0.0.1\n'],
    ['{{.HostOptions.EngineOptions.TlsVerify}} {{.ConfigVersion}}', 'true 3\n'],
    ['{{json .HostOptions.EngineOptions.Labels}}', '[]\n'],
    ['{{range $k, $v := .Machine}}{{if eq $k "Phase"}}{{$v}}{{end}}{{end}}', 'ready\n'],
    ['{{.Nope}}', '<no value>\n'],
    ['{{.Name}}\\n', 'dev\\n\n'], // as there: only ls reads escapes outside of actions
  ])('%s', async (template, printed) => expect(await home.ok('inspect', '-f', template, 'dev')).toBe(printed))

  test('prettyjson: four spaces, keys in order', async () => {
    const text = await home.ok('inspect', 'dev', '-f', '{{prettyjson .Machine}}')
    expect(text).toBe(`{\n    "EnginePort": ${host.enginePort},\n    "Phase": "ready"\n}\n`)
  })
})

test('ip of several: in the order of the names, of a foreign engine its address', async () => {
  expect(await home.ok('ip', 'ext', 'dev')).toBe('192.0.2.1\n127.0.0.1\n')
})

test('env --no-check prints although the engine is another, env does not', async () => {
  expect(await home.cli('env', 'wrong')).toMatchObject({ code: 1, stdout: '' })
  expect((await home.ok('env', '--no-check', 'wrong')).split('\n')[1]).toBe(`export DOCKER_HOST="${wrong.url}"`)
  expect((await home.ok('config', '--no-check', 'wrong')).trimEnd().split('\n').at(-1)).toBe(`-H=${wrong.url}`)
})

test('active does not wait for others once it is found', async () => {
  // nothing answers there: packets to TEST-NET-1 go nowhere
  await writeGeneric(home.store, 'away', { address: '192.0.2.1', sshPort: 22, enginePort: 2376 })
  try {
    const started = await home.cliWith({ env: { DOCKER_HOST: host.url }, timeoutMs: 9000 }, 'active')
    expect(started).toMatchObject({ code: 0, signal: null, stdout: 'bare\n' }) // the first of three with this URL
  } finally {
    await rm(join(home.store, 'machines', 'away'), { recursive: true })
  }
})
