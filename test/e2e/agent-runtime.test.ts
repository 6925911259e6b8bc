/** Node for the agent on real hosts: fetched by the host from a registry of the test's own, or pushed over SSH. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { agentRuntime, nodePath, type RuntimeSource } from '../../provisioning/agent/runtime.ts'
import { folderOf, type PinnedRuntime, tarballOf } from '../../provisioning/agent/runtimes.ts'
import { type Facts, readFacts } from '../../provisioning/facts.ts'
import { withSbin } from '../../provisioning/sbin-host.ts'
import type { MachineEvent } from '../../src/events.ts'
import { dial } from '../../src/ssh/dial.ts'
import type { Host } from '../../src/ssh/host.ts'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { hostRuntime, warmRuntime } from '../kit/runtime-cache.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()
const runtime = hostRuntime as PinnedRuntime
const LIB = '/usr/local/lib/machine-agent'
const NODE = `${LIB}/node/${folderOf(runtime)}/node`

const suite = why ? describe.skip : describe
suite(`Node for the agent${why ? ` [${why}]` : ''}`, () => {
  let host: TestHost
  let session: Host
  let tarball: Buffer
  beforeAll(async () => {
    tarball = readFileSync(warmRuntime(() => {}))
    host = await startHost({ packages: ['curl', 'wget'], withoutRuntime: true })
    const { address, user, keyPath } = host
    const dialed = await dial({
      address,
      user,
      keyPath,
      hostKeys: [],
      deadlineMs: 20_000,
      env: {},
      home: '/nonexistent',
    })
    session = Object.assign(withSbin(dialed), { [Symbol.asyncDispose]: () => dialed[Symbol.asyncDispose]() })
  })
  afterAll(async () => {
    await session?.[Symbol.asyncDispose]()
    await host?.[Symbol.asyncDispose]()
  })
  beforeEach(() => host.exec(`rm -rf ${LIB} /usr/local/bin/*`))

  const facts = () => readFacts(session, 2376, new AbortController().signal)

  interface Done {
    readonly facts: Facts
    readonly events: MachineEvent[]
    readonly pushed: number
  }

  /** As provisioning does it: the step, if it does not hold; then the facts anew. */
  async function bring(source: Partial<RuntimeSource>, signal = new AbortController().signal): Promise<Done> {
    let pushed = 0
    const give = async () => {
      pushed++
      return tarball
    }
    const far = { near: false, registry: async () => undefined, cached: give, tarball: give }
    const step = agentRuntime({ source: { ...far, ...source } })
    const events: MachineEvent[] = []
    const before = await facts()
    if (!step.holds(before))
      await step.apply(session, before, { machine: 'm1', signal, say: event => void events.push(event) })
    return { facts: await facts(), events, pushed }
  }

  async function proveWhole(): Promise<void> {
    expect(nodePath(await facts())).toBe(NODE)
    expect(await host.exec(`setpriv --reuid nobody --clear-groups ${NODE} -p 'process.version'`)).toBe(
      `v${runtime.version}`,
    )
    expect(await host.exec(`stat -c '%U %a' ${NODE} ${LIB}/node/*`)).toBe('root 755\nroot 755')
    expect(await host.exec(`ls -A ${LIB}/node ${LIB}/node/*/`)).toBe(
      `${LIB}/node:\n${folderOf(runtime)}\n\n${LIB}/node/${folderOf(runtime)}/:\n.whole\nnode`,
    )
  }

  /** On the address hosts see this computer under. */
  async function startRegistry(answer: RequestListener) {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      answer(request, response)
    }).listen(0, host.address.replace(/\d+$/, '1'))
    await once(server, 'listening')
    const { address, port } = server.address() as AddressInfo
    const end = async () => void server.close().closeAllConnections()
    return { url: `http://${address}:${port}/`, asked, [Symbol.asyncDispose]: end }
  }

  const told = ({ events }: Done) => events.filter(e => e.type === 'info').map(e => e.text)

  test('fetched by the host itself; a second run does nothing', async () => {
    await using registry = await startRegistry((_, response) => response.end(tarball))
    const done = await bring({ registry: async () => registry.url })
    expect([done.pushed, told(done)]).toEqual([0, []])
    expect(registry.asked).toEqual([`/${runtime.package}/-/${tarballOf(runtime)}`])
    await proveWhole()
    expect((await bring({ registry: async () => registry.url })).events).toEqual([])
    expect(registry.asked).toHaveLength(1)
  })

  test('wget will do', async () => {
    await host.exec('mv /usr/bin/curl /root')
    try {
      await using registry = await startRegistry((_, response) => response.end(tarball))
      expect((await bring({ registry: async () => registry.url })).pushed).toBe(0)
      await proveWhole()
    } finally {
      await host.exec('mv /root/curl /usr/bin')
    }
  })

  test('neither curl nor wget: pushed, with progress', async () => {
    await host.exec(`mv /usr/bin/curl /usr/bin/wget /root; mkdir -p ${LIB}/node/.new-1; touch ${LIB}/node/.new-1/tgz`)
    try {
      const done = await bring({ registry: async () => 'http://192.0.2.1/' })
      expect(done.pushed).toBe(1)
      expect(told(done)).toEqual([expect.stringMatching(/neither curl nor wget\): it is sent over SSH$/)])
      const progress = done.events.flatMap(e => (e.type === 'progress' && e.bytes ? [e] : []))
      expect(progress.length).toBeGreaterThan(50)
      expect(progress.at(-1)).toMatchObject({ fraction: 1, bytes: { done: tarball.length, total: tarball.length } })
      await proveWhole()
    } finally {
      await host.exec('mv /root/curl /root/wget /usr/bin')
    }
  })

  test('another file than the pinned one is thrown away, and the right one pushed', async () => {
    await using registry = await startRegistry((_, response) => response.end(tarball.subarray(1)))
    const done = await bring({ registry: async () => registry.url })
    expect(done.pushed).toBe(1)
    expect(told(done)).toEqual([expect.stringContaining('it is not the file it should be')])
    await proveWhole()
  })

  test('a registry that sends and never ends is given up after 20 s', async () => {
    await using registry = await startRegistry((_, response) => response.write('x'))
    const done = await bring({ registry: async () => registry.url })
    expect(done.pushed).toBe(1)
    expect(told(done)).toEqual([expect.stringContaining('it took more than 20 s')])
    expect(await host.exec('pgrep -x "curl|sleep"', { ok: true })).toBe('')
    await proveWhole()
  })

  test('interrupted, nothing of it stays', async () => {
    const interrupt = new AbortController()
    await using registry = await startRegistry((_, response) => {
      response.write('x')
      setTimeout(() => interrupt.abort(new Error('Ctrl-C')), 300)
    })
    await expect(bring({ registry: async () => registry.url }, interrupt.signal)).rejects.toThrow('Ctrl-C')
    const left = `pgrep -x 'curl|sleep'; ls -A ${LIB}/node`
    const say = `ps -eo pid,ppid,pgid,etimes,stat,args; find ${LIB}`
    await host.exec(`for i in $(seq 400); do [ -z "$(${left})" ] && exit; sleep 0.1; done; { ${say}; } >&2; exit 1`)
  })

  test('near, and the tarball at hand: pushed without asking anybody', async () => {
    const registry = async () => {
      throw new Error('nobody asks for it')
    }
    let done: Done | undefined
    // Near is who answers within 40 ms, which on a busy computer takes a few tries.
    for (let tries = 0; !done; tries++)
      done = await bring({ near: true, registry }).catch(error => {
        if (tries === 20) throw error
        return undefined
      })
    expect([done.pushed, told(done)]).toEqual([1, []])
    await proveWhole()
  })

  test('a runtime that was cut short counts for nothing', async () => {
    await bring({ near: true })
    await host.exec(`truncate -s -1 ${NODE}`)
    expect(nodePath(await facts())).toBeUndefined()
    expect((await bring({ near: true })).pushed).toBe(1)
    await proveWhole()
  })

  test('no room: said at once, with how much it takes', async () => {
    await host.exec(`mkdir -p ${LIB}; mount -t tmpfs -o size=100m,mode=755 tmpfs ${LIB}`)
    try {
      await expect(bring({ near: true })).rejects.toMatchObject({
        code: 'DISK_FULL',
        message: expect.stringMatching(/needs 250 MB in \S+, and (100|99) MB are left$/),
      })
      expect(await host.exec(`ls -A ${LIB}/node`)).toBe('')
    } finally {
      await host.exec(`umount ${LIB}`)
    }
  })

  test("the host's own Node is taken where it is new enough and root's alone", async () => {
    const put = (path: string, version: string) =>
      host.exec(`mkdir -p ${path.replace(/\/[^/]*$/, '')}
        printf '#!/bin/sh\\necho v${version}\\n' > ${path}; chmod 755 ${path}`)
    const found = async () => (await facts()).runtime.hostNode
    await put('/root/.nvm/bin/node', '24.1.0')
    await host.exec('ln -s /root/.nvm/bin/node /usr/local/bin/node')
    expect(await found()).toBeUndefined()
    await host.exec('rm /usr/local/bin/node; mkdir -m 777 /srv/open')
    await put('/srv/open/node', '24.1.0')
    await host.exec('ln -s /srv/open/node /usr/local/bin/node')
    expect(await found()).toBeUndefined()
    await put('/usr/local/lib/nodejs/bin/node', '22.13.0')
    await host.exec('ln -sf /usr/local/lib/nodejs/bin/node /usr/local/bin/node')
    expect(await found()).toEqual({ path: '/usr/local/bin/node', version: '22.13.0' })
    expect(await bring({})).toMatchObject({ pushed: 0, events: [] })
    await put('/usr/local/lib/nodejs/bin/node', '22.12.0')
    expect(await bring({ near: true })).toMatchObject({ pushed: 1 })
    await proveWhole()
  })
})
