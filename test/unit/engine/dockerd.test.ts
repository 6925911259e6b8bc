/** Against a real dockerd and the docker client: our certificates work with both, and nothing works without them. */
import { writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import { pingEngine } from '../../../src/engine/ping.ts'
import { waitForEngine } from '../../../src/engine/wait.ts'
import { run } from '../../kit/cli.ts'
import { type Dockerd, startDockerd } from '../../kit/dockerd.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'
import { needs, which } from '../../kit/tools.ts'
import { type Identities, makeIdentities } from './servers.ts'

let ours: Identities
let others: Identities
let dockerd: Dockerd | undefined
let dir: TempDir
beforeAll(async () => {
  dir = makeTempDir()
  ours = await makeIdentities()
  others = await makeIdentities()
  const { ca, server } = ours
  if (which('dockerd'))
    dockerd = await startDockerd({ caPem: ca.certPem, serverCertPem: server.certPem, serverKeyPem: server.keyPem })
}, 120_000)
afterAll(async () => {
  await dockerd?.[Symbol.asyncDispose]()
  dir[Symbol.dispose]()
}, 120_000)

const at = (its: Identities) => ({
  url: dockerd?.url ?? '',
  ca: ours.ca.certPem,
  cert: its.client.certPem,
  key: its.client.keyPem,
})

function docker(its: Identities | undefined, ...args: string[]) {
  const file = (name: string, text: string) => {
    writeFileSync(join(dir.path, name), text)
    return join(dir.path, name)
  }
  const own = its
    ? ['--tlscert', file('cert.pem', its.client.certPem), '--tlskey', file('key.pem', its.client.keyPem)]
    : []
  const tls = ['--tlsverify', '--tlscacert', file('ca.pem', ours.ca.certPem), ...own]
  const env = { HOME: dir.path, DOCKER_HOST: undefined, DOCKER_CERT_PATH: undefined, DOCKER_TLS_VERIFY: undefined }
  return run('docker', ['-H', dockerd?.url ?? '', ...tls, ...args], { env })
}

describe('dockerd with our P-256 certificates', () => {
  needs('dockerd')('answers us', async () => {
    const seen = await waitForEngine({ ...at(ours), deadlineMs: 60_000 })
    expect(seen).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      apiVersion: expect.stringMatching(/^1\.\d+$/),
      minApiVersion: expect.stringMatching(/^1\.\d+$/),
    })
  })

  needs('dockerd', 'docker')('answers the docker client', async () => {
    const ran = await docker(ours, 'version', '--format', '{{.Server.Version}}')
    expect([ran.stderr, ran.code]).toEqual(['', 0])
    expect(ran.stdout.trim()).toBe((await pingEngine(at(ours))).version)
  })

  needs('dockerd')('refuses a client of another CA, and says so every time', async () => {
    for (let i = 0; i < 20; i += 1)
      await expect(pingEngine(at(others))).rejects.toMatchObject({
        code: 'ENGINE_TLS',
        message: expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:\d+ refused our client certificate \(.*\)$/),
      })
  })

  needs('dockerd', 'docker')('serves nobody without a client certificate', async () => {
    const ran = await docker(undefined, 'version')
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/certificate/)
    const error = await new Promise(resolve =>
      request({ host: '127.0.0.1', port: dockerd?.port, ca: ours.ca.certPem, path: '/_ping' }, answer =>
        resolve(answer.statusCode),
      )
        .on('error', resolve)
        .end(),
    )
    expect(error).toMatchObject({ code: expect.stringMatching(/CERTIFICATE|ECONNRESET/) })
  })
})
