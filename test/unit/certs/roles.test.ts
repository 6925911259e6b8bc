/** Client certificates that may do less than all: taken by OpenSSL and Node, sent by Go, refused by dockerd. */
import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { join } from 'node:path'
import { describe, expect, jest, test } from '@jest/globals'
import { createCa, issueClientCert, issueCrossCert, type KeyAndCert } from '../../../src/certs/index.ts'
import { startDockerd } from '../../kit/dockerd.ts'
import { dockerMachineCa, inWords, verify } from '../../kit/openssl.ts'
import { makeTempDir } from '../../kit/temp-dir.ts'
import { needs } from '../../kit/tools.ts'
import { engine, makeIdentities } from '../engine/servers.ts'

jest.setTimeout(120_000)
const now = new Date()
const owner = 'someone'
const ID = '0123456789abcdef0123456789abcdef'
const CAS: [string, () => Promise<KeyAndCert>][] = [
  ['ours', () => createCa({ owner, now })],
  ["docker-machine's", async () => dockerMachineCa()],
]

describe.each(CAS)('with a CA of %s', (_, makeCa) => {
  test('a role, a label and machines stand in the certificate, which openssl takes for a client', async () => {
    const ca = await makeCa()
    const strict = { purpose: 'sslclient', strict: ca.certPem.length < 900 } as const
    const made = await issueClientCert({ ca, owner, now, role: 'viewer', commonName: 'anna@work', machineIds: [ID] })
    const cert = new X509Certificate(made.certPem)
    expect(cert.subject).toMatch(/^O=.*\nOU=viewer\nCN=anna@work$/)
    expect(cert.subjectAltName).toBe(`URI:urn:machine:${ID}`)
    expect(inWords(made.certPem)).toMatch(/Netscape Cert Type: critical\s+SSL Client\s*\n/)
    expect(verify(made.certPem, ca.certPem, strict)).toMatchObject({ ok: true })
    expect(verify(made.certPem, ca.certPem, { ...strict, purpose: 'sslserver' }).ok).toBe(false)
  })

  test('a new CA signed across by it is taken where it alone is trusted', async () => {
    const ca = await makeCa()
    const next = await createCa({ owner, now })
    const cross = new X509Certificate(await issueCrossCert({ ca, newCaPem: next.certPem, now }))
    const itself = new X509Certificate(next.certPem)
    expect(cross.subject).toBe(itself.subject)
    expect(cross.publicKey.equals(itself.publicKey)).toBe(true)
    const client = await issueClientCert({ ca: next, owner, now })
    using dir = makeTempDir()
    const file = (name: string, text: string) => {
      writeFileSync(join(dir.path, name), text)
      return join(dir.path, name)
    }
    const [old, between, leaf] = [
      file('old', ca.certPem),
      file('cross', cross.toString()),
      file('leaf', client.certPem),
    ]
    const ran = spawnSync('openssl', ['verify', '-purpose', 'sslclient', '-CAfile', old, '-untrusted', between, leaf])
    expect(String(ran.stdout) + String(ran.stderr)).toBe(`${leaf}: OK\n`)
    expect(spawnSync('openssl', ['verify', '-CAfile', old, leaf]).status).not.toBe(0)
  })
})

test('an admin of all machines has nothing in its certificate that dockerd does not know', async () => {
  const ca = await createCa({ owner, now })
  for (const role of [{}, { role: 'admin' as const }])
    expect(inWords((await issueClientCert({ ca, owner, now, ...role })).certPem)).not.toMatch(/Netscape|urn:machine/)
})

test.each(['a b', 'a,OU=admin', 'a\nb', 'ä', '', 'x'.repeat(65), '../up', '-x', '.x'])(
  '%j is no label',
  async label => {
    const ca = await createCa({ owner, now })
    await expect(issueClientCert({ ca, owner, now, commonName: label })).rejects.toThrow('is no label')
  },
)

/** Which of these certificates an engine lets in. */
async function letIn(port: number, ca: KeyAndCert, client: KeyAndCert): Promise<boolean> {
  const tls = { ca: ca.certPem, cert: client.certPem, key: client.keyPem }
  return await new Promise(resolve => {
    get({ host: '127.0.0.1', port, path: '/_ping', ...tls, agent: false }, answer => {
      answer.resume()
      resolve(answer.statusCode === 200)
    }).on('error', () => resolve(false))
  })
}

test('a server of Node takes them all', async () => {
  const its = await makeIdentities()
  await using server = await engine(its, (_, answer) => answer.end('OK'))
  for (const more of [{}, { role: 'viewer' as const }, { machineIds: [ID] }])
    expect(await letIn(server.port, its.ca, await issueClientCert({ ca: its.ca, owner, now, ...more }))).toBe(true)
})

needs('dockerd')('dockerd takes admins of all machines, and refuses who may do less', async () => {
  const its = await makeIdentities()
  await using dockerd = await startDockerd({
    caPem: its.ca.certPem,
    serverCertPem: its.server.certPem,
    serverKeyPem: its.server.keyPem,
  })
  const issue = (more: object) => issueClientCert({ ca: its.ca, owner, now, ...more })
  for (const taken of [{}, { role: 'admin' }, { commonName: 'anna' }])
    expect([taken, await letIn(dockerd.port, its.ca, await issue(taken))]).toEqual([taken, true])
  for (const refused of [
    { role: 'viewer' },
    { role: 'operator' },
    { role: 'admin', machineIds: [ID] },
    { machineIds: [ID] },
  ])
    expect([refused, await letIn(dockerd.port, its.ca, await issue(refused))]).toEqual([refused, false])
})

needs('docker')('the docker client shows them to a server', async () => {
  const its = await makeIdentities()
  const seen: string[] = []
  await using server = await engine(its, (request, answer) => {
    seen.push((request.socket as import('node:tls').TLSSocket).getPeerCertificate().subject.OU as string)
    answer.setHeader('Api-Version', '1.45')
    answer.end(JSON.stringify({ Version: '28.5.2', ApiVersion: '1.45', MinAPIVersion: '1.24', Components: [] }))
  })
  const client = await issueClientCert({ ca: its.ca, owner, now, role: 'operator', machineIds: [ID] })
  using dir = makeTempDir()
  for (const [file, text] of Object.entries({ ca: its.ca.certPem, cert: client.certPem, key: client.keyPem }))
    writeFileSync(join(dir.path, `${file}.pem`), text)
  const { run } = await import('../../kit/cli.ts')
  const env = { DOCKER_HOST: server.url, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: dir.path }
  const ran = await run('docker', ['version', '--format', '{{.Server.Version}}'], { env })
  expect(ran).toMatchObject({ code: 0, stdout: '28.5.2\n' })
  expect(new Set(seen)).toEqual(new Set(['operator']))
})
