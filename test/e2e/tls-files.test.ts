/** CA and client files elsewhere than in the store: --tls-ca-cert and its siblings, their variables, and what records keep. */
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { CLASSIC, type Home, startHome } from '../kit/cli.ts'
import { addOldMachine, makeOldStore, type OldStore } from '../kit/docker-machine.ts'
import { provisioned } from '../kit/generic.ts'
import { dockerMachineCa, dockerMachineClient, dockerMachineServer } from '../kit/openssl.ts'
import { type Sshd, startSshd } from '../kit/sshd.ts'
import { engine, type Listening } from '../unit/engine/servers.ts'

jest.setTimeout(180_000)
let home: Home
let store: OldStore
const ours = dockerMachineCa()
const client = dockerMachineClient(ours)
const at = (file: string) => join(home.path, 'pki', file)
const flags = () => [
  ...['--tls-ca-cert', at('ca.pem'), '--tls-ca-key', at('ca-key.pem')],
  ...['--tls-client-cert', at('cert.pem'), '--tls-client-key', at('key.pem')],
]
const variables = () => ({
  MACHINE_TLS_CA_CERT: at('ca.pem'),
  MACHINE_TLS_CLIENT_CERT: at('cert.pem'),
  MACHINE_TLS_CLIENT_KEY: at('key.pem'),
})
const paths = () => ({
  CaCertPath: at('ca.pem'),
  CaPrivateKeyPath: at('ca-key.pem'),
  ClientCertPath: at('cert.pem'),
  ClientKeyPath: at('key.pem'),
})

beforeAll(async () => {
  home = await startHome(CLASSIC)
  store = makeOldStore(home.store)
  await mkdir(join(home.path, 'pki'))
  const files = {
    'ca.pem': ours.certPem,
    'ca-key.pem': ours.keyPem,
    'cert.pem': client.certPem,
    'key.pem': client.keyPem,
  }
  for (const [name, pem] of Object.entries(files)) writeFileSync(at(name), pem, { mode: 0o600 })
})
afterAll(() => home?.[Symbol.asyncDispose]())

const inMachine = (name: string, file: string) => readFileSync(join(home.store, 'machines', name, file), 'utf8')
const auth = (name: string) => JSON.parse(inMachine(name, 'config.json')).HostOptions.AuthOptions

describe('a machine whose engine takes clients of another CA than the store’s', () => {
  let sshd: Sshd
  let server: Listening
  const add = (name: string) =>
    addOldMachine(store, {
      ...{ name, address: '127.0.0.1', sshUser: sshd.user, sshPort: sshd.port, keyPath: sshd.keyPath },
      enginePort: server.port,
    })
  beforeAll(async () => {
    sshd = await startSshd()
    const its = { ca: ours, client, server: dockerMachineServer(ours, 'm', '127.0.0.1') }
    server = await engine(its, (_request, response) => response.end('{"Version":"28.5.2","ApiVersion":"1.51"}'))
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await sshd?.[Symbol.asyncDispose]()
  })

  test('env fails without them, and leaves the copies in the machine’s folder alone', async () => {
    add('plain')
    const ran = await home.cli('env', 'plain')
    expect([ran.code, ran.stdout]).toEqual([1, ''])
    expect(ran.stderr).toContain('Error checking TLS connection: ')
    expect(inMachine('plain', 'cert.pem')).toBe(store.client.certPem)
  })

  test.each(['flags', 'variables'])(
    'env with %s checks with them and puts them where DOCKER_CERT_PATH points',
    async by => {
      const name = `by-${by}`
      add(name)
      const ran =
        by === 'flags'
          ? await home.cli(...flags(), 'env', '--shell', 'sh', name)
          : await home.cliWith({ env: variables() }, 'env', '--shell', 'sh', name)
      expect(ran).toMatchObject({ code: 0, stderr: '' })
      expect(ran.stdout).toContain(`export DOCKER_CERT_PATH="${join(home.store, 'machines', name)}"\n`)
      const copies = ['ca.pem', 'cert.pem', 'key.pem'].map(file => inMachine(name, file))
      expect(copies).toEqual([ours.certPem, client.certPem, client.keyPem])
      expect((await home.cli('env', name)).code).toBe(0) // from now on without
    },
  )

  test('config, ls and version use them', async () => {
    add('used')
    expect((await home.cliWith({ env: variables() }, 'config', 'used')).code).toBe(0)
    expect((await home.cli(...flags(), 'version', 'used')).stdout).toBe('28.5.2\n')
    const rows = JSON.parse((await home.cliWith({ env: variables() }, 'ls', '--json')).stdout) as { name: string }[]
    expect(rows.find(row => row.name === 'used')).toMatchObject({ docker: 'v28.5.2', error: '' })
  })

  test('a record that names them needs no flag', async () => {
    add('kept')
    const record = JSON.parse(inMachine('kept', 'config.json'))
    Object.assign(record.HostOptions.AuthOptions, paths())
    writeFileSync(join(home.store, 'machines/kept/config.json'), JSON.stringify(record, null, 4))
    expect(await home.ok('version', 'kept')).toBe('28.5.2\n')
  })

  test('a file that is not there is named', async () => {
    const ran = await home.cli('--tls-ca-cert', '/nonexistent/ca.pem', 'env', 'plain')
    expect([ran.code, ran.stderr.split('\n')[0]]).toEqual([
      1,
      'Error checking TLS connection: cannot read /nonexistent/ca.pem (ENOENT)',
    ])
  })
})

describe('create keeps them in the record', () => {
  test('of any driver', async () => {
    await home.ok('create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', ...flags(), 'bare')
    expect(auth('bare')).toMatchObject(paths())
  })

  test('and relative ones as absolute', async () => {
    const ran = await home.cliWith(
      { cwd: home.path },
      ...['create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', '-tls-ca-cert=pki/ca.pem', 'relative'],
    )
    expect(ran.code).toBe(0)
    expect(auth('relative')).toMatchObject({
      CaCertPath: at('ca.pem'),
      ClientCertPath: join(home.store, 'certs/cert.pem'),
    })
  })
})

const why = await whyNoHosts()
const suite = why ? describe.skip : describe
suite(why ? `on a real host [${why}]` : 'on a real host', () => {
  let host: TestHost
  beforeAll(async () => {
    host = await startHost()
  })
  afterAll(() => host?.[Symbol.asyncDispose]())

  test('create issues by that CA, docker works, and provision without flags changes nothing', async () => {
    await home.ok('create', '-d', 'generic', ...host.flags, ...flags(), 'real')
    expect(auth('real')).toMatchObject(paths())
    expect(inMachine('real', 'ca.pem')).toBe(ours.certPem)
    expect(inMachine('real', 'cert.pem')).toBe(client.certPem)
    expect(await home.dockerOk('real', 'info', '-f', '{{.OSType}}')).toBe('linux')
    expect(await provisioned(home, 'real')).toEqual([])
    expect(await host.exec('cat /etc/docker/ca.pem')).toBe(ours.certPem.trim())
  })
})
