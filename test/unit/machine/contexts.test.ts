/** Contexts as files: modes, marks, and what keeps them true. The docker client reads them in test/e2e/context.test.ts. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { none } from '../../../drivers/none/index.ts'
import type { MachineEvent } from '../../../src/events.ts'
import { contextNameProblem, readContext, readTls } from '../../../src/machine/context-files.ts'
import { removeContexts, setContext } from '../../../src/machine/contexts.ts'
import { createMachine } from '../../../src/machine/create.ts'
import { dropContexts, followContexts, renameContexts } from '../../../src/machine/follow-contexts.ts'
import { removeMachine } from '../../../src/machine/remove.ts'
import type { World } from '../../../src/machine/world.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'
import { worldOf } from './world.ts'

const URL = 'tcp://192.0.2.7:2376'
// sha256 of "dev", as `printf dev | sha256sum` says
const DEV_ID = 'ef260e9aa3c673af240d17a2660480361a8e081d1ffeca2a5ed0e3219fc18567'

let folder: TempDir
let docker: string
let w: World
let told: MachineEvent[]

beforeEach(async () => {
  folder = makeTempDir()
  docker = join(folder.path, 'docker')
  told = []
  w = openWorld('store')
  await createMachine({ name: 'dev', driver: none, config: { url: URL } }, w)
  await giveTls('dev', 'first')
})
afterEach(() => folder[Symbol.dispose]())

function openWorld(store: string): World {
  const its = worldOf(join(folder.path, store), { env: { DOCKER_CONFIG: docker } })
  return { ...its, drivers: [none], say: event => void told.push(event) }
}

async function giveTls(machine: string, text: string): Promise<void> {
  for (const file of ['ca', 'cert', 'key'])
    await w.store.writeFile(['machines', machine, `${file}.pem`], `${text} ${file}`, 0o600)
}

const mode = (...parts: string[]) => (statSync(join(docker, ...parts)).mode & 0o777).toString(8)
const config = () => JSON.parse(readFileSync(join(docker, 'config.json'), 'utf8'))

describe('files', () => {
  test('lie where docker looks for them, with its modes, and nothing else beside them', async () => {
    const umask = process.umask(0o022)
    try {
      expect(await setContext('dev', w)).toEqual({
        machine: 'dev',
        context: 'dev',
        host: URL,
        change: 'created',
        current: false,
      })
    } finally {
      process.umask(umask)
    }
    const meta = ['contexts', 'meta', DEV_ID]
    const tls = ['contexts', 'tls', DEV_ID, 'docker']
    expect(JSON.parse(readFileSync(join(docker, ...meta, 'meta.json'), 'utf8'))).toEqual({
      Name: 'dev',
      Metadata: {
        Description: 'machine dev',
        Machine: { Name: 'dev', StoreId: w.store.id(), StorePath: w.store.path },
      },
      Endpoints: { docker: { Host: URL, SkipTLSVerify: false } },
    })
    expect(readdirSync(docker)).toEqual(['contexts']) // no config.json is made unless --use asks for it
    expect(readdirSync(join(docker, ...meta))).toEqual(['meta.json'])
    expect(readdirSync(join(docker, ...tls)).sort()).toEqual(['ca.pem', 'cert.pem', 'key.pem'])
    expect([mode('contexts'), mode('contexts', 'meta'), mode(...meta), mode(...meta, 'meta.json')]).toEqual([
      '755',
      '755',
      '755',
      '644',
    ])
    expect([mode('contexts', 'tls'), mode(...tls), mode(...tls, 'key.pem')]).toEqual(['700', '700', '600'])
  })

  test('a temporary file that a killed process left is no certificate: it goes', async () => {
    await setContext('dev', w)
    const tls = join(docker, 'contexts/tls', DEV_ID, 'docker')
    writeFileSync(join(tls, '.key.pem.0123456789ab.tmp'), 'half')
    await giveTls('dev', 'second')
    await setContext('dev', w)
    expect(readdirSync(tls).sort()).toEqual(['ca.pem', 'cert.pem', 'key.pem'])
  })

  test.each(['default', 'a', '', 'a b', '-ab', 'ü1'])('the name %j, which docker refuses, is refused', name => {
    expect(contextNameProblem(name)).toContain('docker')
  })
  test.each(['ab', 'a.b-c_d+e', '0x'])('the name %j is taken', name => {
    expect(contextNameProblem(name)).toBeUndefined()
  })
})

describe('config.json', () => {
  test('use sets one key of it; the link, the rest and the mode stay; removing takes the key away', async () => {
    mkdirSync(docker)
    const elsewhere = join(folder.path, 'elsewhere.json')
    writeFileSync(elsewhere, '{"auths":{"r.example":{}},"currentContext":"old","psFormat":"x"}', { mode: 0o600 })
    symlinkSync(elsewhere, join(docker, 'config.json'))
    expect(await setContext('dev', w, { use: true })).toMatchObject({ current: true })
    expect(config()).toEqual({ auths: { 'r.example': {} }, psFormat: 'x', currentContext: 'dev' })
    expect(readFileSync(elsewhere, 'utf8')).toContain('"currentContext": "dev"')
    expect(mode('config.json')).toBe('600')
    await removeContexts('dev', w)
    expect(config()).toEqual({ auths: { 'r.example': {} }, psFormat: 'x' })
  })

  test('one that is no JSON is never written over', async () => {
    mkdirSync(docker)
    writeFileSync(join(docker, 'config.json'), '{"auths": {')
    await expect(setContext('dev', w, { use: true })).rejects.toMatchObject({ code: 'DOCKER_CONFIG' })
    expect(readFileSync(join(docker, 'config.json'), 'utf8')).toBe('{"auths": {')
  })
})

describe('whose a context is', () => {
  test('the same machine name in another store is another machine', async () => {
    await setContext('dev', w)
    const other = openWorld('other')
    await createMachine({ name: 'dev', driver: none, config: { url: 'tcp://192.0.2.8:2376' } }, other)
    await expect(setContext('dev', other)).rejects.toMatchObject({
      code: 'CONTEXT_TAKEN',
      message: `the docker context "dev" belongs to machine "dev" of the store ${w.store.path}`,
    })
    await removeMachine('dev', other)
    expect(await readContext(docker, 'dev')).toMatchObject({ Endpoints: { docker: { Host: URL } } })
    await removeMachine('dev', w)
    expect(await readContext(docker, 'dev')).toBeUndefined()
    expect(readdirSync(join(docker, 'contexts/tls'))).toEqual([])
  })

  test('one that cannot be read is nobody’s to overwrite, but by force', async () => {
    await setContext('dev', w)
    writeFileSync(join(docker, 'contexts/meta', DEV_ID, 'meta.json'), '{')
    await expect(setContext('dev', w)).rejects.toMatchObject({ code: 'CONTEXT_TAKEN' })
    expect(await setContext('dev', w, { force: true })).toMatchObject({ change: 'updated' })
  })
})

test('an engine that speaks TLS alone gets no context before the client files are there', async () => {
  const provisioning = { ...none, provisions: true }
  for (const file of ['ca', 'cert', 'key']) rmSync(join(w.store.machineDir('dev'), `${file}.pem`))
  await expect(setContext('dev', { ...w, drivers: [provisioning] })).rejects.toMatchObject({ code: 'NO_CERTS' })
  expect(await setContext('dev', w)).toMatchObject({ change: 'created' }) // of an engine somebody else runs we know nothing
  expect(await readTls(docker, 'dev')).toBeUndefined()
})

describe('following', () => {
  test('a new address and new client files reach every context of the machine, under whatever name', async () => {
    await setContext('dev', w)
    await setContext('dev', w, { contextName: 'work' })
    await giveTls('dev', 'second')
    await followContexts('dev', w)
    expect(await readTls(docker, 'work')).toEqual({ ca: 'second ca', cert: 'second cert', key: 'second key' })
    await followContexts('dev', w, 'tcp://192.0.2.99:2376')
    for (const name of ['dev', 'work'])
      expect(await readContext(docker, name)).toMatchObject({
        Endpoints: { docker: { Host: 'tcp://192.0.2.99:2376' } },
      })
  })

  test('rename: the context is renamed, stays current, and keeps its client files', async () => {
    await setContext('dev', w, { use: true })
    await setContext('dev', w, { contextName: 'work' })
    await renameContexts('dev', 'prod', w)
    expect(await readContext(docker, 'dev')).toBeUndefined()
    expect(await readContext(docker, 'prod')).toMatchObject({
      Metadata: { Description: 'machine prod', Machine: { Name: 'prod' } },
      Endpoints: { docker: { Host: URL } },
    })
    expect(await readTls(docker, 'prod')).toEqual({ ca: 'first ca', cert: 'first cert', key: 'first key' })
    expect(await readContext(docker, 'work')).toMatchObject({ Metadata: { Machine: { Name: 'prod' } } })
    expect(config()).toEqual({ currentContext: 'prod' })
  })

  test('rename to a name docker refuses: the context keeps its name, points at the machine, and that is told', async () => {
    await setContext('dev', w)
    told.length = 0
    await renameContexts('dev', 'x', w)
    expect(await readContext(docker, 'dev')).toMatchObject({ Metadata: { Machine: { Name: 'x' } } })
    expect(told.map(e => [e.type, e.text])).toEqual([
      ['warn', 'its docker context is still called "dev": "x" cannot be had'],
    ])
  })

  test('what cannot be written is told, and fails nothing', async () => {
    await setContext('dev', w)
    const tls = join(docker, 'contexts/tls', DEV_ID, 'docker')
    rmSync(tls, { recursive: true })
    writeFileSync(tls, 'a file in the way')
    told.length = 0
    await followContexts('dev', w)
    expect(told).toEqual([
      {
        machine: 'dev',
        type: 'warn',
        text: expect.stringMatching(/^its docker context could not be updated: cannot write /),
      },
    ])
    await dropContexts('dev', w)
    expect(await readContext(docker, 'dev')).toBeUndefined()
    expect(told).toHaveLength(1 + 1) // and the removal, for --debug
  })
})
