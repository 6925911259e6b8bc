/** Programs run by Pulumi's own command line, with a `file://` backend. It cannot be installed everywhere: see docs/pulumi.md. */
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { parseSubnet } from '../../drivers/nspawn/subnet.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { must, type RunOptions, run } from '../kit/cli.ts'
import { hostEnv } from '../kit/dev-machine.ts'
import { leftovers } from '../kit/leftovers.ts'
import { testSubnet } from '../kit/places.ts'
import { seedRuntime } from '../kit/runtime-cache.ts'
import { which } from '../kit/which.ts'

jest.setTimeout(400_000)
const why = which('pulumi') ? await whyNoHosts() : 'the pulumi command line is not on PATH'
const root = join(import.meta.dirname, '../..')
const net = parseSubnet(testSubnet('dev'))
const env = hostEnv('pulumi-cli', net.cidr)

/** A whole project of ours, its packages those of this checkout. */
function startProject(example: string) {
  const path = mkdtempSync(join(tmpdir(), 'machine-pulumi-'))
  cpSync(join(root, 'examples', example), path, { recursive: true })
  mkdirSync(join(path, 'node_modules/@machinehosts'), { recursive: true })
  symlinkSync(root, join(path, 'node_modules/@machinehosts/machine'))
  for (const name of ['@pulumi', '@types', 'typescript'])
    symlinkSync(join(root, 'node_modules', name), join(path, 'node_modules', name))
  mkdirSync(join(path, 'state'))
  seedRuntime(join(path, '.local/state/machine/pulumi'), { copy: true })
  const its = {
    ...env,
    HOME: path,
    PATH: `${join(root, 'node_modules/node/bin')}:${process.env.PATH}`,
    PULUMI_HOME: process.env.PULUMI_HOME ?? join(process.env.HOME ?? '', '.pulumi'),
    PULUMI_BACKEND_URL: `file://${join(path, 'state')}`,
    PULUMI_CONFIG_PASSPHRASE: 'passphrase',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  }
  const pulumi = (options: RunOptions, ...args: string[]) =>
    run('pulumi', [...args, '--non-interactive'], { timeoutMs: 380_000, ...options, cwd: path, env: its })
  return {
    path,
    env: its,
    pulumi,
    ok: async (...args: string[]) => must(`pulumi ${args.join(' ')}`, await pulumi({}, ...args)),
    async [Symbol.asyncDispose]() {
      await pulumi({}, 'destroy', '--yes')
      rmSync(path, { recursive: true, force: true })
    },
  }
}

