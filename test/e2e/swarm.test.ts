/** Classic Swarm as far as it is kept: what create refuses and keeps, and where env --swarm and config --swarm point. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { type Home, startHome } from '../kit/cli.ts'
import { addOldMachine, makeOldStore } from '../kit/docker-machine.ts'
import { dockerMachineServer } from '../kit/openssl.ts'
import { freePort, type Sshd, startSshd } from '../kit/sshd.ts'
import { engine, type Listening } from '../unit/engine/servers.ts'

jest.setTimeout(60_000)
let home: Home
let sshd: Sshd
/** The engine and the swarm manager of one master; nothing answers at `deaf`. */
let docker: Listening
let manager: Listening
let deaf: number

beforeAll(async () => {
  home = await startHome()
  const store = makeOldStore(home.store)
  sshd = await startSshd()
  const its = { ca: store.ca, client: store.client, server: dockerMachineServer(store.ca, 'm', '127.0.0.1') }
  docker = await engine(its, (_request, response) => response.end('{}'))
  manager = await engine(its, (_request, response) => response.end('{}'))
  deaf = await freePort()
  const at = { address: '127.0.0.1', sshUser: sshd.user, sshPort: sshd.port, keyPath: sshd.keyPath }
  const add = (name: string, enginePort: number, swarm: object) => {
    addOldMachine(store, { name, ...at, enginePort })
    const file = join(store.path, 'machines', name, 'config.json')
    const record = JSON.parse(readFileSync(file, 'utf8'))
    Object.assign(record.HostOptions.SwarmOptions, swarm)
    writeFileSync(file, JSON.stringify(record, null, 4))
  }
  add('master', docker.port, { IsSwarm: true, Master: true, Host: `tcp://0.0.0.0:${manager.port}` })
  add('down', docker.port, { IsSwarm: true, Master: true, Host: `tcp://0.0.0.0:${deaf}` })
  add('dead', deaf, { IsSwarm: true, Master: true, Host: `tcp://0.0.0.0:${deaf}` })
  add('agent', docker.port, { IsSwarm: true, Agent: true })
})
afterAll(async () => {
  await docker?.[Symbol.asyncDispose]()
  await manager?.[Symbol.asyncDispose]()
  await sshd?.[Symbol.asyncDispose]()
  await home?.[Symbol.asyncDispose]()
})

const first = (text: string) => text.split('\n')[0]

test('env --swarm points at the manager’s port on the machine’s own address', async () => {
  const { DOCKER_HOST } = JSON.parse(await home.ok('env', '--json', '--swarm', 'master'))
  expect(DOCKER_HOST).toBe(`tcp://127.0.0.1:${manager.port}`)
  expect(JSON.parse(await home.ok('env', '--json', 'master')).DOCKER_HOST).toBe(docker.url)
  expect(await home.ok('env', 'master', '-swarm', '-shell', 'fish')).toContain(
    `set -gx DOCKER_HOST "tcp://127.0.0.1:${manager.port}";\n`,
  )
})

test('config --swarm does, too', async () =>
  expect(await home.ok('config', '--swarm', 'master')).toContain(`-H=tcp://127.0.0.1:${manager.port}\n`))

const ENV = 'Error checking TLS connection'
const CONFIG = 'Error running connection boilerplate'
test.each([
  ['env', ENV],
  ['config', CONFIG],
])('%s --swarm of what is no master, or does not answer', async (verb, words) => {
  const said = async (name: string) => {
    const ran = await home.cli(verb, '--swarm', name)
    return [ran.code, ran.stdout, first(ran.stderr)]
  }
  expect(await said('agent')).toEqual([
    1,
    '',
    `${words}: "agent" is not a swarm master. The --swarm flag is intended for use with swarm masters`,
  ])
  expect(await said('down')).toEqual([
    1,
    '',
    `${words}: Connection to Swarm cannot be checked but the certs are valid. Maybe swarm is not started`,
  ])
  const [code, stdout, text] = await said('dead')
  expect([code, stdout]).toEqual([1, ''])
  expect(text).toMatch(
    `${words}: Error checking and/or regenerating the certs: There was an error validating certificates for host "127.0.0.1:${deaf}": `,
  )
})

test.each(['plain', 'token:x', '://x/'])('create refuses the discovery %j before anything is made', async discovery => {
  const ran = await home.cli('create', '-d', 'none', '--url', 'tcp://192.0.2.1:1', '--swarm-discovery', discovery, 'x')
  if (discovery.includes('://')) return expect(ran.code).toBe(0) // docker-machine takes this one, too
  expect([ran.code, first(ran.stderr)]).toEqual([
    2,
    `Error parsing swarm discovery: Swarm Discovery URL was in the wrong format: ${discovery}`,
  ])
})
