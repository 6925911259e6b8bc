/** What stands around a machine in a Pulumi program: a shared CA, certificates with roles, groups, hosts of somebody else's. */
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { parseSubnet } from '../../drivers/nspawn/subnet.ts'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { run } from '../kit/cli.ts'
import { hostEnv } from '../kit/dev-machine.ts'
import { leftovers } from '../kit/leftovers.ts'
import { testSubnet } from '../kit/places.ts'
import type { Json, Report } from '../kit/pulumi/report.ts'
import { type Stack, startStack } from '../kit/pulumi/stack.ts'
import { didOf, dockerWith, homesOf, outputsOf } from '../kit/pulumi/stack-machine.ts'
import { seedRuntime } from '../kit/runtime-cache.ts'

jest.setTimeout(240_000)
const why = await whyNoHosts()
const net = parseSubnet(testSubnet('contract'))
const env = hostEnv('pulumi-group', net.cidr)
const left = () => leftovers(net.bridge, env.MACHINE_NSPAWN_STATE_DIR ?? '', /^team-/)

const group = (names: string, memory: number, host: TestHost, more = '') => `
const web = new m.MachineGroup('team', {
  names: ${names}, rolling: true,
  machine: (name, i) => ({ driver: 'nspawn', nspawn: { memory: ${memory} + i }, engine: { labels: { place: String(i) } } }),
})
new m.ClientCertificate('monitor', { authority: web.authority, role: 'viewer', days: 9 })
const lent = new m.ExistingMachine('lent', {
  address: '${host.address}', user: '${host.user}', authority: web.authority,
  privateKey: require('node:fs').readFileSync('${host.keyPath}', 'utf8'), engine: { agent: 'off' },
})
new m.ClientCertificate('ci', { authority: { caCert: lent.ca, caKey: web.authority.caKey } })
${more}`

const suite = why ? describe.skip : describe
suite(why ? `a Pulumi program with several machines [${why}]` : 'a Pulumi program with several machines', () => {
  let host: TestHost
  let stack: Stack
  let made: Report
  const machine = (name: string, report = made): Json => outputsOf(report, 'Machine', name)
  const monitor = (name: string): Json => ({
    ...outputsOf(made, 'ClientCertificate', 'monitor'),
    dockerHost: machine(name).dockerHost,
  })
  beforeAll(async () => {
    host = await startHost({ sshUser: 'admin' })
    stack = startStack(env)
    seedRuntime(join(stack.path, '.local/state/machine/pulumi'), { copy: true })
    stack.program(group("['team-a', 'team-b']", 1024, host))
    made = await stack.up()
    expect(made.failures).toEqual([])
  })
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]()
    await host?.[Symbol.asyncDispose]()
    expect(left()).toBe('')
  })

  test('one client certificate is good on all of them', async () => {
    for (const name of ['team-b', 'lent']) {
      const outputs = { ...machine('team-a'), dockerHost: machine(name).dockerHost }
      expect(await dockerWith(stack, outputs, 'info', '--format', '{{.OSType}}')).toBe('linux')
    }
    const ca = outputsOf(made, 'CertificateAuthority', 'team-ca')
    expect(machine('team-a')).toMatchObject({ ca: ca.caCert, caKey: ca.caKey })
  })

  test('a viewer’s certificate may look, and change nothing', async () => {
    expect(await dockerWith(stack, monitor('team-a'), 'info', '--format', '{{.OSType}}')).toBe('linux')
    await expect(dockerWith(stack, monitor('team-a'), 'volume', 'create')).rejects.toThrow(/viewer/)
  })

  test('a host of somebody else’s has an engine, and keeps its key to itself', () => {
    expect(machine('lent')).toMatchObject({ sshHost: `admin@${host.address}`, state: 'Running' })
    expect(machine('lent').sshPrivateKey).toBe(readFileSync(host.keyPath, 'utf8'))
  })

  test('up again changes nothing', async () => {
    const again = await stack.up()
    expect([again.failures, didOf(again)]).toEqual([[], []])
  })

  test('a rolling change takes them one after the other, the old one first; a key changes in place', async () => {
    const other = join(stack.path, 'other-key')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other])
    await host.exec(`echo '${readFileSync(`${other}.pub`, 'utf8').trim()}' > ~${host.user}/.ssh/authorized_keys`)
    host = { ...host, keyPath: other }
    stack.program(group("['team-a', 'team-b']", 1500, host))
    const rolled = await stack.up()
    expect(rolled.failures).toEqual([])
    expect(didOf(rolled).filter(did => did !== 'update lent')).toEqual(['replace team-a', 'replace team-b'])
    expect(didOf(rolled)).toContain('update lent')
    expect(machine('lent', rolled).sshPrivateKey).toBe(readFileSync(other, 'utf8'))
    made = rolled
    expect(await dockerWith(stack, machine('team-b'), 'info', '--format', '{{json .Labels}}')).toContain('place=1')
  })

  test('a name that goes takes its machine along, and no other; a lent host stays', async () => {
    stack.program(group("['team-a']", 1500, host).replace(/const lent[\s\S]*/, ''))
    const fewer = await stack.up()
    expect(fewer.failures).toEqual([])
    expect(didOf(fewer).sort()).toEqual(['delete ci', 'delete lent', 'delete team-b'])
    expect(await host.exec('systemctl is-active docker')).toBe('active')
    expect(left()).not.toMatch(/^team-b-/m)
    expect(homesOf(stack)).toHaveLength(1)
  })

  test('the certificate of a CA that is replaced is replaced with it, in place', async () => {
    const own = "const ca = new m.CertificateAuthority('other', { owner: 'shop' })"
    stack.program(`${own}
new m.MachineGroup('team', { names: ['team-a'], rolling: true,
  machine: { driver: 'nspawn', nspawn: { memory: 1500 }, engine: { labels: { place: '0' } }, authority: ca } })`)
    const moved = await stack.up()
    expect(moved.failures).toEqual([])
    expect(didOf(moved)).toContain('update team-a')
    const outputs = machine('team-a', moved)
    expect(new X509Certificate(String(outputs.ca)).subject).toContain('O=shop')
    expect(await dockerWith(stack, outputs, 'info', '--format', '{{.OSType}}')).toBe('linux')
    const old = await run('docker', ['info'], {
      env: {
        DOCKER_HOST: String(outputs.dockerHost),
        DOCKER_TLS_VERIFY: '1',
        DOCKER_CERT_PATH: join(stack.path, 'certs-client'),
      },
    })
    expect(old.stdout + old.stderr).toMatch(/certificate|tls/i)
  })
})
