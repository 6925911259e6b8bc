/** `cert` and `share` as people type them, against a stand-in for the agent; the real one has its own tests. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { type AgentStandIn, startAgentStandIn } from '../kit/agent-stand-in.ts'
import { type Home, run, startHome } from '../kit/cli.ts'
import { writeGeneric } from '../kit/store-with.ts'
import { makeIdentities } from '../unit/engine/servers.ts'

jest.setTimeout(120_000)
const ID = '1'.repeat(32)
let home: Home
let hers: Home
let dev: AgentStandIn
const files = (folder: string) =>
  ['ca.pem', 'cert.pem', 'key.pem'].map(file => (statSync(join(folder, file)).mode & 0o777).toString(8))
const docker = (folder: string) => {
  const env = { ...home.env, DOCKER_HOST: dev.url, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder }
  return run('docker', ['version', '--format', '{{.Server.Version}}'], { env })
}

beforeAll(async () => {
  home = await startHome()
  hers = await startHome()
  const its = await makeIdentities()
  dev = await startAgentStandIn({ caPem: its.ca.certPem, server: its.server, id: ID })
  const at = { address: '127.0.0.1', sshPort: dev.port, enginePort: dev.port }
  const { writeFile } = await import('node:fs/promises')
  await writeGeneric(home.store, 'dev', at, {
    its,
    change: record => Object.assign(record.Machine ?? {}, { EngineAgent: 'on', AgentId: ID }),
  })
  await writeFile(join(home.store, 'certs', 'ca-key.pem'), its.ca.keyPem, { mode: 0o600 })
  await writeGeneric(home.store, 'old', { address: '127.0.0.1', sshPort: 1, enginePort: 1 }, { its })
})
afterAll(async () => {
  await hers?.[Symbol.asyncDispose]()
  await home?.[Symbol.asyncDispose]()
  await dev?.[Symbol.asyncDispose]()
})

test('a certificate is issued, used, listed, renewed and revoked', async () => {
  const folder = join(home.path, 'ci')
  const issued = JSON.parse(
    await home.ok('cert', 'issue', 'ci', '--role=operator', '--days', '3', '--machine', 'dev', '-o', folder, '--json'),
  )
  expect(issued).toMatchObject({ label: 'ci', role: 'operator', machines: [{ name: 'dev', id: ID }], folder })
  expect(files(folder)).toEqual(['644', '644', '600'])
  expect(await docker(folder)).toMatchObject({ code: 0, stdout: '28.5.2\n' })
  expect(await home.cli('cert', 'issue', 'ci', '-o', folder)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('exists already, and is left as it is'),
  })

  const lines = (await home.ok('cert', 'ls')).split('\n')
  expect(lines[0]).toMatch(/^LABEL +OWN +ROLE +MACHINES +STATE +EXPIRES +SERIAL$/)
  expect(lines[1]).toMatch(/ \* +admin +all +valid /)
  expect(lines[2]).toMatch(new RegExp(`^ci +- +operator +dev +valid +\\S+ +${issued.serial}$`))

  const renewed = join(home.path, 'ci2')
  const again = await home.cli('cert', 'renew', 'ci', '--revoke-old', '-o', renewed)
  expect(again).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('The new certificate of ci') })
  expect((await docker(folder)).code).not.toBe(0)
  expect((await docker(renewed)).code).toBe(0)
  const gone = await home.cli('cert', 'revoke', 'ci')
  expect(gone).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Revoked ci \([0-9A-F]+\)\n$/) })
  expect((await docker(renewed)).code).not.toBe(0)
  const states = JSON.parse(await home.ok('cert', 'ls', '--json')).map((row: { state: string }) => row.state)
  expect(states).toEqual(['valid', 'revoked', 'revoked'])
})

test('who may do all is warned of where it cannot be taken back', async () => {
  const folder = join(home.path, 'boss')
  await home.ok('cert', 'issue', 'boss', '--role', 'admin', '-o', folder)
  const { code, stderr } = await home.cli('cert', 'revoke', 'boss')
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringContaining('machine provision --engine-agent=on old gives it the agent'),
  })
})

test('a machine is shared, imported elsewhere and used there, not with our key', async () => {
  const file = join(home.path, 'anna.tar')
  const shared = await home.cli('share', 'dev', '--for', 'anna', '--no-passphrase', '-o', file)
  expect(shared).toMatchObject({ code: 0, stderr: expect.stringContaining('for anna to use as viewer until') })
  await hers.ok('import', file)
  expect(await hers.dockerOk('dev', 'version', '--format', '{{.Server.Version}}')).toBe('28.5.2')
  const key = (its: Home) => readFileSync(join(its.store, 'machines', 'dev', 'key.pem'), 'utf8')
  expect(key(hers)).not.toBe(key(home))
  expect(await home.cli('share', 'old', '--for', 'anna', '--no-passphrase')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('machine provision old --engine-agent=on'),
  })
})

test("the store's own certificate is renewed, and the old one revoked", async () => {
  const before = JSON.parse(await home.ok('cert', 'ls', '--json'))[0]
  expect(await home.cli('cert', 'revoke', before.serial)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is the certificate this store itself is used with'),
  })
  await home.ok('cert', 'renew', '--revoke-old')
  const own = JSON.parse(await home.ok('cert', 'ls', '--json'))[0]
  expect(own.serial).not.toBe(before.serial)
  expect(await home.ok('cert', 'push')).toBe('')
  expect(await home.dockerOk('dev', 'version', '--format', '{{.Server.Version}}')).toBe('28.5.2')
  expect(dev.trust().revoked?.payload).toContain(before.serial)
})

test('regenerate-certs asks the agent alone', async () => {
  const { cert } = dev.trust()
  const [made] = JSON.parse(await home.ok('regenerate-certs', '-f', 'dev', '--json')).machines
  expect(made.name).toBe('dev')
  expect(dev.trust().cert).not.toBe(cert)
})

test.each([
  [['cert', 'issue'], 2, 'Error: Expected one label as an argument'],
  [['cert', 'issue', 'a b'], 2, '"a b" cannot be the name of a certificate'],
  [['cert', 'issue', 'x', '--days', '0'], 2, 'a certificate lasts 1 to 3650 days, not 0'],
  [['cert', 'issue', 'x', '--role', 'root'], 2, 'Expected --role=root to be one of: viewer, operator, admin'],
  [['cert', 'issue', 'x', '--machine', 'old'], 1, 'machine "old" has no engine agent'],
  [['cert', 'issue', 'x', '--machine', 'nope'], 1, 'Docker machine "nope" does not exist'],
  [['cert', 'revoke'], 2, 'Error: Expected to get one or more labels or serial numbers as arguments'],
  [['cert', 'revoke', 'nobody'], 1, 'there is no certificate "nobody"'],
  [['cert', 'renew', 'nobody'], 1, 'there is no certificate "nobody" to renew'],
  [['cert', 'push', 'old'], 1, 'machine "old" has no engine agent, so nothing can be revoked there'],
  [['cert', 'rotate-ca', '--finish'], 1, 'there is no old CA to take away'],
  [['cert', 'frobnicate'], 2, "machine: 'cert frobnicate' is not a machine command."],
  [['share', 'dev'], 2, 'Error: --for is missing'],
  [['share', 'dev', '--for', '../x', '--no-passphrase'], 2, '"../x" cannot be the name of a certificate'],
])('machine %j exits %i', async (words, code, said) => {
  const ran = await home.cli(...words)
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: '' })
  expect(ran.stderr.startsWith(said) ? said : ran.stderr).toBe(said)
})
