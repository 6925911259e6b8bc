import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createCa, examine, issueClientCert, pairProblem } from '../../../src/certs/index.ts'
import { renewClientCert } from '../../../src/machine/renew-client.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'
import { worldOf } from './world.ts'

const DAY_MS = 86_400_000

let dir: TempDir
beforeEach(() => {
  dir = makeTempDir()
})
afterEach(() => dir[Symbol.dispose]())

const read = (file: string) => readFileSync(join(dir.path, 'certs', file), 'utf8')

/** A store whose CA has `days` left. */
async function storeWith(days: number): Promise<void> {
  const now = new Date()
  const lifeMs = examine((await createCa({ owner: 'ann', now })).certPem).notAfter.getTime() - now.getTime()
  const begun = new Date(now.getTime() - lifeMs + days * DAY_MS)
  const ca = await createCa({ owner: 'ann', now: begun })
  const client = await issueClientCert({ ca, owner: 'ann', now: begun })
  mkdirSync(join(dir.path, 'certs'), { recursive: true })
  const files = { 'ca.pem': ca.certPem, 'ca-key.pem': ca.keyPem, 'cert.pem': client.certPem, 'key.pem': client.keyPem }
  for (const [file, text] of Object.entries(files)) writeFileSync(join(dir.path, 'certs', file), text)
}

test.each([
  ['has years left is kept', 400, false],
  ['has more than 14 days left is kept', 15, false],
  ['runs out within 14 days, as ls tells, is replaced', 13, true],
  ['has run out is replaced', -1, true],
])('a CA that %s; the client certificate is made anew either way', async (_, days, newCa) => {
  await storeWith(days)
  const [ca, client] = [read('ca.pem'), read('cert.pem')]
  expect(await renewClientCert(worldOf(dir.path))).toMatchObject({ newCa })
  expect(read('ca.pem') !== ca).toBe(newCa)
  expect(read('cert.pem')).not.toBe(client)
  const made = { certPem: read('cert.pem'), keyPem: read('key.pem'), caPem: read('ca.pem') }
  expect(pairProblem({ ...made, now: new Date() })).toBeUndefined()
})
