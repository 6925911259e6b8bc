/** The store elsewhere: moved while machines run, named by flag or variable, read-only. Records hold no place that binds them. */
import { execFileSync } from 'node:child_process'
import { mkdir, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { type Home, run, startHome } from '../kit/cli.ts'
import { hostEnv } from '../kit/dev-machine.ts'

jest.setTimeout(180_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe

suite(why ? `places of the store [${why}]` : 'places of the store', () => {
  let home: Home
  let store: string
  beforeAll(async () => {
    home = await startHome(hostEnv('store-places'))
    store = home.store
    await home.ok('create', '-d', 'nspawn', 'dev')
    await home.ok('create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', 'other')
  })
  afterAll(async () => {
    if (home && store !== home.store) await rename(store, home.store).catch(() => {}) // where dispose looks for machines
    await home?.[Symbol.asyncDispose]()
  })

  const there = (...words: string[]) => home.cli('--storage-path', store, ...words)

  test('modes: the store and its secrets are their owner’s alone', async () => {
    const mode = (...path: string[]) =>
      execFileSync('stat', ['-c', '%a', join(store, ...path)], { encoding: 'utf8' }).trim()
    for (const folder of [[], ['certs'], ['machines'], ['machines', 'dev']]) expect(mode(...folder)).toBe('700')
    for (const file of ['config.json', 'key.pem', 'id_rsa']) expect(mode('machines', 'dev', file)).toBe('600')
    for (const file of ['ca-key.pem', 'key.pem']) expect(mode('certs', file)).toBe('600')
  })

  test('a read-only store: what only reads works, create says one sentence', async () => {
    await using _readOnly = bindReadOnly(store)
    expect(await home.ok('ls', '-q')).toBe('dev\nother\n')
    const rows = JSON.parse(await home.ok('ls', '--json')) as { name: string; state: string; error: string }[]
    expect(rows.find(r => r.name === 'dev')).toMatchObject({ state: 'Running', error: '' })
    for (const verb of ['env', 'config', 'ip', 'url', 'status', 'inspect', 'version'])
      expect(await home.cli(verb, 'dev')).toMatchObject({ code: 0, stderr: '' })
    expect(await home.cli('ssh', 'dev', 'echo in')).toMatchObject({ code: 0, stdout: 'in\n', stderr: '' })

    for (const words of [
      ['create', '-d', 'none', '--url', 'tcp://192.0.2.2:2376', 'more'],
      ['stop', 'dev'],
      ['rm', '-y', 'other'],
    ]) {
      const ran = await home.cli(...words)
      expect(ran).toMatchObject({ code: 1, stdout: '' })
      expect(ran.stderr).toMatch(/read-only/)
      expect(ran.stderr).not.toMatch(/EROFS:|^\s+at /m)
    }
  })

  test('moved and named by --storage-path: env, ssh, docker and provision work from the new place', async () => {
    store = join(home.path, 'moved store')
    await rename(home.store, store)
    expect((await home.cli('ls', '-q')).stdout).toBe('')
    const variables = JSON.parse((await there('env', '--json', 'dev')).stdout) as Record<string, string>
    expect(variables.DOCKER_CERT_PATH).toBe(join(store, 'machines/dev'))
    const docker = await run('docker', ['info', '-f', '{{.Name}}'], { env: { ...home.env, ...variables } })
    expect(docker).toMatchObject({ code: 0, stdout: 'dev\n' })
    expect(await there('ssh', 'dev', 'hostname')).toMatchObject({ code: 0, stdout: 'dev\n' })
    const provisioned = await there('provision', '--json', 'dev')
    expect(provisioned.code).toBe(0)
    expect(JSON.parse(provisioned.stdout)).toMatchObject([{ name: 'dev', changed: [] }])
    const record = JSON.parse((await there('inspect', 'dev')).stdout)
    expect(record.Driver.SSHKeyPath).toBe(join(store, 'machines/dev/id_rsa'))
    expect(JSON.stringify(record)).not.toContain(home.store)
  })

  test('named by MACHINE_STORAGE_PATH, relative to where one is', async () => {
    const ran = await home.cliWith(
      { cwd: home.path, env: { MACHINE_STORAGE_PATH: 'moved store' } },
      'env',
      '--json',
      'dev',
    )
    expect(JSON.parse(ran.stdout).DOCKER_CERT_PATH).toBe(join(store, 'machines/dev'))
  })

  test('one computer, two stores: a machine of the same name in the other is another machine', async () => {
    const second = join(home.path, 'second')
    await mkdir(second)
    const elsewhere = (...words: string[]) => home.cli('-s', second, ...words)
    try {
      expect((await elsewhere('create', '-d', 'nspawn', 'dev')).code).toBe(0)
      const [a, b] = [(await there('ip', 'dev')).stdout, (await elsewhere('ip', 'dev')).stdout]
      expect(a).not.toBe(b)
    } finally {
      expect((await elsewhere('rm', '-y', 'dev')).code).toBe(0)
    }
    expect((await there('status', 'dev')).stdout).toBe('Running\n')
  })

  test('rm from the new place removes the host; nothing is left but the certificates', async () => {
    expect((await there('rm', '-y', 'dev', 'other')).code).toBe(0)
    expect((await there('ls', '-q')).stdout).toBe('')
    expect(await readdir(join(store, 'machines'))).toEqual([])
    expect((await readdir(join(store, 'certs'))).sort()).toEqual(['ca-key.pem', 'ca.pem', 'cert.pem', 'key.pem'])
  })
})

/** Makes a folder read-only for everybody, root too, until disposed of. */
function bindReadOnly(path: string): AsyncDisposable {
  execFileSync('mount', ['--bind', path, path])
  const undo = () => execFileSync('umount', [path])
  try {
    execFileSync('mount', ['-o', 'remount,ro,bind', path])
  } catch (error) {
    undo()
    throw error
  }
  return {
    async [Symbol.asyncDispose]() {
      undo()
    },
  }
}
