/** The way to a machine behind NAT, told by a `vagrant` of the test's own: a script that prints what the real one does. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { inspectVm } from '../../../../drivers/vagrant/inspect.ts'
import type { State } from '../../../../drivers/vagrant/state.ts'
import { makeTempDir, type TempDir } from '../../../kit/temp-dir.ts'

let dir: TempDir
let sshd: Server
let port: number
beforeEach(async () => {
  dir = makeTempDir()
  sshd = createServer(socket => socket.end()).listen(0, '127.0.0.1')
  await new Promise(resolve => sshd.once('listening', resolve))
  port = (sshd.address() as { port: number }).port
  const id = join(dir.path, 'vagrant/.vagrant/machines/web/virtualbox')
  mkdirSync(id, { recursive: true })
  writeFileSync(join(id, 'id'), 'x')
  writeFileSync(join(id, 'index_uuid'), 'uuid1')
  mkdirSync(join(dir.path, 'home/data/machine-index'), { recursive: true })
  noted('running')
})
afterEach(() => {
  sshd.close()
  dir[Symbol.dispose]()
})

const noted = (state: string) =>
  writeFileSync(
    join(dir.path, 'home/data/machine-index/index'),
    JSON.stringify({ version: 1, machines: { uuid1: { state } } }),
  )

const STATE: State = {
  IPAddress: '',
  MachineName: 'web',
  SSHUser: '',
  SSHPort: 22,
  SSHKeyPath: '',
  VmName: 'web',
  Provider: 'virtualbox',
  ProviderName: 'web-0',
  Project: '',
  ProjectDotfile: '',
  ProjectDestroy: false,
  Disks: false,
  EnginePort: 2376,
  DockerEnv: {},
}

/** `script` is the body of a case on the first word; each call is written down. */
function look(script: string, state: Partial<State> = {}) {
  const bin = join(dir.path, 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'vagrant'), `#!/bin/sh\necho "$*" >>"${dir.path}/calls"\ncase $1 in\n${script}\nesac\n`)
  chmodSync(join(bin, 'vagrant'), 0o755)
  const env = { PATH: `${bin}:/usr/bin:/bin`, VAGRANT_HOME: join(dir.path, 'home') }
  const signal = new AbortController().signal
  const ctx = { name: 'web', machineDir: dir.path, storeId: '0', env, signal, say: () => {}, point: () => {} }
  return inspectVm({ ...STATE, ...state }, ctx)
}
const calls = () => readFileSync(join(dir.path, 'calls'), 'utf8').trim().split('\n')

const CONFIG =
  () => `ssh-config) printf 'Host web\\n  HostName 127.0.0.1\\n  User vagrant\\n  Port ${port}\\n  IdentityFile "/k 1"\\n' ;;
ssh) echo 'machine-addr 2: eth0    inet 10.0.2.15/24 scope global eth0'; echo 'machine-route default via 10.0.2.2 dev eth0' ;;`
const NOT_READY = `ssh-config) echo '1,,error-exit,Vagrant::Errors::SSHNotReady,not yet'; exit 1 ;;`

test('the port that leads to the engine’s is told', async () => {
  const seen = await look(
    `${CONFIG()}\nport) echo '1,web,forwarded_port,22,${port}'; echo '1,web,forwarded_port,2376,2203' ;;`,
  )
  expect(seen).toEqual({
    status: 'Running',
    address: '127.0.0.1',
    ssh: { user: 'vagrant', port, keyPath: '/k 1' },
    enginePort: 2203,
  })
})

test('asked once, as long as Vagrant has noted nothing else', async () => {
  const script = `${CONFIG()}\nport) echo '1,web,forwarded_port,2376,2203' ;;`
  const first = await look(script)
  expect(await look(script)).toEqual(first)
  expect(calls()).toHaveLength(3)
  noted('poweroff')
  expect(await look(`${NOT_READY}\nstatus) echo '1,web,state,poweroff' ;;`)).toEqual({ status: 'Stopped' })
  expect(calls()).toHaveLength(5)
})

test('a machine in a network of this computer is reached at its own address', async () => {
  const script = `ssh-config) printf 'Host web\\n  HostName 192.0.2.4\\n  User me\\n' ;;`
  expect(await look(script)).toEqual({ status: 'Running', address: '192.0.2.4', ssh: { user: 'me', port: 22 } })
  expect(calls()).toEqual(['ssh-config web --machine-readable'])
})

test('a provider that tells no ports: our own Vagrantfile is known, a project’s is not', async () => {
  const script = `${CONFIG()}\nport) echo '1,,ui,error,no such ability'; exit 1 ;;`
  expect(await look(script)).toMatchObject({ enginePort: 2376 })
  mkdirSync(join(dir.path, 'theirs/.vagrant/machines/web/qemu'), { recursive: true })
  writeFileSync(join(dir.path, 'theirs/.vagrant/machines/web/qemu/id'), 'x')
  await expect(look(script, { Project: join(dir.path, 'theirs') })).rejects.toMatchObject({
    code: 'VAGRANT_UNREACHABLE',
  })
})

test('states of one that is not to be logged in to, and of one that was never made', async () => {
  expect(await look(`${NOT_READY}\nstatus) echo '1,web,state,saved' ;;`)).toEqual({ status: 'Saved' })
  expect(await look('', { VmName: 'other' })).toEqual({ status: 'Not Found' })
  expect(await look('', { VmName: '' })).toEqual({ status: 'Not Found' })
})

test('two looks at once: one waits for the other', async () => {
  const script = `ssh-config) if [ -e "$VAGRANT_HOME/once" ]; then echo '1,,error-exit,Vagrant::Errors::SSHNotReady,x'; else : >"$VAGRANT_HOME/once"; echo '1,,error-exit,Vagrant::Errors::MachineLocked,locked'; fi; exit 1 ;;
status) echo '1,web,state,running' ;;`
  expect(await look(script)).toEqual({ status: 'Running' })
  expect(calls().map(call => call.split(' ')[0])).toEqual(['ssh-config', 'ssh-config', 'status'])
})