const suite = why ? describe.skip : describe
suite(why ? `pulumi itself [${why}]` : 'pulumi itself', () => {
  let project: ReturnType<typeof startProject>
  beforeAll(async () => {
    project = startProject('one-machine')
    await project.ok('stack', 'init', 'dev')
  })
  afterAll(async () => {
    await project?.[Symbol.asyncDispose]()
    expect(leftovers(net.bridge, env.MACHINE_NSPAWN_STATE_DIR ?? '', /^(dev|box)-[0-9a-f]{7}-/)).toBe('')
  })
  const index = () => join(project.path, 'index.ts')
  const edit = (from: string, to: string) =>
    writeFileSync(
      index(),
      readFileSync(index(), 'utf8').replace(from, () => to),
    )
  /** What processes hold of machines that they work on. */
  const locks = () => globSync(join(project.path, '.local/state/machine/pulumi/*/store/locks/*.lock'))
  /** The machine as the state has it. */
  const machineOf = async (name: string): Promise<{ urn: string; outputs: Record<string, string> }> => {
    const { deployment } = JSON.parse(await project.ok('stack', 'export'))
    return deployment.resources.find(({ urn }: { urn: string }) => urn.endsWith(`:Machine::${name}`))
  }
  const output = async (name: string) => (await project.ok('stack', 'output', name, '--show-secrets')).trim()

  test('preview, up, and nothing more to do', async () => {
    await project.ok('preview')
    await project.ok('up', '--yes', '--skip-preview')
    expect(await output('dockerHost')).toMatch(/^tcp:\/\/[\d.]+:2376$/)
    await project.ok('preview', '--expect-no-changes')
  })

  test('no key lies in the state in the clear, also after a refresh', async () => {
    await project.ok('refresh', '--yes')
    const state = await project.ok('stack', 'export')
    expect(state).toContain('pulumi-nodejs:dynamic/machine:Machine')
    expect(state).not.toContain('PRIVATE KEY')
  })

  test('a label changes in place', async () => {
    edit("role: 'dev'", "role: 'changed'")
    const preview = JSON.parse(await project.ok('preview', '--json'))
    expect(preview.changeSummary).toMatchObject({ update: 1 })
    await project.ok('up', '--yes', '--skip-preview')
    await project.ok('preview', '--expect-no-changes')
  })

  test('protect, and letting go of it', async () => {
    const { urn } = await machineOf('dev')
    await project.ok('state', 'protect', urn, '--yes')
    expect((await project.pulumi({}, 'destroy', '--yes')).code).not.toBe(0)
    await project.ok('state', 'unprotect', urn, '--yes')
  })

  test('under another name it is the same machine, what is to be ignored is, and its time is the one it is given', async () => {
    const { outputs } = await machineOf('dev')
    const options = "aliases: [{ name: 'dev' }], ignoreChanges: ['engine'], customTimeouts: { update: '1ms' }"
    edit("role: 'changed' } } }", `role: 'ignored' } } }, { ${options} }`)
    edit("Machine('dev'", "Machine('box'")
    const late = await project.pulumi({}, 'up', '--yes', '--skip-preview')
    expect(late.code).not.toBe(0)
    expect(late.stdout).toContain('it took longer than 1ms')
    edit('1ms', '10m')
    const { steps } = JSON.parse(await project.ok('preview', '--json'))
    expect(steps.filter(({ op }: { op: string }) => op !== 'same')).toMatchObject([
      { op: 'update', urn: expect.stringMatching(/:Machine::box$/) },
    ])
    await project.ok('up', '--yes', '--skip-preview')
    const { name, home } = outputs
    expect((await machineOf('box')).outputs).toMatchObject({ name, home, engine: { labels: { role: 'changed' } } })
    edit("aliases: [{ name: 'dev' }], ", '')
    await project.ok('preview', '--expect-no-changes')
  })

  test('kill -9 of pulumi while it makes a machine: its provider stops by itself, and up again has it', async () => {
    await project.ok('destroy', '--yes')
    let pid = 0
    const onStart = (started: number) => {
      pid = started
    }
    const up = project.pulumi({ onStart }, 'up', '--yes', '--skip-preview')
    while (locks().length === 0) await sleep(50)
    process.kill(pid, 'SIGKILL')
    await up
    while (locks().length > 0) await sleep(50)
    await project.pulumi({}, 'cancel', '--yes')
    await project.ok('refresh', '--yes', '--clear-pending-creates')
    await project.ok('up', '--yes', '--skip-preview')
    expect(await output('engineVersion')).not.toBe('')
  })

  test('what is retained runs on, and another resource takes it over', async () => {
    edit('customTimeouts: ', 'retainOnDelete: true, customTimeouts: ')
    await project.ok('up', '--yes', '--skip-preview')
    const { name = '', address = '', home = '' } = (await machineOf('box')).outputs
    await project.ok('destroy', '--yes')
    const folder = join(project.path, '.local/state/machine/pulumi', home)
    const machine = (...args: string[]) =>
      run(process.execPath, [join(root, 'bin/machine'), '-s', join(folder, 'store'), ...args], { env: project.env })
    try {
      writeFileSync(
        index(),
        `import { readFileSync } from 'node:fs'
         import { ExistingMachine } from '@machinehosts/machine/pulumi'
         const privateKey = readFileSync('${join(folder, 'store/machines', name, 'id_rsa')}', 'utf8')
         export const { dockerHost } = new ExistingMachine('taken', { address: '${address}', privateKey })`,
      )
      await project.ok('up', '--yes', '--skip-preview')
      expect(await output('dockerHost')).toBe(`tcp://${address}:2376`)
      await project.ok('destroy', '--yes')
      expect((await machine('status', name)).stdout.trim()).toBe('Running')
    } finally {
      must('machine rm', await machine('rm', '-y', name))
    }
  })
})
