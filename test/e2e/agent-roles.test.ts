/** What viewers and operators may do on a real host, with the docker client and without. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { must, run } from '../kit/cli.ts'
import { type Dev, startDev } from '../kit/dev-machine.ts'
import { dockerEnvOf, issueFor, type Somebody } from '../kit/docker-as.ts'
import { askOnce, identityIn, keptAlive } from '../kit/engine-client.ts'
import { publishedOperations } from '../kit/engine-operations.ts'
import { importBusybox } from '../kit/images.ts'
import { which } from '../kit/which.ts'
import { OPERATOR_CALLS, OTHER_SPELLINGS, READS_REFUSED, VIEWER_CALLS } from './agent-roles-calls.ts'

jest.setTimeout(240_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe

suite(why ? `roles [${why}]` : 'roles', () => {
  let dev: Dev
  let eve: Somebody
  let olga: Somebody
  /** Ids of all there is, so that one sees whether somebody made or took away something. */
  const inventory = async () => {
    const lists = [
      ['ps', '-aq', '--no-trunc'],
      ['images', '-q', '--no-trunc'],
      ['volume', 'ls', '-q'],
      ['network', 'ls', '-q'],
    ]
    return await Promise.all(lists.map(async list => (await dev.docker(...list)).split('\n').sort()))
  }
  const said = async (who: Somebody, ...args: string[]) => must(args.join(' '), await who.docker(...args)).trim()
  const refused = async (who: Somebody, ...args: string[]) => {
    const { code, stderr } = await who.docker(...args)
    return code === 0 ? 'let in' : (/(?:viewers|operators) may not .*$/m.exec(stderr)?.[0] ?? stderr)
  }

  beforeAll(async () => {
    dev = await startDev('agent-roles', '--engine-agent-operator-mount', '/srv/shared')
    await importBusybox(dev.home, 'dev')
    await dev.docker(
      'run',
      '-d',
      '--name',
      'web',
      '-e',
      'PASSWORD=hush',
      'busybox',
      'sh',
      '-c',
      'echo ready; sleep 9999',
    )
    await dev.docker('volume', 'create', 'kept')
    eve = await issueFor(dev, 'eve', '--role', 'viewer')
    olga = await issueFor(dev, 'olga', '--role', 'operator')
  })
  afterAll(async () => await dev?.[Symbol.asyncDispose]())

  describe('a viewer', () => {
    const names = { id: 'web', name: 'kept' } as Record<string, string>
    const filled = (path: string) => path.replace(/\{(\w+)\}/g, (_, what) => names[what] ?? 'x')

    test('is refused every write the engine publishes, in docker’s form, and changes nothing', async () => {
      const before = await inventory()
      const writes = publishedOperations().filter(({ method }) => method !== 'GET' && method !== 'HEAD')
      expect(writes.length).toBeGreaterThan(60)
      using asking = keptAlive(dev.address, identityIn(eve.folder))
      for (const { method, path } of writes)
        for (const target of [filled(path), `/v1.45${filled(path)}`]) {
          const { status, json } = await asking.ask(method, target)
          expect([method, target, status, json()]).toEqual([
            method,
            target,
            403,
            { message: expect.stringMatching(/^viewers may not /) },
          ])
        }
      expect(await inventory()).toEqual(before)
    })

    test.each(READS_REFUSED)('is refused %s %s', async (method, path) => {
      expect((await askOnce(dev.address, identityIn(eve.folder), path, method)).status).toBe(403)
    })

    test.each(OTHER_SPELLINGS)('is not let in by a path written in another way: %s', async path => {
      const before = await inventory()
      const { status } = await askOnce(dev.address, identityIn(eve.folder), path, 'POST', { Image: 'busybox' })
      expect([400, 403]).toContain(status)
      expect(await inventory()).toEqual(before)
    })

    test('sees with the docker client what is there, and no environment', async () => {
      expect(await said(eve, 'ps', '--format', '{{.Names}}')).toBe('web')
      expect(await said(eve, 'images', '--format', '{{.Repository}}')).toBe('busybox')
      expect(await said(eve, 'logs', 'web')).toBe('ready')
      expect(await said(eve, 'stats', '--no-stream', '--format', '{{.Name}}')).toBe('web')
      expect(await said(eve, 'info', '--format', '{{.Containers}}')).toBe('1')
      expect(await said(eve, 'version', '--format', '{{.Server.Os}}')).toBe('linux')
      expect(await said(eve, 'top', 'web')).toContain('sleep 9999')
      expect(await said(eve, 'volume', 'ls', '-q')).toBe('kept')
      expect(await said(eve, 'network', 'inspect', '-f', '{{.Driver}}', 'bridge')).toBe('bridge')
      expect(await said(eve, 'system', 'df')).toContain('Images')
      const inspected = await said(eve, 'inspect', 'web')
      expect(JSON.parse(inspected)[0]).toMatchObject({ Name: '/web', Config: { Env: [], Image: 'busybox' } })
      expect(inspected).not.toContain('hush')
      expect(await dev.docker('inspect', 'web')).toContain('hush')
    })

    test.each(VIEWER_CALLS)('is told so by docker %s', async (call, sentence) => {
      expect(await refused(eve, ...call.split(' '))).toContain(sentence)
    })
  })

  describe('an operator', () => {
    test('runs containers with all that gives nobody the host', async () => {
      await said(olga, 'network', 'create', '--subnet', '10.91.0.0/24', 'lan')
      await said(olga, 'volume', 'create', '--label', 'tier=test', 'data')
      const flags =
        '--name app -p 8088:80 -v data:/data -v /anonymous --tmpfs /scratch -m 64m --network lan --restart unless-stopped ' +
        '-e A=b --hostname box -w /tmp --health-cmd true --init --read-only --label l=m --log-opt max-size=1m ' +
        '--ulimit nofile=1000 --shm-size 32m --dns 1.1.1.1 --add-host far:192.0.2.1 --stop-timeout 1 --cap-drop ALL'
      await said(olga, 'run', '-d', ...flags.split(' '), 'busybox', 'httpd', '-f', '-h', '/data')
      await writeFile(join(dev.home.path, 'page'), 'served\n')
      await said(olga, 'cp', join(dev.home.path, 'page'), 'app:/data/page')
      expect(await said(olga, 'exec', 'app', 'cat', '/data/page')).toBe('served')
      expect(await (await fetch(`http://${dev.address}:8088/page`)).text()).toBe('served\n')
      expect(
        await said(olga, 'run', '--rm', '--network', 'lan', 'busybox', 'wget', '-q', '-O', '-', 'http://app/page'),
      ).toBe('served')
      expect(
        await said(olga, 'inspect', '-f', '{{.HostConfig.RestartPolicy.Name}} {{index .Config.Env 0}}', 'app'),
      ).toBe('unless-stopped A=b')
      await said(olga, 'cp', 'app:/data/page', join(dev.home.path, 'back'))
      for (const call of [
        'update --restart no app',
        'rename app app2',
        'pause app2',
        'unpause app2',
        'restart -t 0 app2',
      ])
        await said(olga, ...call.split(' '))
      for (const call of [
        'network connect lan web',
        'network disconnect lan web',
        'commit app2 snap',
        'tag snap snap:2',
      ])
        await said(olga, ...call.split(' '))
      for (const call of [
        'kill app2',
        'rm app2',
        'rmi snap snap:2',
        'volume rm data',
        'network rm lan',
        'volume prune -f',
      ])
        await said(olga, ...call.split(' '))
      expect(await said(olga, 'events', '--since', '1m', '--until', '0s', '--format', '{{.Action}}')).toContain(
        'destroy',
      )
    })

    test('has the streams: a whole input in, a whole output back, and the exit code', async () => {
      const input = 'x'.repeat(200_000)
      const env = dockerEnvOf(dev.home, olga.folder, dev.address)
      expect(await run('docker', ['run', '-i', '--rm', 'busybox', 'wc', '-c'], { env, input })).toMatchObject({
        code: 0,
        stdout: '200000\n',
      })
      expect(await run('docker', ['exec', '-i', 'web', 'sh'], { env, input: 'echo out; exit 7\n' })).toMatchObject({
        code: 7,
        stdout: 'out\n',
      })
      const saved = join(dev.home.path, 'image.tar')
      await said(olga, 'save', '-o', saved, 'busybox')
      expect(await said(olga, 'load', '-i', saved)).toContain('Loaded image: busybox:latest')
    })

    test('mounts the folder that was listed, and that folder alone', async () => {
      await dev.ssh('mkdir -p /srv/shared/below; echo shared >/srv/shared/file')
      expect(await said(olga, 'run', '--rm', '-v', '/srv/shared:/s', 'busybox', 'cat', '/s/file')).toBe('shared')
      const mount = ['--mount', 'type=bind,src=/srv/shared,dst=/s,readonly']
      expect(await said(olga, 'run', '--rm', ...mount, 'busybox', 'cat', '/s/file')).toBe('shared')
      for (const folder of ['/srv/shared/below', '/srv/shared/../..', '/srv', '/srv/shared2'])
        expect(await refused(olga, 'run', '--rm', '-v', `${folder}:/s`, 'busybox', 'true')).toMatch(
          /^operators may not mount /,
        )
    })

    test.each(OPERATOR_CALLS)('is refused docker %s', async (call, sentence) => {
      const before = await inventory()
      const words = call === 'build .' ? ['build', eve.folder] : call.split(' ')
      if (call === 'build .') await writeFile(join(eve.folder, 'Dockerfile'), 'FROM busybox\n')
      expect(await refused(olga, ...words)).toContain(sentence)
      expect(await inventory()).toEqual(before)
    })

    const compose = which('docker-compose')
    const needsCompose = compose ? test : test.skip
    needsCompose(
      `${compose ? '' : '[needs docker-compose] '}brings up and takes down what a compose file says`,
      async () => {
        const folder = join(dev.home.path, 'composed')
        await mkdir(folder)
        const service = { image: 'busybox', command: 'sleep 999', networks: ['inner'], volumes: ['files:/files'] }
        const services = { first: { ...service, ports: ['8089:80'] }, second: { ...service, depends_on: ['first'] } }
        const file = JSON.stringify({ version: '3.7', services, networks: { inner: {} }, volumes: { files: {} } })
        await writeFile(join(folder, 'docker-compose.yml'), file)
        // The old docker-compose trusts what these name, and not the CA it is told.
        const bundles = { REQUESTS_CA_BUNDLE: undefined, CURL_CA_BUNDLE: undefined }
        const env = { ...dockerEnvOf(dev.home, olga.folder, dev.address), ...bundles }
        const composed = async (...args: string[]) =>
          must(args.join(' '), await run('docker-compose', args, { cwd: folder, env }))
        await composed('up', '-d')
        expect(await composed('exec', '-T', 'second', 'nslookup', 'first')).toMatch(/Name:\s+first/)
        await composed('down', '-v', '-t', '0')
        expect(await dev.docker('ps', '--format', '{{.Names}}')).toBe('web')
      },
    )
  })
})
