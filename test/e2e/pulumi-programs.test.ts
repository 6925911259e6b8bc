/** Programs as people write them, up to where hosts would be made: what is registered, in which order, with what of it secret. */
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { must, run } from '../kit/cli.ts'
import { COMPILED, LIGHT } from '../kit/pulumi/light-node.ts'
import type { Report } from '../kit/pulumi/report.ts'
import { type Stack, startStack } from '../kit/pulumi/stack.ts'
import { didOf, homesOf, outputsOf } from '../kit/pulumi/stack-machine.ts'

jest.setTimeout(120_000)
const NONE = "driver: 'none', none: { url: 'tcp://198.51.100.1:2375' }"
/** `type::name` of what was registered below the stack itself. */
const names = ({ registered }: Report) => registered.slice(1).map(({ urn }) => urn.split('::').slice(2).join('::'))
const marked = (value: unknown) => JSON.stringify(value ?? null).includes('1b47061264138c4ac30d75fd1eb44270')

describe('a program, from up to up', () => {
  let stack: Stack
  let made: Report
  const program = (name: string, labels: string, options = '{}') =>
    stack.program(`new m.Machine('${name}', { ${NONE}, labels: { ${labels} } }, ${options})`)
  const machine = 'pulumi-nodejs:dynamic/machine'
  beforeAll(() => {
    stack = startStack()
  })
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]()
  })

  test('a machine’s claim is made before it', async () => {
    program('web', '')
    made = await stack.up()
    expect(made.failures).toEqual([])
    expect(names(made)).toEqual([`${machine}:Claim::web-claim`, `${machine}:Machine::web`])
    expect(outputsOf(made, 'Machine', 'web')).toMatchObject({ driver: 'none', phase: 'ready', engineVersion: '' })
  })

  test('an ES module loads the same package', async () => {
    stack.module(`import { Machine } from '@machinehosts/machine/pulumi'\nnew Machine('web', { ${NONE}, labels: {} })`)
    const up = await stack.up()
    expect([up.failures, up.steps]).toEqual([[], []])
    expect(names(up)).toEqual(names(made))
  })

  test('labels at the provider are set in place', async () => {
    program('web', "team: 'infra'")
    const up = await stack.up()
    expect([up.failures, didOf(up)]).toEqual([[], ['update web']])
    expect(JSON.parse(String(outputsOf(up, 'Machine', 'web').files))['NAME/config.json']).toContain('"team": "infra"')
  })

  test('what is to be ignored is', async () => {
    program('web', "team: 'shop'", "{ ignoreChanges: ['labels'] }")
    const up = await stack.up()
    expect([up.failures, didOf(up)]).toEqual([[], []])
  })

  test('a renamed machine with an alias stays the one it is, and so does its claim', async () => {
    program('shop', "team: 'infra'", "{ aliases: [{ name: 'web' }] }")
    const renamed = await stack.up()
    expect([renamed.failures, renamed.steps]).toEqual([[], []])
    const { name, home } = outputsOf(made, 'Machine', 'web')
    expect(outputsOf(renamed, 'Machine', 'shop')).toMatchObject({ name, home })
  })

  test('one that gets the name that the other had then has files of its own, and takes none along', async () => {
    const shop = `new m.Machine('shop', { ${NONE}, labels: { team: 'infra' } })`
    stack.program(`${shop}; new m.Machine('web', { ${NONE} })`)
    const both = await stack.up()
    const { name, home } = outputsOf(made, 'Machine', 'web')
    expect([both.failures, didOf(both)]).toEqual([[], ['create web']])
    expect(outputsOf(both, 'Machine', 'web').home).not.toBe(home)
    stack.program(shop)
    const one = await stack.up()
    expect([one.failures, didOf(one)]).toEqual([[], ['delete web']])
    expect(outputsOf(one, 'Machine', 'shop')).toMatchObject({ name, home })
    expect(homesOf(stack).map(path => basename(path))).toEqual([home])
  })

  test('made anew, the renamed one stays in the folder that its claim looks after', async () => {
    stack.program(`new m.Machine('shop', { driver: 'none', none: { url: 'tcp://198.51.100.3:2375' } })`)
    const anew = await stack.up()
    expect([anew.failures, didOf(anew)]).toEqual([[], ['replace shop']])
    expect(outputsOf(anew, 'Machine', 'shop').home).toBe(outputsOf(made, 'Machine', 'web').home)
  })

  test('on another computer the working files are laid out anew, and a claim is deleted last', async () => {
    stack.forgetFiles()
    expect(homesOf(stack)).toEqual([])
    const seen = await stack.refresh()
    expect([seen.failures, seen.steps.map(({ op }) => op)]).toEqual([[], ['read', 'read']])
    stack.forgetFiles()
    const gone = await stack.destroy()
    expect([gone.failures, gone.steps.map(({ urn }) => urn.split('::').at(-1))]).toEqual([[], ['shop', 'shop-claim']])
    expect(homesOf(stack)).toEqual([])
  })
})

