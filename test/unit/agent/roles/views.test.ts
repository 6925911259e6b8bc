/** What a viewer sees of answers: no variables, no passwords, every number as the engine wrote it. */
import { expect, test } from '@jest/globals'
import { ask, see } from './asking.ts'

test('a container', () => {
  const seen = see('GET /v1.51/containers/web/json?size=1', {
    Id: 'x',
    Args: ['-g'],
    Config: { Env: ['PASSWORD=secret'], Labels: { Env: 'prod', Options: 'few' }, Cmd: ['nginx'] },
    HostConfig: {
      LogConfig: { Type: 'splunk', Config: { 'splunk-token': 'secret' } },
      Mounts: [
        { Type: 'volume', VolumeOptions: { DriverConfig: { Name: 'local', Options: { o: 'password=secret' } } } },
      ],
    },
  })
  expect(seen).toEqual({
    Id: 'x',
    Args: ['-g'],
    Config: { Env: [], Labels: { Env: 'prod', Options: 'few' }, Cmd: ['nginx'] },
    HostConfig: {
      LogConfig: { Type: 'splunk', Config: {} },
      Mounts: [{ Type: 'volume', VolumeOptions: { DriverConfig: { Name: 'local', Options: {} } } }],
    },
  })
})

test.each<[string, unknown]>([
  [
    '/images/a/b/json',
    {
      Config: { Env: ['A=secret'], OnBuild: ['ENV A=secret'] },
      ContainerConfig: { Cmd: ['ENV A=secret'], Env: ['A=secret'] },
    },
  ],
  ['/images/a/b/history', [{ Id: 'x', CreatedBy: '|1 TOKEN=secret /bin/sh -c make', Size: 1 }]],
  ['/exec/x/json', { ID: 'x', ProcessConfig: { entrypoint: 'mysql', arguments: ['-psecret'] } }],
  [
    '/services',
    [
      {
        Spec: {
          TaskTemplate: { ContainerSpec: { Env: ['A=secret'] }, LogDriver: { Name: 'gelf', Options: { a: 'secret' } } },
        },
      },
    ],
  ],
  ['/services/x?insertDefaults=1', { PreviousSpec: { TaskTemplate: { ContainerSpec: { Env: ['A=secret'] } } } }],
  ['/tasks', [{ Spec: { ContainerSpec: { Env: ['A=secret'] } } }]],
  ['/tasks/x', { Spec: { PluginSpec: { Env: ['A=secret'] } } }],
  ['/plugins', [{ Settings: { Env: ['A=secret'] }, Config: { Env: [{ Name: 'A', Value: 'secret' }] } }]],
  ['/plugins/a/b/json', { Settings: { Env: ['A=secret'] } }],
  ['/volumes', { Volumes: [{ Name: 'x', Options: { o: 'username=me,password=secret' } }] }],
  ['/volumes/x', { Name: 'x', Options: { o: 'password=secret' } }],
  ['/system/df', { BuildCache: [{ Description: 'RUN curl -H secret' }], Volumes: [{ Options: { o: 'secret' } }] }],
  [
    '/system/df?verbose=1',
    { VolumeUsage: { Items: [{ Options: { o: 'secret' } }] }, BuildCacheUsage: { Items: [{ Description: 'secret' }] } },
  ],
  [
    '/info',
    {
      HttpProxy: 'http://me:secret@proxy:3128',
      HttpsProxy: 'me:secret@proxy',
      RegistryConfig: { Mirrors: ['https://me:secret@mirror/'] },
    },
  ],
])('GET %s shows no secret', (path, answer) => {
  expect(JSON.stringify(answer)).toContain('secret')
  expect(JSON.stringify(see(`GET ${path}`, answer))).not.toContain('secret')
})

test('addresses stay addresses', () => {
  const answer = {
    HttpProxy: 'http://me:x@proxy:3128',
    NoProxy: 'a,b',
    Name: 'me@host',
    Url: 'https://host/@x',
    N: null,
  }
  expect(see('GET /info', answer)).toEqual({ ...answer, HttpProxy: 'http://xxxxx@proxy:3128' })
})

test('numbers beyond 2^53 stay as they are, and nulls too', () => {
  const verdict = ask('viewer', 'GET /containers/x/json')
  if (!verdict.allow) throw new Error(verdict.message)
  expect(verdict.answer?.('{"A":9223372036854775807,"Env":null,"B":1.50}')).toBe(
    '{"A":9223372036854775807,"Env":null,"B":1.50}\n',
  )
})

test('what cannot be read is not shown', () => {
  const verdict = ask('viewer', 'GET /containers/x/json')
  if (!verdict.allow) throw new Error(verdict.message)
  for (const answer of ['', '{"Env":["A"]', '{"a":1}{"Env":["A"]}']) expect(() => verdict.answer?.(answer)).toThrow()
})
