/** Paths and the operations they mean: where the engine's router could see another one, only admins get through. */
import { expect, test } from '@jest/globals'
import { operationFor, segmentsOf } from '../../../../agent/roles/route.ts'
import { ask } from './asking.ts'

function meant(request: string): string | undefined {
  const [method = '', path = ''] = request.split(' ')
  const segments = segmentsOf(path)
  const found = segments && operationFor(method, segments)
  return found && `${found.method} ${found.path}`
}

test.each([
  ['GET /images/json', 'GET /images/json'],
  ['GET /images/json/json', 'GET /images/{name}/json'],
  ['GET /images/get/json', 'GET /images/{name}/json'],
  ['GET /images/a/b/c/json', 'GET /images/{name}/json'],
  ['GET /images/a/json/get', 'GET /images/{name}/get'],
  ['GET /images/a/get/history', 'GET /images/{name}/history'],
  ['GET /images/a/attestations', 'GET /images/{name}/attestations'],
  ['DELETE /images/a/b/json', 'DELETE /images/{name}'],
  ['POST /images/load/push', 'POST /images/{name}/push'],
  ['GET /plugins/privileges', 'GET /plugins/privileges'],
  ['GET /plugins/a/b/json', 'GET /plugins/{name}/json'],
  ['GET /containers/json', 'GET /containers/json'],
  ['GET /containers/json/json', 'GET /containers/{id}/json'],
  ['GET /v1.51/containers/json', 'GET /containers/json'],
  ['DELETE /containers/create', 'DELETE /containers/{id}'],
  ['POST /containers/prune/exec', 'POST /containers/{id}/exec'],
  ['HEAD /containers/x/json', 'GET /containers/{id}/json'],
  ['HEAD /containers/x/archive', 'HEAD /containers/{id}/archive'],
  ['HEAD /_ping', 'HEAD /_ping'],
])('%s means %s', (request, operation) => {
  expect(meant(request)).toBe(operation)
})

test.each([
  'GET /containers/a/b/json',
  'GET /containers/a/attach/json',
  'GET /containers/attach/ws',
  'POST /containers/a/b/start',
  'DELETE /containers/a/checkpoints/b',
  'GET /networks/a/b',
  'GET /volumes/a/b',
  'GET /v1.51/v1.51/containers/json',
  'GET /v1.51',
  'GET /v1x/containers/json',
  'GET /V1.51/containers/json',
  'GET /Containers/json',
  'get /containers/json',
  'GET containers/json',
  'GET /',
  'GET /images',
  'POST /images/push',
  'GET /containers//json',
  'GET /containers/../json',
  'GET /containers/./json',
  'GET /containers/json/',
  'GET /constructor/json',
  'GET /containers/a?b/json',
  'GET /containers/a%2fb/json',
  'GET /containers/a#/json',
  'GET /containers/a\\b/json',
  'GET /containers/\u017f/json',
])('%s means nothing the table knows', request => {
  expect(meant(request)).toBeUndefined()
  expect(ask('operator', request).allow).toBe(false)
})

test('a request with HEAD gets what GET would, without a body to rewrite', () => {
  expect(ask('viewer', 'HEAD /containers/x/json')).toEqual({ allow: true, hijack: false })
  for (const path of ['/containers/x/export', '/containers/x/archive', '/swarm', '/images/get']) {
    expect(ask('viewer', `HEAD ${path}`).allow).toBe(false)
  }
})

test.each([
  ['admin', 'POST /containers/x/attach', true],
  ['admin', 'POST /v1.51/containers/a/b/attach', true],
  ['admin', 'GET /containers/x/attach/ws', true],
  ['admin', 'POST /exec/x/start', true],
  ['admin', 'POST /session', true],
  ['admin', 'POST /v1.51/grpc', true],
  ['admin', 'GET /containers/x/attach', false],
  ['admin', 'POST /containers/x/attach/ws', false],
  ['admin', 'GET /exec/x/start', false],
  ['admin', 'GET /session', false],
  ['admin', 'POST /session/x', false],
  ['admin', 'POST /containers/x/start', false],
  ['admin', 'POST /containers/attach', false],
  ['admin', 'POST /build', false],
  ['operator', 'POST /containers/x/attach', true],
  ['operator', 'GET /containers/x/attach/ws', true],
  ['operator', 'POST /exec/x/start', true],
  ['operator', 'POST /exec/x/resize', false],
])('for %s, whether %s takes the connection over: %s', (role, request, hijack) => {
  expect(ask(role, request)).toMatchObject({ allow: true, hijack })
})
