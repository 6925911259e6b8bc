/** A machine of a Pulumi program on this computer, from preview to destroy, through Pulumi's own serialization and gRPC. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { parseSubnet } from '../../drivers/nspawn/subnet.ts'
import { issueClientCert } from '../../src/certs/index.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { hostEnv } from '../kit/dev-machine.ts'
import { leftovers } from '../kit/leftovers.ts'
import { testSubnet } from '../kit/places.ts'
import type { Json, Report, Resource } from '../kit/pulumi/report.ts'
import { type Stack, startStack } from '../kit/pulumi/stack.ts'
import { behind, didOf, dockerWith, homesOf, outputsOf } from '../kit/pulumi/stack-machine.ts'

jest.setTimeout(240_000)
const why = await whyNoHosts()
const net = parseSubnet(testSubnet('faults'))
const env = hostEnv('pulumi-life', net.cidr)
const left = () => leftovers(net.bridge, env.MACHINE_NSPAWN_STATE_DIR ?? '', /^web-/)

/** The last line is for what `@pulumi/docker` would get: its provider is a program that cannot be had everywhere. */
const program = (args: string) => `
const web = new m.Machine('web', { driver: 'nspawn', ${args} })
pulumi.all(web.dockerProvider).apply(its => require('node:fs').writeFileSync('provider.json', JSON.stringify(its)))`
const FIRST = "engine: { agent: 'off', labels: { role: 'web' } }"
const SECOND =
  "engine: { agent: 'off', labels: { role: 'db' }, opts: { 'log-level': 'warn' } }, tlsSans: ['web.example']"

/** Puts a client certificate that ends tomorrow into the state, as one that was issued long ago; returns it. */
async function withOldClient(stack: Stack): Promise<string> {
  const resources: Resource[] = JSON.parse(stack.stateText())
  const outputs = resources.find(({ urn }) => urn.endsWith(':Machine::web'))?.outputs ?? {}
  const files = JSON.parse(String(outputs.files))
  const ca = { certPem: files['certs/ca.pem'], keyPem: files['certs/ca-key.pem'] }
  const now = new Date(Date.now() - 99 * 86_400_000)
  const { certPem, keyPem } = await issueClientCert({ ca, owner: 'someone', now, days: 100 })
  for (const folder of ['certs', 'NAME'])
    Object.assign(files, { [`${folder}/cert.pem`]: certPem, [`${folder}/key.pem`]: keyPem })
  outputs.files = JSON.stringify(files)
  stack.restore(JSON.stringify(resources))
  return certPem
}

