/** The docker client through the agent: every word as without it, and every byte of tar streams, input and terminals. */

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { type Ran, run } from '../kit/cli.ts'
import { type Dev, startDev } from '../kit/dev-machine.ts'
import { type DirectEngine, openDirectEngine } from '../kit/direct-engine.ts'
import { importBusybox } from '../kit/images.ts'
import { converse } from '../kit/pty.ts'
import { READS, STORY, wordsOf } from './agent-docker-commands.ts'

jest.setTimeout(180_000)
const why = await whyNoHosts()

const suite = why ? describe.skip : describe
suite(`docker through the agent${why ? ` [${why}]` : ''}`, () => {
  let dev: Dev
  let direct: DirectEngine
  let times: Record<string, string>
  beforeAll(async () => {
    dev = await startDev('agent-docker')
    direct = await openDirectEngine(dev)
    const since = await dev.ssh('date +%s.%N')
    await importBusybox(dev.home, 'dev')
    await dev.docker('run', '--name', 'done', 'busybox', 'sh', '-c', 'echo last words; exit 3').catch(() => '')
    const body = 'echo one; echo two >&2; touch /made; exec sleep 100000'
    await dev.docker('run', '-d', '--name', 'box', '-v', 'vol:/var', '-p', '8080:80', 'busybox', 'sh', '-c', body)
    await dev.docker('exec', 'box', 'sh', '-c', 'until [ -e /made ]; do sleep 0.1; done')
    times = { SINCE: since, UNTIL: await dev.ssh('date +%s.%N') }
  })
  afterAll(async () => {
    await direct?.[Symbol.asyncDispose]()
    await dev?.[Symbol.asyncDispose]()
  })

  type Options = Parameters<Dev['dockerWith']>[0]
  const through = (words: string[], options: Options = {}) => dev.dockerWith(options, ...words)
  const without = (words: string[], options: Options = {}) =>
    run('docker', words, { ...options, env: { ...direct.env, ...options.env } })
  const said = ({ code, stdout, stderr }: Ran) => ({ code, stdout, stderr })

  test.each(READS)('the same words: %s', async line => {
    const words = wordsOf(line).map(word => times[word] ?? word)
    // Some tell the time ("Up 3 seconds"): what differs once is asked again.
    for (let left = 3; ; left--) {
      const [ours, theirs] = [said(await through(words)), said(await without(words))]
      if (left > 0 && JSON.stringify(ours) !== JSON.stringify(theirs)) continue
      expect(ours).toEqual(theirs)
      expect(ours.stdout + ours.stderr).not.toBe('')
      return
    }
  })

  test('the same story, told by what changes things', async () => {
    const tell = async (how: typeof through) => {
      const told = []
      for (const line of STORY) told.push({ line, ...said(await how(wordsOf(line))) })
      return JSON.stringify(told, null, 1).replace(/[0-9a-f]{12,64}/g, 'ID')
    }
    const theirs = await tell(without)
    expect(await tell(through)).toBe(theirs)
    expect(theirs).toContain('bye')
  })

  test.each([
    ['run -i --rm busybox cat', 'x'],
    ['run -i --rm busybox sh -c "wc -c; exit 5"', 'y'.repeat(3_000_000)],
    ['exec -i box cat', 'line\n'.repeat(100_000)],
    ['exec -i box true', 'never read'],
  ])('stdin ends where it is half-closed: %s', async (line, input) => {
    const ours = await through(wordsOf(line), { input, timeoutMs: 60_000 })
    expect(said(ours)).toEqual(said(await without(wordsOf(line), { input, timeoutMs: 60_000 })))
    expect(ours.signal).toBe(null)
  })

  test('attach: input, output and exit code are the container’s', async () => {
    for (const how of [through, without]) {
      // Of a container whose input outlives its clients the engine may drop the output with the end of a client's input.
      await dev.docker('create', '-i', '--name', 'asks', 'busybox', 'sh', '-c', 'read l; echo "got $l"; exit 4')
      await dev.docker('start', 'asks')
      expect(await how(['attach', 'asks'], { input: 'this\n' })).toMatchObject({ code: 4, stdout: 'got this\n' })
      await dev.docker('rm', 'asks')
    }
  })

  test('a terminal: what is typed arrives, and so does its size when it changes', async () => {
    const env = { ...dev.home.env, ...(await dev.home.dockerEnv('dev')) }
    const typed = await converse(
      `docker run --rm -it busybox sh -c 'tty; read a; echo "<$a>"; exit 6'`,
      [['/dev/pts/0', 'words']],
      { cwd: dev.home.path, env },
    )
    expect(typed).toEqual({ code: 6, shown: '/dev/pts/0\r\nwords\r\n<words>\r\n' })
    const waits = 'echo "at first $(stty size)"; until [ "$(stty size)" = "21 63" ]; do sleep 0.1; done; echo resized'
    const grow = 't=$(tty); stty rows 33 cols 77; (sleep 1; stty -F $t rows 21 cols 63) &'
    const sized = await converse(`${grow} docker exec -it box sh -c '${waits}'`, [], { cwd: dev.home.path, env })
    expect(sized).toEqual({ code: 0, shown: 'at first 33 77\r\nresized\r\n' })
  })

  test('build, with Docker’s first builder', async () => {
    const folder = join(dev.home.path, 'build')
    await mkdir(folder)
    await writeFile(join(folder, 'Dockerfile'), 'FROM busybox\nCOPY data /data\nRUN wc -c /data\n')
    await writeFile(join(folder, 'data'), Buffer.alloc(5_000_000, 'data'))
    const build = ['build', '-t', 'built', folder]
    const env = { DOCKER_BUILDKIT: '0' }
    expect((await through(build, { env })).stdout).toContain('5000000 /data')
    expect(said(await through(build, { env }))).toEqual(said(await without(build, { env })))
    const failing = ['build', '-f', '-', folder]
    const dockerfile = { env, input: 'FROM busybox\nRUN exit 3\n' }
    expect((await through(failing, dockerfile)).code).toBe(3)
  })

  /** SHA-256 of what a shell command writes. */
  async function digest(env: Record<string, string | undefined>, command: string): Promise<string> {
    const child = spawn('bash', ['-o', 'pipefail', '-c', command], {
      env: { ...process.env, ...env } as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const hash = createHash('sha256')
    for await (const part of child.stdout) hash.update(part as Buffer)
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(0)
    return hash.digest('hex')
  }

  test('tar streams out are the same, byte for byte, and what was sent in comes back', async () => {
    const ours = { ...dev.home.env, ...(await dev.home.dockerEnv('dev')) }
    const streams = ['docker cp box:/bin -', 'docker export done', 'docker save busybox | tar -xO'] // of save the times differ
    for (const what of streams) expect([what, await digest(ours, what)]).toEqual([what, await digest(direct.env, what)])
    const file = join(dev.home.path, 'sent')
    await writeFile(file, Buffer.from(Array.from({ length: 2_000_000 }, (_, i) => (i * 31) % 256)))
    for (const how of [through, without]) {
      expect((await how(['cp', file, 'box:/sent'])).code).toBe(0)
      await expect(how(['cp', 'box:/sent', `${file}.back`])).resolves.toMatchObject({ code: 0 })
      expect(await digest(ours, 'docker exec box cat /sent')).toBe(await sha256(`${file}.back`))
    }
    const tar = join(dev.home.path, 'busybox.tar')
    await dev.docker('save', '-o', tar, 'busybox')
    expect(said(await through(['load', '-i', tar]))).toEqual(said(await without(['load', '-i', tar])))
    expect((await through(['import', tar, 'imported'])).stdout).toMatch(/^sha256:[0-9a-f]{64}\n$/)
  })
})

async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}
