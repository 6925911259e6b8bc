/** `ls` tells of certificates that run out within 14 days. An engine and an sshd of loopback answer. */
import { X509Certificate } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { issueClientCert } from '../../src/certs/index.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { type FakeHost, startFakeHost, writeGeneric } from '../kit/store-with.ts'
import { type Identities, makeIdentities, makeServer } from '../unit/engine/servers.ts'

jest.setTimeout(60_000)

const DAY_MS = 86_400_000
/** The day a certificate runs out. */
const lastDay = (pem: string) => new Date(new X509Certificate(pem).validTo).toISOString().slice(0, 10)

let home: Home
let its: Identities
let host: FakeHost

beforeAll(async () => {
  home = await startHome()
  its = await makeIdentities(['127.0.0.1'], new Date(), 300)
  host = await startFakeHost(its)
})
afterAll(async () => {
  await host?.[Symbol.asyncDispose]()
  await home?.[Symbol.asyncDispose]()
})

describe('certificates that run out within 14 days', () => {
  const folder = (name: string) => join(home.store, 'machines', name)
  const errors = async (name: string) =>
    (await home.ok('ls', '-f', '{{.Error}}', '--filter', `name=^${name}$`)).split('\n').slice(0, -1)

  test('the server’s', async () => {
    await writeGeneric(home.store, 'soon', host, { its })
    try {
      const write = async (days: number) => {
        // Of a short life only the last third is told.
        const server = await makeServer(its.ca, ['127.0.0.1'], new Date(Date.now() - 100 * DAY_MS), days + 100)
        await writeFile(join(folder('soon'), 'server.pem'), server.certPem)
        return lastDay(server.certPem)
      }
      await write(20)
      expect(await errors('soon')).toEqual([''])
      const day = await write(5)
      expect(await errors('soon')).toEqual([
        `the server certificate runs out on ${day} (in 4 days): machine provision soon renews it`,
      ])
      const [row] = JSON.parse(await home.ok('ls', '--json', '--filter', 'name=soon')) as { expiring: unknown }[]
      expect(row?.expiring).toEqual([{ certificate: 'server', expires: expect.stringMatching(`^${day}T`), days: 4 }])
    } finally {
      await home.ok('rm', '-y', 'soon')
    }
  })

  test('the client’s, also one that has run out', async () => {
    await writeGeneric(home.store, 'client', host, { its })
    try {
      // client certificates live 730 days
      const issued = (daysAgo: number) =>
        issueClientCert({ ca: its.ca, owner: 'x', now: new Date(Date.now() - daysAgo * DAY_MS) })
      await writeFile(join(folder('client'), 'cert.pem'), (await issued(729)).certPem)
      const [soon = ''] = await errors('client')
      expect(soon).toMatch(
        /^the client certificate runs out on [\d-]+ \(in (less than a day|1 day)\): machine regenerate-certs --client-certs client renews it$/,
      )
      await writeFile(join(folder('client'), 'cert.pem'), (await issued(760)).certPem)
      const [over = ''] = await errors('client')
      expect(over).toMatch(
        /^the client certificate ran out on [\d-]+: machine regenerate-certs --client-certs client renews it$/,
      )
    } finally {
      await home.ok('rm', '-y', 'client')
    }
  })

  test('what is no certificate is passed over', async () => {
    await writeGeneric(home.store, 'odd', host, { its })
    try {
      await writeFile(join(folder('odd'), 'server.pem'), 'nonsense')
      expect(await errors('odd')).toEqual([''])
    } finally {
      await home.ok('rm', '-y', 'odd')
    }
  })
})
