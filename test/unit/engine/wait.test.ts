import { beforeAll, describe, expect, test } from '@jest/globals'
import { waitForEngine } from '../../../src/engine/wait.ts'
import { freePort } from '../../kit/sshd.ts'
import { engine, type Identities, makeIdentities } from './servers.ts'

const VERSION = JSON.stringify({ Version: '28.5.2', ApiVersion: '1.51', MinAPIVersion: '1.24' })

let ours: Identities
let others: Identities
beforeAll(async () => {
  ours = await makeIdentities()
  others = await makeIdentities()
})

const at = (url: string, ca = ours.ca) => ({
  url,
  ca: ca.certPem,
  cert: ours.client.certPem,
  key: ours.client.keyPem,
})

describe('waitForEngine', () => {
  test('waits until the engine answers', async () => {
    let asked = 0
    await using server = await engine(ours, (_, answer) => {
      asked += 1
      if (asked < 3) answer.destroy()
      else answer.end(VERSION)
    })
    expect((await waitForEngine({ ...at(server.url), deadlineMs: 60_000 })).version).toBe('28.5.2')
    expect(asked).toBe(3)
  })

  test("says in Docker Machine's words why it gave up", async () => {
    const url = `tcp://127.0.0.1:${await freePort()}`
    await expect(waitForEngine({ ...at(url), deadlineMs: 200 })).rejects.toMatchObject({
      code: 'ENGINE_DOWN',
      message: `Unable to verify the Docker daemon is listening: nothing listens at ${url}: the connection was refused (ECONNREFUSED)`,
      suggestions: ['start the engine: machine ssh NAME -- sudo systemctl start docker'],
    })
  })

  test('does not wait for certificates to get better', async () => {
    let asked = 0
    await using server = await engine(ours, () => {
      asked += 1
    })
    const wrong = at(server.url, others.ca)
    await expect(waitForEngine({ ...wrong, deadlineMs: 600_000 })).rejects.toMatchObject({ code: 'ENGINE_TLS' })
    expect(asked).toBe(0)
  })

  test('ends with the reason of the signal', async () => {
    const stop = new AbortController()
    const reason = new Error('enough')
    const waiting = waitForEngine({ ...at('tcp://127.0.0.1:1'), deadlineMs: 600_000, signal: stop.signal })
    stop.abort(reason)
    await expect(waiting).rejects.toBe(reason)
  })
})
