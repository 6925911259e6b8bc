/** `docker build` against a machine: Docker's first builder, and BuildKit with its sessions, both over mutual TLS. */
import { execFileSync } from 'node:child_process'
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { run } from '../kit/cli.ts'
import { type Dev, startDev } from '../kit/dev-machine.ts'
import { which } from '../kit/which.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()
const busybox = which('busybox') ?? '/bin/busybox'

const WORDS = `FROM scratch
COPY busybox /bin/busybox
ENTRYPOINT ["/bin/busybox", "echo", "entry"]
CMD ["default"]
`
const STAGES = `FROM scratch AS made
ARG WHAT=nothing
COPY busybox /bin/busybox
RUN ["/bin/busybox", "ln", "-s", "busybox", "/bin/sh"]
RUN /bin/busybox echo "made of $WHAT" > /made.txt

FROM scratch
COPY --from=made /bin/busybox /cat
COPY --from=made /made.txt /
ENTRYPOINT ["/cat", "/made.txt"]
`
const SECRET = `FROM stages-buildkit AS one
FROM scratch
COPY --from=one /cat /bin/busybox
COPY --from=one /cat /bin/sh
RUN --mount=type=secret,id=token busybox wc -c < /run/secrets/token > /length
RUN --mount=type=cache,target=/cache echo x > /cache/x
ENTRYPOINT ["/bin/busybox"]
`

const suite = why ? describe.skip : describe
suite(why ? `docker build [${why}]` : 'docker build', () => {
  let dev: Dev
  const classic = { DOCKER_BUILDKIT: '0' }
  const buildkit = { DOCKER_BUILDKIT: '1', BUILDKIT_PROGRESS: 'plain' }

  beforeAll(async () => {
    dev = await startDev('docker-build')
    await provideBuildx(dev)
  })
  afterAll(async () => await dev?.[Symbol.asyncDispose]())

  /** A build context with the static binary; returns its folder. */
  async function context(name: string, dockerfile: string): Promise<string> {
    const folder = join(dev.home.path, name)
    await mkdir(folder, { recursive: true })
    await copyFile(busybox, join(folder, 'busybox'))
    await chmod(join(folder, 'busybox'), 0o755)
    await writeFile(join(folder, 'Dockerfile'), dockerfile)
    return folder
  }

  async function build(env: Record<string, string>, ...args: string[]): Promise<string> {
    const ran = await dev.dockerWith({ env }, 'build', ...args)
    if (ran.code !== 0) throw new Error(`docker build exited ${ran.code}: ${ran.stdout}${ran.stderr}`)
    return ran.stdout + ran.stderr
  }

  for (const [builder, env] of [
    ['classic', classic],
    ['buildkit', buildkit],
  ] as const) {
    test(`${builder}: ENTRYPOINT and CMD of a FROM scratch image`, async () => {
      await build(env, '-t', `words-${builder}`, await context('words', WORDS))
      expect(await dev.docker('run', '--rm', `words-${builder}`)).toBe('entry default')
      expect(await dev.docker('run', '--rm', `words-${builder}`, 'other', 'words')).toBe('entry other words')
      expect(await dev.docker('run', '--rm', '--entrypoint', '/bin/busybox', `words-${builder}`, 'uname')).toBe('Linux')
    })

    test(`${builder}: several stages, a build argument, and the cache at the second time`, async () => {
      const folder = await context('stages', STAGES)
      const args = ['--build-arg', 'WHAT=stone', '-t', `stages-${builder}`, folder]
      await build(env, ...args)
      expect(await dev.docker('run', '--rm', `stages-${builder}`)).toBe('made of stone')
      expect(await build(env, ...args)).toMatch(builder === 'classic' ? /Using cache/ : /CACHED/)
    })

    test(`${builder}: a step that fails ends the build with its exit code`, async () => {
      const folder = await context('failing', `${WORDS}RUN ["/bin/busybox", "false"]\n`)
      const ran = await dev.dockerWith({ env }, 'build', folder)
      expect(ran.code).not.toBe(0)
      expect(ran.stdout + ran.stderr).toMatch(/returned a non-zero code: 1|exit code: 1/)
    })
  }

  test('buildkit: secrets and cache mounts come over the session', async () => {
    const secret = join(dev.home.path, 'token')
    await writeFile(secret, 'twelve bytes')
    const folder = await context('secret', SECRET)
    await build(buildkit, '--secret', `id=token,src=${secret}`, '-t', 'secret', folder)
    expect(await dev.docker('run', '--rm', 'secret', 'cat', '/length')).toBe('12')
    expect(await dev.docker('history', '--no-trunc', 'secret')).not.toContain('twelve bytes')
  })

  test('buildkit: --output brings the result back to this computer', async () => {
    const target = join(dev.home.path, 'exported')
    await build(buildkit, '-o', `type=local,dest=${target}`, await context('stages', STAGES))
    expect(execFileSync('cat', [join(target, 'made.txt')], { encoding: 'utf8' })).toBe('made of nothing\n')
  })
})

/** buildx, where the client has none: Debian's own, fetched by the machine, which reaches the mirrors through NAT. */
async function provideBuildx(dev: Dev): Promise<void> {
  if ((await run('docker', ['buildx', 'version'], { env: dev.home.env })).code === 0) return
  await dev.ssh(
    'cd /tmp && apt-get update -qq && apt-get download -qq docker-buildx && mv docker-buildx_*.deb buildx.deb',
  )
  await dev.ssh('rm -rf /tmp/buildx && dpkg-deb -x /tmp/buildx.deb /tmp/buildx')
  const plugins = join(dev.home.path, '.docker/cli-plugins')
  await mkdir(plugins, { recursive: true })
  const key = join(dev.home.store, 'machines/dev/id_rsa')
  const known = join(dev.home.store, 'machines/dev/known_hosts')
  await dev.ssh('true') // writes known_hosts, which scp then reads
  const from = `root@${dev.address}:/tmp/buildx/usr/libexec/docker/cli-plugins/docker-buildx`
  execFileSync('scp', ['-q', '-i', key, '-o', `UserKnownHostsFile=${known}`, from, join(plugins, 'docker-buildx')])
}
