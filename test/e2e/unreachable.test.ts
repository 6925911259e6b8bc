/** An engine that cannot be used: env, config, version and ls say the same about it, which step failed and what to do. */
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { issueClientCert } from '../../src/certs/index.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { writeMachine } from '../kit/lone-machine.ts'
import { freePort } from '../kit/sshd.ts'
import {
  engine,
  type Identities,
  type Listening,
  listen,
  makeIdentities,
  makeServer,
  opensslServer,
} from '../unit/engine/servers.ts'

jest.setTimeout(120_000)
const DAY = 86_400_000
const day = (from: number) => new Date(Date.now() + from).toISOString().slice(0, 10)

let home: Home
let ours: Identities
let ssh: Listening
beforeAll(async () => {
  home = await startHome()
  ours = await makeIdentities()
  ssh = await listen(
    createServer(socket => socket.end('SSH-2.0-none\r\n')),
    '0.0.0.0',
  )
})
afterAll(async () => {
  await ssh?.[Symbol.asyncDispose]()
  await home?.[Symbol.asyncDispose]()
})

/** What each command says of the engine at `port`: its sentence, and env's hints. */
async function said(port: number, its: Partial<Identities> = {}, address = '127.0.0.1') {
  await writeMachine(home.store, { address, sshPort: ssh.port, enginePort: port, ...ours, ...its })
  const [env, config, version, ls] = await Promise.all([
    home.cli('env', 'dev'),
    home.cli('config', 'dev'),
    home.cli('version', 'dev'),
    home.cli('ls', '--json'),
  ])
  const host = `${address}:${port}`
  const prefix = `Error checking TLS connection: Error checking and/or regenerating the certs: There was an error validating certificates for host "${host}": `
  const [first = '', ...hints] = env.stderr.trimEnd().split('\n')
  expect([env.code, env.stdout, config.code, config.stdout, version.code, version.stdout]).toEqual([
    1,
    '',
    1,
    '',
    1,
    '',
  ])
  expect(first.slice(0, prefix.length)).toBe(prefix)
  const sentence = first.slice(prefix.length)
  // Docker Machine's own words before it differ
  expect(config.stderr).toBe(
    env.stderr.replace('Error checking TLS connection', 'Error running connection boilerplate'),
  )
  expect(version.stderr).toBe([sentence, ...hints, ''].join('\n'))
  expect(JSON.parse(ls.stdout)).toMatchObject([{ name: 'dev', state: 'Running', docker: 'Unknown', error: sentence }])
  return { sentence: sentence.replaceAll(`tcp://${host}`, 'URL'), hints: hints.map(hint => hint.replace('  → ', '')) }
}

const doctor = 'machine doctor dev looks at each step from here to the engine'
const provision = 'machine provision dev issues new certificates where they are needed; containers keep running'

describe('the engine', () => {
  test('does not listen', async () => {
    expect(await said(await freePort())).toEqual({
      sentence: 'nothing listens at URL: the connection was refused (ECONNREFUSED)',
      hints: ['start the engine: machine ssh dev -- sudo systemctl start docker', doctor],
    })
  })

  test('has a certificate that expired', async () => {
    const server = await makeServer(ours.ca, ['127.0.0.1'], new Date(Date.now() - 4 * DAY), 1)
    await using its = await engine({ ...ours, server }, () => {})
    expect(await said(its.port)).toEqual({
      sentence: `the certificate of URL expired on ${day(-3 * DAY)}`,
      hints: ['issue a new one: machine provision dev; containers keep running', doctor],
    })
  })

  test('has a certificate for another address', async () => {
    await using its = await engine(ours, () => {}, '127.0.0.2')
    const { sentence, hints } = await said(its.port, {}, '127.0.0.2')
    expect(sentence).toMatch(/^the certificate of URL is for other names: .*127\.0\.0\.2 is not in the cert's list/)
    expect(hints).toEqual(['the address of the machine changed, or something else answers there', provision, doctor])
  })

  test('has a certificate of another CA', async () => {
    const others = await makeIdentities()
    await using its = await engine(others, () => {})
    expect(await said(its.port)).toEqual({
      sentence: 'the certificate of URL is not signed by the CA of this store (SELF_SIGNED_CERT_IN_CHAIN)',
      hints: ['another store or another tool made certificates for this engine', provision, doctor],
    })
  })

  test('refuses our client certificate, which expired', async () => {
    const now = new Date(Date.now() - 4 * DAY)
    const client = await issueClientCert({ ca: ours.ca, owner: 'someone', now, days: 1 })
    await using its = await opensslServer(ours, '-tls1_3')
    expect(await said(its.port, { client })).toEqual({
      sentence: `URL refused our client certificate as expired: it ends on ${day(-3 * DAY)}`,
      hints: [
        'make a new one: machine regenerate-certs --client-certs dev',
        'or the clock of the host is wrong',
        provision,
        doctor,
      ],
    })
  })

  test('is something else', async () => {
    await using its = await listen(createServer(socket => socket.end('220 mail\r\n')))
    expect(await said(its.port)).toEqual({
      sentence: 'what answers at URL does not speak TLS',
      hints: ['is it the engine that listens there, and was it set up by this tool?', doctor],
    })
  })
})

test('under the name docker-machine the advice names docker-machine', async () => {
  await writeMachine(home.store, { sshPort: ssh.port, enginePort: await freePort(), ...ours })
  const ran = await home.cliWith({ env: { MACHINE_CALLED_AS: 'docker-machine' } }, 'env', 'dev')
  expect(ran.stderr).toMatch(/→ docker-machine doctor dev looks at each step/)
})
