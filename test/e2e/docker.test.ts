/** The docker client does on a machine what people learn Docker with: containers, their streams, files and volumes. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { type Dev, startDev } from '../kit/dev-machine.ts'
import { importBusybox } from '../kit/images.ts'

jest.setTimeout(120_000)
const why = await whyNoHosts()
// Made while the file is read: which limits the kernel has decides which tests there are.
const made = why ? undefined : await startDev('docker')
const limits = made ? await readLimits(made) : undefined

async function readLimits(dev: Dev) {
  try {
    await importBusybox(dev.home, 'dev')
    return JSON.parse(await dev.docker('info', '--format', '{{json .}}')) as Record<string, boolean>
  } catch (error) {
    await dev[Symbol.asyncDispose]()
    throw error
  }
}

afterAll(() => made?.[Symbol.asyncDispose]())

const suite = made ? describe : describe.skip
suite(why ? `docker [${why}]` : 'docker', () => {
  const dev = made as Dev
  const docker = dev?.docker

  test('run: output, exit code, environment, working directory and user are the container’s', async () => {
    expect(await docker('run', '--rm', 'busybox', 'echo', 'hello')).toBe('hello')
    const ran = await dev.dockerWith({}, 'run', '--rm', 'busybox', 'sh', '-c', 'echo out; echo err >&2; exit 42')
    expect(ran).toMatchObject({ code: 42, stdout: 'out\n', stderr: 'err\n' })
    const set = ['-e', 'A=b c$d', '-w', '/tmp', '-u', '1000:1000', '--hostname', 'box']
    const seen = await docker('run', '--rm', ...set, 'busybox', 'sh', '-c', 'echo "$A"; pwd; id -u; hostname')
    expect(seen.split('\n')).toEqual(['b c$d', '/tmp', '1000', 'box'])
    expect(await docker('run', '--rm', '-t', 'busybox', 'tty')).toBe('/dev/pts/0')
  })

  test('run -p: the port is reached from here at the machine’s address', async () => {
    const serve = 'mkdir /www; echo page > /www/index.html; exec httpd -f -p 80 -h /www'
    await docker('run', '-d', '--name', 'web', '-p', '8080:80', 'busybox', 'sh', '-c', serve)
    expect(await page(`http://${dev.address}:8080/`)).toBe('page\n')
    expect(await docker('port', 'web', '80/tcp')).toContain('0.0.0.0:8080')
    await docker('rm', '-f', 'web')
    await expect(fetch(`http://${dev.address}:8080/`)).rejects.toThrow()
  })

  test('exec: a second process in a container, with its streams and exit code', async () => {
    await docker('run', '-d', '--name', 'box', 'busybox', 'sleep', '1000')
    expect(await docker('exec', 'box', 'cat', '/proc/1/comm')).toBe('sleep')
    const piped = await dev.dockerWith({ input: 'a\nb\n' }, 'exec', '-i', 'box', 'sh', '-c', 'wc -l; exit 5')
    expect(piped).toMatchObject({ code: 5, stdout: '2\n' })
    expect(await docker('top', 'box')).toContain('sleep 1000')
    await docker('rm', '-f', 'box')
  })

  test('run -i: what is piped in arrives, and its end ends the container', async () => {
    const text = Array.from({ length: 50_000 }, (_, i) => `line ${i}\n`).join('')
    const ran = await dev.dockerWith({ input: text, timeoutMs: 60_000 }, 'run', '-i', '--rm', 'busybox', 'cat')
    expect(ran.code).toBe(0)
    expect(ran.stdout === text).toBe(true)
  })

  test('cp: files and folders in and out, with their modes', async () => {
    const folder = join(dev.home.path, 'cp')
    await mkdir(join(folder, 'in/deep'), { recursive: true })
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 256))
    await writeFile(join(folder, 'in/deep/data'), bytes, { mode: 0o640 })
    await docker('create', '--name', 'files', 'busybox', 'true')
    await docker('cp', join(folder, 'in'), 'files:/tmp/in')
    await docker('cp', 'files:/tmp/in/deep/data', join(folder, 'out'))
    expect((await readFile(join(folder, 'out'))).equals(bytes)).toBe(true)
    await docker('commit', 'files', 'files')
    expect(await docker('run', '--rm', 'files', 'stat', '-c', '%a', '/tmp/in/deep/data')).toBe('640')
    await docker('rm', 'files')
  })

  test('logs -f follows and ends when the container ends', async () => {
    const body = 'echo first; while [ ! -e /go ]; do sleep 0.1; done; echo last'
    await docker('run', '-d', '--name', 'talker', 'busybox', 'sh', '-c', body)
    await using logs = await dev.dockerFollow('logs', '-f', 'talker')
    await logs.said('first')
    await docker('exec', 'talker', 'touch', '/go')
    expect(await logs.ended).toBe(0)
    expect(logs.text()).toBe('first\nlast\n')
    await docker('rm', 'talker')
  })

  test('events tells of a container’s death as it happens', async () => {
    // --since: what happened before the stream was open comes too, so that nothing depends on which is first
    const asked = ['--since', '10m', '--filter', 'container=seen', '--format', '{{.Action}}']
    await using events = await dev.dockerFollow('events', ...asked)
    await docker('run', '-d', '--name', 'seen', 'busybox', 'sh', '-c', 'while [ ! -e /go ]; do sleep 0.1; done; exit 3')
    await events.said('start\n')
    expect(events.text()).toBe('create\nstart\n')
    await docker('exec', 'seen', 'touch', '/go')
    await events.said('die\n')
    expect(await docker('wait', 'seen')).toBe('3')
    await docker('rm', 'seen')
  })

  test('commit makes an image of what a container changed', async () => {
    await docker('run', '--name', 'changed', 'busybox', 'sh', '-c', 'echo kept > /kept')
    await docker('commit', '--change', 'CMD ["cat", "/kept"]', 'changed', 'snapshot:1')
    expect(await docker('run', '--rm', 'snapshot:1')).toBe('kept')
    expect(await docker('diff', 'changed')).toBe('A /kept')
    await docker('rm', 'changed')
  })

  test('save and load carry an image over a pipe', async () => {
    const tar = join(dev.home.path, 'image.tar')
    await docker('tag', 'busybox', 'carried:1')
    await docker('save', '-o', tar, 'carried:1')
    await docker('rmi', 'carried:1')
    expect(await docker('load', '-i', tar)).toContain('carried:1')
    expect(await docker('run', '--rm', 'carried:1', 'echo', 'there')).toBe('there')
    const copy = await dev.dockerWith({}, 'save', 'carried:1')
    expect(copy.code).toBe(0)
  })

  test('named volumes outlive their containers', async () => {
    await docker('volume', 'create', 'kept')
    await docker('run', '--rm', '-v', 'kept:/data', 'busybox', 'sh', '-c', 'echo one > /data/file')
    expect(await docker('run', '--rm', '-v', 'kept:/data:ro', 'busybox', 'cat', '/data/file')).toBe('one')
    const refused = await dev.dockerWith({}, 'run', '--rm', '-v', 'kept:/data:ro', 'busybox', 'touch', '/data/x')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('Read-only file system') })
    await docker('volume', 'rm', 'kept')
    expect(await docker('volume', 'ls', '-q')).not.toContain('kept')
  })

  test('bind mounts are of the machine’s files, not of this computer’s', async () => {
    await dev.ssh('mkdir -p /srv/shared && cat > /srv/shared/file', 'from the machine\n')
    const mount = ['--mount', 'type=bind,src=/srv/shared,dst=/shared']
    expect(await docker('run', '--rm', ...mount, 'busybox', 'cat', '/shared/file')).toBe('from the machine')
    await docker('run', '--rm', ...mount, 'busybox', 'sh', '-c', 'echo back > /shared/back')
    expect(await dev.ssh('cat /srv/shared/back')).toBe('back')
    expect(existsSync('/srv/shared/back')).toBe(false)
  })

  test('--volumes-from and --tmpfs', async () => {
    await docker('create', '--name', 'owner', '-v', '/shared', 'busybox', 'true')
    await docker('run', '--rm', '--volumes-from', 'owner', 'busybox', 'sh', '-c', 'echo handed > /shared/on')
    expect(await docker('run', '--rm', '--volumes-from', 'owner:ro', 'busybox', 'cat', '/shared/on')).toBe('handed')
    await docker('rm', '-v', 'owner')
    const size = ['--tmpfs', '/scratch:size=1m', 'busybox', 'df', '-k', '/scratch']
    expect(await docker('run', '--rm', ...size)).toMatch(/tmpfs\s+1024\s/)
  })

  test('stop, start, restart and kill of containers; --restart brings a dead one back', async () => {
    const body = 'trap "exit 9" TERM; while :; do sleep 0.1; done'
    await docker('run', '-d', '--name', 'long', 'busybox', 'sh', '-c', body)
    const state = (what: string) => docker('inspect', '-f', `{{.State.${what}}}`, 'long')
    await docker('stop', 'long')
    expect(await state('ExitCode')).toBe('9')
    await docker('start', 'long')
    await docker('kill', 'long')
    expect(await state('ExitCode')).toBe('137')
    await docker('rm', 'long')
    const twice = 'echo run >> /runs; [ $(wc -l < /runs) -ge 2 ]'
    await docker('run', '-d', '--name', 'again', '--restart', 'on-failure:3', 'busybox', 'sh', '-c', twice)
    expect(await docker('wait', 'again')).toBe('0')
    expect(await docker('inspect', '-f', '{{.RestartCount}}', 'again')).toBe('1')
    await docker('rm', 'again')
  })

  test('ulimits and the size of /dev/shm', async () => {
    const set = ['--ulimit', 'nofile=100:200', '--shm-size', '8m']
    const seen = await docker('run', '--rm', ...set, 'busybox', 'sh', '-c', 'ulimit -n; df -k /dev/shm | tail -1')
    expect(seen).toMatch(/^100\nshm\s+8192\s/)
  })

  const limited = (flag: 'MemoryLimit' | 'CpuCfsQuota' | 'PidsLimit', title: string, body: () => Promise<void>) =>
    limits?.[flag] ? test(title, body) : test.skip(`${title} [docker info: no ${flag}]`, body)

  limited('MemoryLimit', 'run -m: more memory than that is not to be had', async () => {
    const ran = await dev.dockerWith({}, 'run', '--rm', '-m', '16m', 'busybox', 'sh', '-c', 'tail -c 64m /dev/zero')
    expect(ran.code).toBe(137)
  })

  limited('CpuCfsQuota', 'run --cpus: the quota is the container’s', async () => {
    expect(await docker('run', '--rm', '--cpus', '0.5', 'busybox', 'cat', '/sys/fs/cgroup/cpu.max')).toBe(
      '50000 100000',
    )
  })

  limited('PidsLimit', 'run --pids-limit: no more processes than that', async () => {
    expect(await docker('run', '--rm', '--pids-limit', '20', 'busybox', 'cat', '/sys/fs/cgroup/pids.max')).toBe('20')
  })
})

/** The page, as soon as the server in its container listens. */
async function page(url: string): Promise<string> {
  for (const deadline = Date.now() + 30_000; ; ) {
    try {
      return await (await fetch(url)).text()
    } catch (error) {
      if (Date.now() > deadline) throw error
    }
  }
}
