/** A real machine under other names: what goes on working, and a kill -9 at each point. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { must, run } from '../kit/cli.ts'
import { type Dev, startDev } from '../kit/dev-machine.ts'
import { importBusybox } from '../kit/images.ts'
import { runPassing } from '../kit/points.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe
const POINTS = ['rename begun', 'folder renamed', 'record renamed']

suite(why ? `rename [${why}]` : 'rename', () => {
  let dev: Dev
  let home: Dev['home']
  beforeAll(async () => {
    dev = await startDev('rename')
    home = dev.home
    const image = await importBusybox(home, 'dev')
    await dev.docker('run', '-d', '--name', 'survivor', image, 'sleep', '100000')
  })
  afterAll(() => dev?.[Symbol.asyncDispose]())

  test('refuses a taken name, an impossible one, and its own', async () => {
    await home.ok('create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', 'taken')
    expect((await home.cli('rename', 'dev', 'taken')).stderr).toBe('Docker machine "taken" already exists\n')
    expect(await home.cli('rename', 'dev', '../x')).toMatchObject({ code: 2 })
    expect(await home.cli('rename', 'dev')).toMatchObject({ code: 2 })
    expect((await home.cli('rename', 'dev', 'dev')).stderr).toBe('machine "dev" is called so already\n')
    expect((await home.cli('rename', 'nobody', 'x')).stderr).toContain('Docker machine "nobody" does not exist')
    expect(await home.ok('ls', '-q')).toBe('dev\ntaken\n')
  })

  test('a machine that is being worked on is left alone', async () => {
    const lock = { pid: process.pid, host: (await run('uname', ['-n'])).stdout.trim(), token: '01234567' }
    for (const busy of ['dev', 'new'])
      try {
        writeFileSync(join(home.store, 'locks', `${busy}.lock`), JSON.stringify({ ...lock, purpose: 'a test' }))
        expect((await home.cli('rename', 'dev', 'new')).stderr).toContain(`machine "${busy}" is being worked on`)
      } finally {
        must('rm', await run('rm', [join(home.store, 'locks', `${busy}.lock`)]))
      }
    expect(await home.ok('ls', '-q')).toBe('dev\ntaken\n')
  })

  test.each(POINTS.map((label, i) => [i + 1, label] as const))(
    'killed at %i, %s: one whole machine',
    async (n, _label) => {
      const [from, to] = (await home.ok('ls', '-q')).startsWith('dev\n') ? ['dev', 'web'] : ['web', 'dev']
      const died = await runPassing(home, n, 'rename', from, to)
      expect([died.signal, died.points]).toEqual(['SIGKILL', POINTS.slice(0, n)])
      const now = n === 1 ? from : to
      expect(await home.ok('ls', '-q')).toBe([now, 'taken'].sort().join('\n').concat('\n'))
      expect((await home.ok('ssh', now, 'uname -n')).trim()).toBe('dev')
      expect(await home.dockerOk(now, 'inspect', '-f', '{{.State.Running}}', 'survivor')).toBe('true')
      expect(JSON.parse(await home.ok('inspect', now)).HostOptions.AuthOptions.StorePath).toBe(
        join(home.store, 'machines', now),
      )
      expect(readdirSync(join(home.store, 'machines')).sort()).toEqual([now, 'taken'].sort())
    },
  )

  test('certificates keep working, the host keeps its id, and provision then gives it the name', async () => {
    const now = (await home.ok('ls', '-q')).startsWith('dev\n') ? 'dev' : 'web'
    const id = JSON.parse(await home.ok('inspect', now)).Driver.Id
    const pid = (await home.ok('ssh', now, 'pidof dockerd')).trim()
    const ran = await home.cli('rename', now, 'final')
    expect(ran).toMatchObject({ code: 0, stdout: '' })
    expect(ran.stderr).toBe(
      `"${now}" is now "final".\nIts host is called ${now} until the next provision: machine provision final\n`,
    )
    const record = JSON.parse(await home.ok('inspect', 'final'))
    expect(record.Driver).toMatchObject({
      Id: id,
      MachineName: 'final',
      SSHKeyPath: join(home.store, 'machines/final/id_rsa'),
    })
    expect(readFileSync(join(home.store, 'machines/final/config.json'), 'utf8')).not.toMatch(/machines\/(dev|web)\b/)
    expect(JSON.parse(await home.ok('provision', '--json', 'final'))[0].changed).toEqual(['hostname'])
    expect((await home.ok('ssh', 'final', 'uname -n; pidof dockerd')).trim()).toBe(`final\n${pid}`)
    expect(JSON.parse(await home.ok('provision', '--json', 'final'))[0].changed).toEqual([])
    expect(JSON.parse(await home.ok('rename', '--json', 'final', 'dev'))).toEqual({
      from: 'final',
      to: 'dev',
      hostFollows: true,
    })
  })
})
