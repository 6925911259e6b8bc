/** No client certificate of this store's CA, no service: on 2376, and with --engine-port 2375 on 2375. openssl is the witness. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { createCa, issueClientCert } from '../../src/certs/index.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { CLASSIC, type Home, type Ran, run, startHome } from '../kit/cli.ts'
import { hostEnv } from '../kit/dev-machine.ts'

jest.setTimeout(180_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe
const machines = [
  { name: 'usual', port: 2376, other: 2375, flags: ['--tls-san', 'engine.example'] },
  { name: 'odd', port: 2375, other: 2376, flags: ['--engine-port', '2375'] },
] as const

suite(why ? `mutual TLS [${why}]` : 'mutual TLS', () => {
  let home: Home
  const address: Record<string, string> = {}

  beforeAll(async () => {
    home = await startHome({ ...hostEnv('tls'), ...CLASSIC })
    for (const { name, flags } of machines) {
      await home.ok('create', '-d', 'nspawn', ...flags, name)
      address[name] = (await home.ok('ip', name)).trim()
    }
  })
  afterAll(() => home?.[Symbol.asyncDispose]())

  const file = (name: string, of = 'usual') => join(home.store, 'machines', of, name)
  const ours = () => ['-cert', file('cert.pem'), '-key', file('key.pem')]

  /**
   * One request by `openssl s_client`. In TLS 1.3 the client's handshake is over before the server has seen the client's
   * certificate, so that only the answer to a request tells whether there is service.
   */
  function ask(name: string, port: number, ...args: string[]): Promise<Ran> {
    const input = 'GET /_ping HTTP/1.0\r\nHost: engine\r\n\r\n'
    const to = ['-connect', `${address[name]}:${port}`, '-CAfile', file('ca.pem')]
    return run('openssl', ['s_client', '-ign_eof', ...to, ...args], { input, timeoutMs: 30_000 })
  }

  for (const { name, port, other } of machines) {
    test(`${port}: with the store’s client certificate there is service`, async () => {
      for (const version of ['-tls1_3', '-tls1_2']) {
        const asked = await ask(name, port, version, ...ours())
        expect(asked.stdout).toContain('Verify return code: 0 (ok)')
        expect(asked.stdout).toMatch(/HTTP\/1\.0 200 OK.*\nOK/s)
      }
    })

    test(`${port}: without a client certificate there is none`, async () => {
      for (const version of ['-tls1_3', '-tls1_2']) {
        const asked = await ask(name, port, version)
        expect(asked.stdout).not.toContain('HTTP/1')
        expect(asked.stderr).toMatch(/alert (certificate required|bad certificate)/)
      }
    })

    test(`${port}: with a client certificate of another CA, or one nobody signed, there is none`, async () => {
      for (const pair of await strangers(join(home.path, `strangers-${port}`))) {
        const asked = await ask(name, port, '-cert', pair.cert, '-key', pair.key)
        expect(asked.stdout).not.toContain('HTTP/1')
        expect(asked.stderr).toMatch(/alert (unknown ca|bad certificate|certificate unknown|certificate required)/)
      }
    })

    test(`${port}: plain HTTP gets nothing, and ${other} is closed`, async () => {
      const answer = await fetch(`http://${address[name]}:${port}/_ping`).catch(() => undefined)
      expect(answer === undefined || answer.status === 400).toBe(true)
      const plain = { ...home.env, DOCKER_HOST: `tcp://${address[name]}:${port}`, DOCKER_TLS_VERIFY: undefined }
      expect((await run('docker', ['version'], { env: plain })).code).toBe(1)
      expect(await connectionError(address[name] ?? '', other)).toBe('ECONNREFUSED')
    })

    test(`${port}: the certificate is for the address and localhost, and for no other name`, async () => {
      const strict = ['-verify_return_error', ...ours()]
      const given = name === 'usual' ? [['-verify_hostname', 'engine.example']] : []
      const covered = [
        ['-verify_ip', address[name] ?? ''],
        ['-verify_hostname', 'localhost'],
        ['-verify_ip', '127.0.0.1'],
      ]
      for (const names of [...covered, ...given])
        expect((await ask(name, port, ...strict, ...names)).stdout).toContain('Verify return code: 0 (ok)')
      for (const names of [
        ['-verify_ip', '198.51.100.1'],
        ['-verify_hostname', 'other.example'],
      ])
        expect((await ask(name, port, ...strict, ...names)).stdout).not.toContain('HTTP/1')
    })

    test(`${port}: env, url and ls name the port, and docker works`, async () => {
      const url = `tcp://${address[name]}:${port}`
      expect((await home.ok('url', name)).trim()).toBe(url)
      expect(await home.dockerEnv(name)).toMatchObject({ DOCKER_HOST: url, DOCKER_TLS_VERIFY: '1' })
      expect(await home.dockerOk(name, 'info', '-f', '{{.Name}}')).toBe(name)
      const rows = JSON.parse(await home.ok('ls', '--json')) as { name: string; url: string; error: string }[]
      expect(rows.find(r => r.name === name)).toMatchObject({ url, error: '' })
    })
  }

  test('the server’s key is the host’s alone: the store holds none, and the host’s is root’s', async () => {
    expect(await readFile(file('server-key.pem'), 'utf8').catch(e => e.code)).toBe('ENOENT')
    const mode = await home.ok('ssh', 'usual', 'stat -c "%a %U" /etc/docker/server-key.pem')
    expect(mode.trim()).toMatch(/^[46]00 root$/)
  })
})

/** Files of client certificates no engine of this store may take. */
async function strangers(folder: string): Promise<{ cert: string; key: string }[]> {
  await mkdir(folder, { recursive: true })
  const now = new Date()
  const ca = await createCa({ owner: 'stranger', now })
  const signed = await issueClientCert({ ca, owner: 'stranger', now })
  const made = []
  // A CA's own certificate stands for one nobody else signed.
  for (const [i, pair] of [signed, ca].entries()) {
    const at = { cert: join(folder, `${i}.pem`), key: join(folder, `${i}-key.pem`) }
    await writeFile(at.cert, pair.certPem)
    await writeFile(at.key, pair.keyPem, { mode: 0o600 })
    made.push(at)
  }
  return made
}

function connectionError(host: string, port: number): Promise<string> {
  return new Promise(resolve => {
    const socket = connect({ host, port })
    socket.on('connect', () => resolve('connected'))
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
    socket.on('close', () => socket.destroy())
  })
}