const suite = why ? describe.skip : describe
suite(why ? `the life of a Pulumi program’s machine [${why}]` : 'the life of a Pulumi program’s machine', () => {
  let stack: Stack
  let made: Report
  const web = (report: Report): Json => outputsOf(report, 'Machine', 'web')
  const sure = async (report: Promise<Report>): Promise<Report> => {
    const its = await report
    expect(its.failures).toEqual([])
    return its
  }
  beforeAll(() => {
    stack = startStack(env)
    stack.program(program(FIRST))
  })
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]()
    expect(left()).toBe('')
  })

  test('preview says what would be, and makes nothing', async () => {
    const seen = await sure(stack.preview())
    expect(didOf(seen)).toEqual(['create web'])
    expect([homesOf(stack), left()]).toEqual([[], ''])
  })

  test('what cannot be is said by property, before anything is made', async () => {
    stack.program(program("engine: { opts: { 'mtu': 'wide' } }, enginePort: 0, nspawn: { suit: 'trixie' }"))
    const { failures } = await stack.up()
    expect(failures.join('\n').split('\n').sort()).toEqual([
      expect.stringMatching(/^engine.opts: the engine option "mtu" wants a whole number/),
      'enginePort: is a whole number from 1 to 65535',
      'nspawn.suit: there is no such setting; did you mean suite?',
    ])
    expect(homesOf(stack)).toEqual([])
  })

  test('up makes it, says how it goes, and its outputs are what docker needs', async () => {
    stack.program(program(FIRST))
    made = await sure(stack.up())
    const outputs = web(made)
    expect(outputs).toMatchObject({ state: 'Running', phase: 'ready', drift: [], sshPort: 22 })
    expect(outputs.dockerHost).toBe(`tcp://${outputs.address}:2376`)
    expect(outputs.sshHost).toBe(`root@${outputs.address}`)
    expect(outputs.name).toMatch(/^web-[0-9a-f]{7}$/)
    const info = await dockerWith(stack, outputs, 'info', '--format', '{{json .Labels}} {{.ServerVersion}}')
    expect(info).toContain('"role=web"')
    expect(info).toContain(String(outputs.engineVersion))
    const row = made.lines.filter(({ urn }) => urn.endsWith('::web')).map(({ message }) => message)
    expect(row).toEqual(expect.arrayContaining(['Creating machine...', 'Checking connection to Docker...']))
    expect(existsSync(join(stack.path, '.docker'))).toBe(false)
  })

  test('keys are in secret outputs alone, and the serialized provider is a constant', () => {
    const outputs = web(made)
    const registered = made.registered.find(({ urn }) => urn.endsWith('::web'))
    const open = Object.entries(outputs).filter(([name]) => !registered?.secret.includes(name))
    expect(registered?.secret).toEqual(expect.arrayContaining(['key', 'sshPrivateKey', 'caKey', 'files']))
    expect(JSON.stringify(open)).not.toContain('PRIVATE KEY')
    const text = String(outputs.__provider)
    expect(text).toContain("import('@machinehosts/machine/pulumi/provider')")
    expect(text.length).toBeLessThan(3000)
    const claim = made.resources.find(({ urn }) => urn.endsWith('::web-claim'))
    expect(String(claim?.outputs.__provider).replaceAll('"claim"', '"machine"')).toBe(text)
  })

  test('what @pulumi/docker’s provider gets is an engine’s address and what it takes to speak to it', async () => {
    const { host, caMaterial, certMaterial, keyMaterial, ...others } = JSON.parse(
      readFileSync(join(stack.path, 'provider.json'), 'utf8'),
    )
    const its = { name: 'provider', dockerHost: host, ca: caMaterial, cert: certMaterial, key: keyMaterial }
    expect(others).toEqual({})
    expect(await dockerWith(stack, its, 'info', '--format', '{{.OSType}}')).toBe('linux')
  })

  test('up again changes nothing', async () => {
    expect(didOf(await sure(stack.up()))).toEqual([])
  })

  test('engine settings and names in the certificate change in place', async () => {
    stack.program(program(SECOND))
    expect(didOf(await sure(stack.preview()))).toEqual(['update web'])
    expect(await dockerWith(stack, web(made), 'info', '--format', '{{json .Labels}}')).toContain('role=web')
    const changed = await sure(stack.up())
    expect(didOf(changed)).toEqual(['update web'])
    expect(web(changed)).toMatchObject({ name: web(made).name, address: web(made).address })
    const labels = await dockerWith(stack, web(changed), 'info', '--format', '{{json .Labels}}')
    expect([labels.includes('role=db'), labels.includes('role=web')]).toEqual([true, false])
    const config = await behind(stack, web(changed), 'ssh', String(web(made).name), '--', 'cat /etc/docker/daemon.json')
    expect(JSON.parse(config)).toMatchObject({ 'log-level': 'warn' })
    expect(didOf(await sure(stack.up()))).toEqual([])
  })

  test('refresh sees a stopped machine, and the next up starts it', async () => {
    await behind(stack, web(made), 'stop', String(web(made).name))
    const seen = await sure(stack.refresh())
    expect(web(seen)).toMatchObject({ state: 'Stopped', drift: ['it is Stopped'], dockerHost: '' })
    const mended = await sure(stack.up())
    expect(didOf(mended)).toEqual(['update web'])
    expect(web(mended)).toMatchObject({ state: 'Running', drift: [] })
  })

  test('refresh sees settings changed by hand and a certificate near its end; the next up puts both right', async () => {
    const inside = (command: string) => behind(stack, web(made), 'ssh', String(web(made).name), '--', command)
    await inside('sed -i \'s/"warn"/"error"/\' /etc/docker/daemon.json && systemctl restart docker')
    const before = await withOldClient(stack)
    const { drift } = web(await sure(stack.refresh()))
    expect(drift).toEqual([expect.stringMatching(/^settings: not so: /), 'a certificate is about to run out'])
    const mended = await sure(stack.up())
    expect([didOf(mended), web(mended).drift]).toEqual([['update web'], []])
    expect(JSON.parse(await inside('cat /etc/docker/daemon.json'))).toMatchObject({ 'log-level': 'warn' })
    expect(web(mended).cert).not.toBe(before)
    expect(Date.parse(String(web(mended).due)) - Date.now()).toBeGreaterThan(300 * 86_400_000)
    expect(await dockerWith(stack, web(mended), 'info', '--format', '{{.OSType}}')).toBe('linux')
  })

  test('another setting of the driver makes it anew, side by side', async () => {
    stack.program(program(`${SECOND}, nspawn: { memory: 2048 }`))
    const anew = await sure(stack.up())
    expect(didOf(anew)).toEqual(['replace web', 'delete web'])
    expect(anew.steps.find(({ op }) => op === 'replace')).toMatchObject({ because: ['nspawn'], deletedFirst: false })
    expect(web(anew).name).not.toBe(web(made).name)
    expect(await dockerWith(stack, web(anew), 'info', '--format', '{{.OSType}}')).toBe('linux')
    expect(left()).not.toContain(String(web(made).name))
  })

  test('destroy removes it and its working files, and may be repeated', async () => {
    const before = stack.stateText()
    expect(didOf(await sure(stack.destroy()))).toEqual(['delete web'])
    expect([homesOf(stack), left()]).toEqual([[], ''])
    stack.restore(before)
    await sure(stack.destroy())
    expect([homesOf(stack), left()]).toEqual([[], ''])
    stack.restore(before)
  })

  test('refresh notices that it is gone, and the next up would make it anew', async () => {
    const seen = await sure(stack.refresh())
    expect(seen.steps.map(({ op }) => op).sort()).toEqual(['gone', 'read'])
    expect(didOf(await sure(stack.preview()))).toEqual(['create web'])
    await sure(stack.destroy())
    expect([homesOf(stack), left()]).toEqual([[], ''])
  })
})
