/** The relay between a raw TLS client and an engine that says what the test wants it to. */
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { Refusal } from '../../../../agent/roles/verdict.ts'
import { issueClientCert } from '../../../../src/certs/index.ts'
import { newAuthority, startRelay } from '../../../kit/relay.ts'

/** Answers each head it reads with `answer`, and keeps what it read in `got`. */
function engine(answer: (head: string, socket: Socket) => string | undefined, got: string[] = []) {
  return (socket: Socket) => {
    let text = ''
    socket.setEncoding('latin1').on('data', (more: string) => {
      text += more
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end)
        const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
        if (text.length < end + 4 + length) return
        got.push(text.slice(0, end + 4 + length))
        text = text.slice(end + 4 + length)
        const said = answer(head, socket)
        if (said !== undefined) socket.write(said, 'latin1')
      }
    })
    socket.on('end', () => socket.end())
  }
}

const ok = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: d\r\n${more}\r\n`

test('requests on one connection go to one of the engine, one after the other, pipelined ones too', async () => {
  const got: string[] = []
  await using relay = await startRelay(engine(head => ok(head.split(' ')[1] ?? ''), got))
  const client = await relay.dial()
  await client.say(get('/a') + get('/b') + get('/c'), '/c')
  expect(client.text().match(/\/[abc]/g)).toEqual(['/a', '/b', '/c'])
  await client.say(get('/last'), '/last')
  expect(relay.engines).toHaveLength(1)
  expect(relay.entries.map(e => [e.path, e.status, e.bytesOut])).toEqual([
    ['/a', 200, 2],
    ['/b', 200, 2],
    ['/c', 200, 2],
    ['/last', 200, 5],
  ])
})

test('a pipelined request is judged before the engine sees a byte of it', async () => {
  const got: string[] = []
  await using relay = await startRelay(engine(() => ok('x'), got))
  relay.hub.decide = ({ path }) =>
    path === '/secret' ? { allow: false, message: 'not for you' } : { allow: true, hijack: false }
  const client = await relay.dial()
  await client.say(get('/a') + get('/secret') + get('/b'), /not for you[\s\S]*200 OK/)
  expect(got.map(text => text.split(' ')[1])).toEqual(['/a', '/b'])
})

test('what follows a request that may become a stream waits until the engine has said which it is', async () => {
  const got: string[] = []
  await using relay = await startRelay(
    engine(
      head => (head.includes('/start') ? 'HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone' : ok('x')),
      got,
    ),
  )
  relay.hub.decide = ({ path }) =>
    path === '/secret' ? { allow: false, message: 'not for you' } : { allow: true, hijack: path.endsWith('/start') }
  const client = await relay.dial()
  await client.say(
    `POST /exec/1/start HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\n\r\n{}${get('/secret')}`,
    'not for you',
  )
  expect(got).toHaveLength(1)
})

test.each([
  ['101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp', 'Connection: Upgrade\r\nUpgrade: tcp\r\n'],
  ['200 OK\r\nContent-Type: application/vnd.docker.raw-stream', ''],
])(
  'a stream (%j) goes both ways, half-closed input ends it at the engine, and output still comes',
  async (said, asked) => {
    const heard: string[] = []
    await using relay = await startRelay(socket => {
      let head = true
      socket.setEncoding('latin1').on('data', (text: string) => {
        if (head) {
          head = false
          socket.write(`HTTP/1.1 ${said}\r\n\r\nout`)
        } else heard.push(text)
      })
      socket.on('end', () => socket.end(`bye after ${heard.join('')}`))
    })
    const client = await relay.dial()
    await client.say(`POST /containers/1/attach HTTP/1.1\r\nHost: d\r\n${asked}Content-Length: 0\r\n\r\n`, 'out')
    client.socket.write('stdin')
    client.socket.end()
    expect(await client.closed()).toMatch(/bye after stdin$/)
    await sleep(20)
    expect(relay.entries).toMatchObject([
      { path: '/containers/1/attach', bytesIn: 5, bytesOut: 'outbye after stdin'.length },
    ])
  },
)

test('an engine that changes protocols unasked is cut off', async () => {
  await using relay = await startRelay(engine(() => 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n'))
  const client = await relay.dial()
  client.socket.write(get('/info', 'Connection: Upgrade\r\nUpgrade: h2c\r\n'))
  expect(await client.closed()).toBe('')
})

test('a client that goes away takes its engine connection with it', async () => {
  await using relay = await startRelay(() => {})
  const client = await relay.dial()
  client.socket.write(get('/events'))
  while (relay.engines.length === 0) await sleep(5)
  const gone = new Promise(resolve => relay.engines[0]?.resume().once('end', resolve))
  client.socket.destroy()
  await gone
})

test('a slow reader stops the engine, and the agent keeps next to nothing', async () => {
  let written = 0
  let stopped = false
  await using relay = await startRelay(socket => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\n\r\n')
      const more = () => {
        for (let i = 0; i < 1000; i++) {
          written += 65536
          if (!socket.write(Buffer.alloc(65536))) {
            stopped = true
            socket.once('drain', more)
            return
          }
        }
      }
      more()
    })
  })
  const client = await relay.dial()
  client.socket.pause()
  client.socket.write(get('/export'))
  let before = -1
  while (!stopped || before !== written) {
    before = written
    await sleep(200)
  }
  expect(written).toBeLessThan(16 * 1024 * 1024)
})

test('an early answer to a body that still comes', async () => {
  await using relay = await startRelay(socket => {
    socket.once('data', () =>
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno'),
    )
  })
  const client = await relay.dial()
  client.socket.write('POST /images/load HTTP/1.1\r\nHost: d\r\nContent-Length: 1000000\r\n\r\nabc')
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 400 Bad Request[\s\S]*no$/)
})

test('Expect: 100-continue is answered by the engine, and by the agent where it keeps the body', async () => {
  await using relay = await startRelay(socket => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      socket.on('data', () => socket.write(ok('got it')))
    })
  })
  const head = (path: string) => `POST ${path} HTTP/1.1\r\nHost: d\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n`
  const client = await relay.dial()
  await client.say(head('/images/load'), '100 Continue')
  await client.say('abc', 'got it')
  const own = await relay.dial()
  await own.say(head('/_machine/x'), '100 Continue')
  await own.say('abc', 'own abc')
})

test('a body that is checked is sent as the check wrote it, or refused', async () => {
  const got: string[] = []
  await using relay = await startRelay(engine(() => ok('made'), got))
  relay.hub.decide = () => ({
    allow: true,
    hijack: false,
    body: text => {
      if (text.includes('bad')) throw new Refusal('bad bodies are refused')
      return `${text}!`
    },
  })
  const client = await relay.dial()
  const chunkedBody = '4\r\ngood\r\n0\r\n\r\n'
  await client.say(`POST /x HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n${chunkedBody}`, 'made')
  expect(got[0]).toBe('POST /x HTTP/1.1\r\nHost: d\r\nContent-Length: 5\r\n\r\ngood!')
  await client.say('POST /x HTTP/1.1\r\nHost: d\r\nContent-Length: 3\r\n\r\nbad', 'bad bodies are refused')
  await client.say('POST /x HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\n\r\nok', /made[\s\S]*made/)
  expect(got).toHaveLength(2)
})

test.each(['length', 'chunked', 'close'])('an answer (%s) is rewritten whole', async kind => {
  const body = '{"a":"secret"}'
  const coded: Record<string, string> = {
    length: `Content-Length: ${body.length}\r\n\r\n${body}`,
    chunked: `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    close: `\r\n${body}`,
  }
  await using relay = await startRelay(
    engine((_, socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${coded[kind]}`)
      if (kind === 'close') socket.end()
      return undefined
    }),
  )
  relay.hub.decide = () => ({ allow: true, hijack: false, answer: text => text.replace('secret', 'no') })
  const client = await relay.dial()
  const said = await client.say(get('/inspect'), '"no"}')
  expect(said).toMatch(/Content-Length: 10\r\n\r\n\{"a":"no"\}$/)
})

test('an engine that is not there is said in docker’s own form', async () => {
  await using relay = await startRelay(socket => socket.destroy())
  const client = await relay.dial()
  expect(await client.say(get('/info'), '}')).toMatch(/^HTTP\/1\.1 50[23] [\s\S]*\{"message":"the engine /)
})

test('what cannot be read is answered and ends the connection', async () => {
  const got: string[] = []
  await using relay = await startRelay(engine(() => ok('x'), got))
  const client = await relay.dial()
  client.socket.write('GET /a HTTP/1.1\r\nHost: d\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n')
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 400 [\s\S]*more than once/)
  expect(got).toEqual([])
})

test('draining: the connection ends after its request, and says so', async () => {
  await using relay = await startRelay(engine(() => ok('x')))
  const client = await relay.dial()
  await client.say(get('/a'), 'x')
  relay.hub.draining = true
  client.socket.write(get('/b'))
  expect(await client.closed()).toMatch(/Connection: close\r\n\r\nx$/)
})

test('a client whose certificate is good no longer: its stream is cut, its next request refused', async () => {
  await using relay = await startRelay(
    engine(head => (head.includes('/events') ? 'HTTP/1.1 200 OK\r\n\r\nevent' : ok('x'))),
  )
  const [streaming, idle] = [await relay.dial(), await relay.dial()]
  await streaming.say(get('/events'), 'event')
  await idle.say(get('/a'), 'x')
  relay.hub.problemOf = () => 'this certificate has been revoked'
  relay.servers.recheck()
  await streaming.closed()
  expect(await idle.say(get('/a'), 'revoked')).toMatch(/HTTP\/1\.1 403 Forbidden/)
  expect(relay.entries.find(e => e.path === '/events')?.note).toBe('the certificate is good no longer')
})

test('certificates change under an open connection; new ones get the new, of two CAs at once', async () => {
  await using relay = await startRelay(engine(() => ok('x')))
  const before = await relay.dial()
  const next = await newAuthority()
  const both = `${relay.authority.ca.certPem}${next.ca.certPem}`
  relay.servers.setMaterial({ ...relay.authority.material, caPem: both })
  await before.say(get('/a'), 'x')
  const after = await relay.dial(await issueClientCert({ ca: next.ca, owner: 'new', now: new Date() }))
  await after.say(get('/a'), 'x')
  const stranger = await newAuthority()
  const refused = await relay.dial(stranger.client).catch(error => error)
  if (!(refused instanceof Error)) expect(await refused.closed()).toBe('')
})
