/** The table of operations against the engine's published ones, and who gets through. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { OPERATIONS } from '../../../../agent/roles/operations.ts'
import { ask } from './asking.ts'

const published = readFileSync(join(import.meta.dirname, 'engine-api.tsv'), 'utf8')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'))
  .map(line => line.split('\t').slice(0, 2).join(' '))

test('the table has each published operation once and no other', () => {
  const rows = OPERATIONS.map(({ method, path }) => `${method} ${path}`)
  expect([...rows].sort()).toEqual([...published].sort())
  expect(new Set(rows).size).toBe(rows.length)
  expect(published).toHaveLength(108)
})

const concrete = published.map(one =>
  one.replace('/volumes/{name}', '/volumes/web').replace('{name}', 'registry:5000/app').replace('{id}', 'web'),
)

describe.each(['', '/v1.24', '/v1.56'])('with the version %j', version => {
  const versioned = concrete.map(one => one.replace(' ', ` ${version}`))

  test('a viewer can do none of the writes', () => {
    const writes = versioned.filter(one => !/^(?:GET|HEAD) /.test(one))
    expect(writes).toHaveLength(62)
    for (const write of writes) {
      expect(ask('viewer', write)).toEqual({ allow: false, message: expect.stringMatching(/^viewers may not /) })
    }
  })

  test('an admin can do all, and nothing is read or written anew', () => {
    for (const one of versioned) expect(ask('admin', one)).toEqual({ allow: true, hijack: expect.any(Boolean) })
  })
})

test('what a viewer may read', () => {
  const allowed = concrete.filter(one => ask('viewer', one).allow)
  expect(allowed).toMatchInlineSnapshot(`
[
  "GET /_ping",
  "HEAD /_ping",
  "GET /containers/json",
  "GET /containers/web/changes",
  "GET /containers/web/json",
  "GET /containers/web/logs",
  "GET /containers/web/stats",
  "GET /containers/web/top",
  "GET /exec/web/json",
  "GET /images/json",
  "GET /images/registry:5000/app/history",
  "GET /images/registry:5000/app/json",
  "GET /info",
  "GET /networks",
  "GET /networks/web",
  "GET /nodes",
  "GET /nodes/web",
  "GET /plugins",
  "GET /plugins/registry:5000/app/json",
  "GET /services",
  "GET /services/web",
  "GET /services/web/logs",
  "GET /system/df",
  "GET /tasks",
  "GET /tasks/web",
  "GET /tasks/web/logs",
  "GET /version",
  "GET /volumes",
  "GET /volumes/web",
]
`)
})

test('what an operator may not do at all', () => {
  const refused = concrete.filter(one => !ask('operator', one).allow)
  expect(refused).toMatchInlineSnapshot(`
[
  "POST /build",
  "POST /configs/create",
  "DELETE /configs/web",
  "POST /configs/web/update",
  "DELETE /nodes/web",
  "POST /nodes/web/update",
  "POST /plugins/create",
  "GET /plugins/privileges",
  "POST /plugins/pull",
  "DELETE /plugins/registry:5000/app",
  "POST /plugins/registry:5000/app/disable",
  "POST /plugins/registry:5000/app/enable",
  "POST /plugins/registry:5000/app/push",
  "POST /plugins/registry:5000/app/set",
  "POST /plugins/registry:5000/app/upgrade",
  "POST /secrets/create",
  "DELETE /secrets/web",
  "POST /secrets/web/update",
  "POST /session",
  "GET /swarm",
  "POST /swarm/init",
  "POST /swarm/join",
  "POST /swarm/leave",
  "POST /swarm/unlock",
  "GET /swarm/unlockkey",
  "POST /swarm/update",
  "PUT /volumes/web",
]
`)
})

test('what an operator sends that nobody looks at', () => {
  const blind = concrete.filter(one => {
    const verdict = ask('operator', one)
    return verdict.allow && !verdict.body && !/^(?:GET|HEAD|DELETE) /.test(one)
  })
  expect(blind).toMatchInlineSnapshot(`
[
  "POST /auth",
  "PUT /containers/web/archive",
  "POST /containers/web/attach",
  "POST /exec/web/start",
  "POST /images/load",
  "POST /images/registry:5000/app/push",
]
`)
})

test('no answer is rewritten for an operator', () => {
  for (const one of concrete) expect(ask('operator', one)).not.toHaveProperty('answer')
})

test.each([
  'POST /grpc',
  'GET /debug/pprof',
  'OPTIONS /info',
  'POST /containers/x/copy',
  'GET /metrics',
  'PATCH /info',
])('%s is for admins only', request => {
  for (const role of ['viewer', 'operator']) {
    const message = `${role}s may not ${request}: it is for admins only`
    expect(ask(role, request)).toEqual({ allow: false, message })
  }
  expect(ask('admin', request).allow).toBe(true)
})

test('who has no role gets nowhere', () => {
  for (const role of ['', 'Admin', 'root', '__proto__']) expect(ask(role, 'GET /_ping').allow).toBe(false)
})

test('refusals say who, what and why', () => {
  expect(ask('viewer', 'GET /swarm')).toEqual({
    allow: false,
    message: 'viewers may not GET /swarm: it hands out keys of the swarm',
  })
  expect(ask('operator', 'POST /v1.51/build')).toHaveProperty(
    'message',
    "operators may not POST /v1.51/build: a build may ask for more than an operator may have, out of the agent's sight",
  )
})

test('a viewer sees processes, but does not choose what ps shows', () => {
  expect(ask('viewer', 'GET /containers/web/top').allow).toBe(true)
  for (const query of ['ps_args=eww', 'ps_args=', 'x=1;ps_args=eww', 'x;ps_args=eww', 'ps%5Fargs=e']) {
    expect(ask('viewer', `GET /containers/web/top?${query}`).allow).toBe(false)
  }
  expect(ask('operator', 'GET /containers/web/top?ps_args=aux').allow).toBe(true)
})

test('an operator has the host fetch no addresses and start no checkpoints', () => {
  expect(ask('operator', 'POST /images/create?fromImage=busybox')).toHaveProperty('body')
  expect(ask('operator', 'POST /images/create?fromSrc=-')).toEqual({ allow: true, hijack: false })
  for (const query of ['fromSrc=http://127.0.0.1/', 'fromSrc=-&fromSrc=http://x', 'a=1;fromSrc=http://x']) {
    expect(ask('operator', `POST /images/create?${query}`).allow).toBe(false)
  }
  expect(ask('operator', 'POST /containers/x/start?checkpoint-dir=/etc').allow).toBe(false)
})