describe('a program', () => {
  test('secret settings are secret, whoever says so; their neighbours are not lost', async () => {
    await using stack = startStack()
    stack.program(`new m.Machine('web', { driver: 'amazonec2', engine: pulumi.secret({ env: { TOKEN: 'x' } }),
      amazonec2: { region: 'eu-central-1', secretKey: pulumi.output('s3cret') } })
    new m.ExistingMachine('lent', { address: '198.51.100.1', privateKey: '-----BEGIN PRIVATE KEY-----' })`)
    const { registered, failures } = await stack.preview()
    expect(failures).toEqual([])
    const inputs = (name: string) => registered.find(({ urn }) => urn.endsWith(`:${name}`))?.inputs
    expect([marked(inputs('web')?.amazonec2), marked(inputs('web')?.engine)]).toEqual([true, true])
    expect(JSON.stringify(inputs('web')?.amazonec2)).toContain('eu-central-1')
    expect(marked(inputs('lent')?.privateKey)).toBe(true)
    expect(marked(inputs('web-claim'))).toBe(true)
  })

  test('store: true puts it into the user’s own store, and takes it out again', async () => {
    await using stack = startStack()
    stack.program(`new m.Machine('web', { ${NONE}, name: 'web', store: true })`)
    expect((await stack.up()).failures).toEqual([])
    const machines = join(stack.path, '.docker/machine/machines')
    expect(readdirSync(machines)).toEqual(['web'])
    expect((await stack.destroy()).failures).toEqual([])
    expect(readdirSync(machines)).toEqual([])
  })

  test('a machine of that name that lies in the user’s own store already is not the stack’s, and outlives it', async () => {
    await using stack = startStack()
    const machine = join(import.meta.dirname, '../../bin/machine')
    const argv = [machine, 'create', '-d', 'none', '--url', 'tcp://198.51.100.2:2375', 'web']
    must('machine create', await run(process.execPath, argv, { env: { HOME: stack.path } }))
    stack.program(`new m.Machine('web', { ${NONE}, name: 'web', store: true })`)
    expect((await stack.up()).failures).toEqual([expect.stringMatching(/ already; another name, or none, /)])
    expect((await stack.destroy()).failures).toEqual([])
    expect(readdirSync(join(stack.path, '.docker/machine/machines'))).toEqual(['web'])
  })

  test('a group has its machines and one CA below it, and says what names cannot be', async () => {
    await using stack = startStack()
    stack.program(`new m.MachineGroup('web', { count: 2, machine: name => ({ ${NONE}, labels: { name } }) })`)
    const up = await stack.up()
    expect(up.failures).toEqual([])
    const below = 'machinehosts:index:MachineGroup$pulumi-nodejs:dynamic/machine'
    expect(names(up).sort()).toEqual([
      `${below}:CertificateAuthority::web-ca`,
      `${below}:Claim::web-1-claim`,
      `${below}:Claim::web-2-claim`,
      `${below}:Machine::web-1`,
      `${below}:Machine::web-2`,
      'machinehosts:index:MachineGroup::web',
    ])
    const [machine] = up.resources.filter(({ urn }) => urn.endsWith(':Machine::web-1'))
    expect(machine?.outputs.resource).toBe(machine?.urn)
    stack.program(`new m.MachineGroup('web', { names: ['a', 'a'], machine: { ${NONE} } })`)
    expect((await stack.preview()).failures).toEqual([expect.stringContaining('group web has two machines called a')])
  })

  test('under setMocks, as people test their programs, it is a resource like any other', async () => {
    await using stack = startStack()
    stack.program(`
const seen = []
pulumi.runtime.setMocks({
  call: () => ({}),
  newResource: ({ type, name, inputs }) => {
    seen.push(type)
    return { id: name, state: { ...inputs, dockerHost: 'tcp://198.51.100.1:2376', ca: 'ca', caKey: 'key' } }
  },
}).then(() => {
  const group = new m.MachineGroup('web', { count: 2, machine: { driver: 'nspawn', nspawn: { memory: 512 } } })
  const client = new m.ClientCertificate('ci', { authority: group.authority })
  pulumi.all([group.dockerHosts, group.machines[0].dockerProvider.host, client.urn]).apply(its =>
    console.log(JSON.stringify([its, seen.length])))
})`)
    const { stdout } = await run(process.execPath, [...LIGHT, join(stack.path, 'index.js')], {
      cwd: stack.path,
      env: COMPILED,
    })
    const at = 'tcp://198.51.100.1:2376'
    const urn = 'urn:pulumi:stack::project::pulumi-nodejs:dynamic/machine:ClientCertificate::ci'
    // The group, its CA, two machines with a claim each, the certificate.
    expect(JSON.parse(stdout)).toEqual([[[at, at], at, urn], 7])
  })

  test.each([
    ['one-machine', ['create dev']],
    ['three-machines', ['create web-ca', 'create web-1', 'create monitor', 'create web-2', 'create web-3']],
    ['two-clouds', ['create shop', 'create east', 'create west']],
  ])('the example %s previews', async (example, steps) => {
    await using stack = startStack()
    stack.example(example)
    const seen = await stack.preview()
    expect([seen.failures, didOf(seen).sort()]).toEqual([[], [...steps].sort()])
  })
})
