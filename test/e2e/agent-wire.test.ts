/**
 * What passes through the agent on a real host, on port 2375: streams that stay open, big bodies, readers that stop, clients
 * that die, and requests no client would write.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { createCa, issueClientCert } from '../../src/certs/index.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { type AgentHost, agentHost } from '../kit/agent-host.ts'
import { writeBigImage } from '../kit/big-image.ts'
import { run } from '../kit/cli.ts'
import { type Dev, startDev } from '../kit/dev-machine.ts'
import { importBusybox } from '../kit/images.ts'
import { SMUGGLED, SMUGGLING } from './agent-smuggling.ts'

jest.setTimeout(180_000)
const why = await whyNoHosts()
const MB = 1_000_000

const suite = why ? describe.skip : describe
suite(`the agent’s wire${why ? ` [${why}]` : ''}`, () => {
  let dev: Dev
  let agent: AgentHost
  let env: NodeJS.ProcessEnv
  beforeAll(async () => {
    dev = await startDev('agent-wire', '--engine-port', '2375')
    agent = await agentHost(dev)
    env = { ...process.env, ...dev.home.env, ...(await dev.home.dockerEnv('dev')) } as NodeJS.ProcessEnv
    await importBusybox(dev.home, 'dev')
    const body = 'n=0; while :; do [ -e /say ] && rm /say && n=$((n+1)) && echo line $n; sleep 0.05; done'
    await dev.docker('run', '-d', '--name', 'talks', 'busybox', 'sh', '-c', body)
  })
  afterAll(async () => await dev?.[Symbol.asyncDispose]())

  /** Until it holds; a deadline for what happens at once, with room for a busy computer. */
  async function soon(holds: () => Promise<boolean>, what: string): Promise<void> {
    for (const deadline = Date.now() + 10_000; !(await holds()); await sleep(100))
      if (Date.now() > deadline) throw new Error(`never: ${what}`)
  }

  test('port 2375 is the agent’s, and mutual TLS', async () => {
    expect(agent.port).toBe(2375)
    expect(await dev.ssh('ss -tlnpH "sport = :2375"')).not.toContain('dockerd')
    const plain = await dev.dockerWith({ env: { DOCKER_TLS_VERIFY: undefined } }, 'ps')
    expect(plain).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('EOF') })
  })

  test('logs -f, events and stats stay open and tell each thing when it happens', async () => {
    await using logs = await dev.dockerFollow('logs', '-f', 'talks')
    await using events = await dev.dockerFollow('events', '--format', '{{.Action}} {{.Actor.Attributes.name}}')
    await using stats = await dev.dockerFollow('stats', '--format', '{{.Name}} is {{.PIDs}}.', 'talks')
    await soon(async () => (await agent.engineConnections()) >= 3, 'three streams are open')
    // The next thing is done only when the one before was heard of: nothing is kept back until there is more of it.
    for (const n of [1, 2, 3]) {
      await dev.docker('exec', 'talks', 'touch', '/say')
      await logs.said(`line ${n}\n`)
      await dev.docker('volume', 'create', `v${n}`)
      await dev.docker('create', '--name', `c${n}`, 'busybox')
      await events.said(`create c${n}\n`)
    }
    const frames = () => stats.text().split('talks is').length
    const before = frames()
    await soon(async () => frames() > before + 1, 'stats goes on')
  })

  test('a client that is killed leaves no connection to the engine', async () => {
    const before = await agent.engineConnections()
    const started = (...args: string[]) => spawn('docker', args, { env, stdio: ['pipe', 'ignore', 'ignore'] })
    const streams = [['events'], ['logs', '-f', 'talks'], ['stats'], ['wait', 'talks'], ['exec', '-i', 'talks', 'cat']]
    const clients = [...streams, ['attach', 'talks']].map(args => started(...args))
    await soon(async () => (await agent.engineConnections()) >= before + clients.length, 'all are connected')
    for (const client of clients) client.kill('SIGKILL')
    // Of who is attached the agent sees the end of his input, which may be all that has ended: he goes with the output that
    // nobody takes, and it is the one after it that tells.
    await soon(async () => (await agent.engineConnections()) <= before + 1, 'all but attach are closed')
    for (let n = 0; n < 2; n++)
      await dev.docker('exec', 'talks', 'sh', '-c', 'touch /say; while [ -e /say ]; do sleep 0.05; done; sleep 0.2')
    await soon(async () => (await agent.engineConnections()) <= before, 'attach is closed')
  })

  test('300 MB in (load) and out (cp), and a reader that stops', async () => {
    const big = await writeBigImage(join(dev.home.path, 'big.tar'), 300 * MB)
    const before = await agent.rssMb()
    expect(await dev.docker('load', '-i', big.path)).toContain('big:latest') // the engine checks the layer's digest
    await dev.docker('create', '--name', 'big', 'big', '/x')
    const out = spawn('docker', ['cp', 'big:/data', '-'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const untar = spawn('tar', ['-xO'], { stdio: ['pipe', 'pipe', 'inherit'] })
    out.stdout.pipe(untar.stdin)
    const hash = createHash('sha256')
    let stopped = false
    for await (const part of untar.stdout as AsyncIterable<Buffer>) {
      hash.update(part)
      if (stopped) continue
      stopped = true
      process.kill(out.pid ?? 0, 'SIGSTOP')
      await sleep(3000)
      expect((await agent.rssMb()) - before).toBeLessThan(40)
      process.kill(out.pid ?? 0, 'SIGCONT')
    }
    expect(hash.digest('hex')).toBe(big.dataSha256)
  })

  test('an engine that stops reading stops the client, and not in the agent’s memory', async () => {
    const [before, connections] = [await agent.rssMb(), await agent.engineConnections()]
    await dev.ssh('systemctl kill -s STOP docker')
    try {
      const upload = spawn('docker', ['import', '-'], { env, stdio: ['pipe', 'ignore', 'ignore'] })
      upload.stdin.on('error', () => {})
      let sent = 0
      const zeros = Buffer.alloc(MB)
      while (sent < 100 && upload.stdin.write(zeros)) sent++
      for (; sent < 100; sent++) {
        if (!(await Promise.race([once(upload.stdin, 'drain'), sleep(2000)]))) break
        upload.stdin.write(zeros)
      }
      expect(sent).toBeLessThan(50)
      expect((await agent.rssMb()) - before).toBeLessThan(40)
      upload.kill('SIGKILL')
      await once(upload, 'exit')
    } finally {
      await dev.ssh('systemctl kill -s CONT docker')
    }
    await soon(async () => (await agent.engineConnections()) <= connections, 'the engine’s side is closed')
  })

  const request = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: d\r\n${more}\r\n`

  test('requests sent in one go are answered in order', async () => {
    const client = await agent.dial()
    client.socket.write(
      request('/_ping') + request('/v1.41/version') + request('/no/such') + request('/_ping', 'Connection: close\r\n'),
    )
    const text = await client.closed()
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200'])
    expect(text).toMatch(/OK[\s\S]*"ApiVersion"[\s\S]*page not found[\s\S]*OK$/)
  })

  test('Expect: 100-continue: the engine says whether the body shall come', async () => {
    const tar = join(dev.home.path, 'one.tar')
    await writeFile(join(dev.home.path, 'one'), 'x')
    execFileSync('tar', ['-C', dev.home.path, '-cf', tar, 'one'])
    const files = ['--cacert', 'ca.pem', '--cert', 'cert.pem', '--key', 'key.pem']
    const put = (container: string) => {
      const url = `https://${dev.address}:2375/containers/${container}/archive?path=/tmp`
      return run('curl', ['-svS', '-H', 'Expect: 100-continue', ...files, '-T', tar, url], { cwd: agent.folder })
    }
    expect((await put('talks')).stderr).toMatch(/< HTTP\/1\.1 100 Continue[\s\S]*< HTTP\/1\.1 200 OK/)
    expect(await dev.docker('exec', 'talks', 'cat', '/tmp/one')).toBe('x')
    const refused = await put('no-such')
    expect(refused.stderr).toContain('< HTTP/1.1 404 Not Found')
    expect(refused.stderr).not.toContain('100 Continue')
    expect(JSON.parse(refused.stdout)).toEqual({ message: 'No such container: no-such' })
  })

  test('a request hidden in another is seen by nobody', async () => {
    for (const [n, text] of SMUGGLING.entries()) {
      const client = await agent.dial()
      client.socket.write(text, 'latin1')
      const answers = (await client.closed()).match(/^HTTP\/1\.1 \d+/gm)
      expect([n, text.slice(0, 200), answers]).toEqual([
        n,
        text.slice(0, 200),
        [expect.stringMatching(/ (400|431|501|505)$/)],
      ])
    }
    expect((await agent.audit()).filter(({ path }) => path.includes(SMUGGLED))).toEqual([])
    expect(await dev.docker('volume', 'ls', '-q')).not.toContain(SMUGGLED)
  })

  test('who sends a head too slowly is told so; who never shakes hands is let go', async () => {
    const slow = await agent.dial()
    slow.socket.write('GET /_ping HTTP/1.1\r\n')
    const drip = setInterval(() => slow.socket.write('X: y\r\n'), 500)
    const silent = connect(agent.port, dev.address)
    const began = Date.now()
    await Promise.all([once(slow.socket, 'end'), once(silent.resume(), 'close')])
    clearInterval(drip)
    slow.socket.destroy()
    expect(slow.text()).toMatch(/^HTTP\/1\.1 408 [\s\S]*Connection: close[\s\S]*"message"/)
    expect(Date.now() - began).toBeGreaterThan(9000)
    expect((await agent.audit()).at(-1)).toMatchObject({ status: 408, method: '' })
  })

  /** What `openssl s_client` says of a request in that version of TLS, itself willing to do anything. */
  function openssl(version: string, ...more: string[]): string {
    const args = ['s_client', '-connect', `${dev.address}:2375`, version, '-cipher', 'ALL:@SECLEVEL=0', '-ign_eof']
    const input = request('/_ping', 'Connection: close\r\n')
    const ran = spawnSync('openssl', [...args, ...more], {
      cwd: agent.folder,
      input,
      encoding: 'utf8',
      timeout: 30_000,
    })
    return ran.stdout + ran.stderr
  }

  test.each([
    ['-tls1_3', /Cipher is TLS_AES_128_GCM_SHA256[\s\S]*200 OK/],
    ['-tls1_2', /Cipher is ECDHE-ECDSA-AES128-GCM-SHA256[\s\S]*200 OK/],
    ['-tls1_1', /alert protocol version/],
  ])('openssl s_client %s', (version, expected) => {
    const files = ['-CAfile', 'ca.pem', '-cert', 'cert.pem', '-key', 'key.pem', '-verify_return_error']
    expect(openssl(version, ...files)).toMatch(expected)
  })

  test('no certificate, or one of another CA, is let in nowhere', async () => {
    const now = { owner: 'stranger', now: new Date() }
    const { certPem, keyPem } = await issueClientCert({ ...now, ca: await createCa(now) })
    const stranger = join(dev.home.path, 'stranger.pem')
    await writeFile(stranger, certPem + keyPem, { mode: 0o600 })
    const before = (await agent.audit()).length
    for (const version of ['-tls1_2', '-tls1_3']) {
      const said = [openssl(version), openssl(version, '-cert', stranger, '-key', stranger)]
      expect(said[0]).toMatch(/alert (certificate required|handshake failure)/)
      expect(said[1]).toMatch(/unexpected eof|errno=104/)
      expect(said.join('')).not.toContain('HTTP/1.1')
    }
    expect((await agent.audit()).slice(before)).toEqual([])
  })
})
