/** `machine mount` with the real sshfs on real sshds, and its own words where something is missing. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Home, run, startHome } from '../kit/cli.ts'
import { writeSshMachine } from '../kit/ssh-machine.ts'
import { freePort, type Sshd, startSshd } from '../kit/sshd.ts'
import { makeTempDir } from '../kit/temp-dir.ts'
import { needs } from '../kit/tools.ts'

jest.setTimeout(120_000)

/** `needs`, and the kernel's part of it. */
const mounts = (title: string, body: () => Promise<void>) =>
  existsSync('/dev/fuse')
    ? needs('sshfs', 'fusermount3')(title, body)
    : test.skip(`${title} [needs /dev/fuse]`, () => {})

describe('mount', () => {
  let home: Home
  let sshd: Sshd
  const folder = makeTempDir()
  const at = (...parts: string[]) => join(folder.path, ...parts)
  const mounted = (path: string) =>
    readFileSync('/proc/mounts', 'utf8').includes(` ${path.replaceAll(' ', '\\040')} fuse.sshfs `)
  const point = (name: string) => {
    mkdirSync(at(name), { recursive: true })
    return at(name)
  }
  const nothing = { code: 0, signal: null, stdout: '', stderr: '' }

  beforeAll(async () => {
    home = await startHome()
    sshd = await startSshd({ config: ['Subsystem sftp internal-sftp'] })
    for (const name of ['dev', 'default']) writeSshMachine(home.store, name, sshd)
    writeSshMachine(home.store, 'off', { ...sshd, port: await freePort() })
    mkdirSync(at('there/in side'), { recursive: true })
    writeFileSync(at('there/file'), 'seen')
  })
  afterAll(async () => {
    for (const line of readFileSync('/proc/mounts', 'utf8').split('\n'))
      if (line.includes(folder.path))
        await run('fusermount3', ['-u', '-z', (line.split(' ')[1] ?? '').replaceAll('\\040', ' ')])
    await home?.[Symbol.asyncDispose]()
    await sshd?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })
  const mount = (...args: string[]) => home.cliWith({ cwd: folder.path }, 'mount', ...args)

  mounts('a folder of a machine is read and written here until it is unmounted', async () => {
    const here = point('here')
    expect(await mount(`dev:${at('there')}`, here)).toEqual(nothing)
    expect(mounted(here)).toBe(true)
    expect(readFileSync(join(here, 'file'), 'utf8')).toBe('seen')
    writeFileSync(join(here, 'new'), 'written')
    expect(readFileSync(at('there/new'), 'utf8')).toBe('written')
    expect(await mount('-u', `dev:${at('there')}`, here)).toEqual(nothing)
    expect(mounted(here)).toBe(false)
  })

  mounts('odd names on both sides; a relative mount point; the flag behind the names', async () => {
    point('-odd: mount point')
    expect(await mount('--', `dev:${at('there/in side')}`, '-odd: mount point')).toEqual(nothing)
    expect(mounted(at('-odd: mount point'))).toBe(true)
    expect(await mount('dev:', './-odd: mount point', '--unmount')).toEqual(nothing)
    expect(mounted(at('-odd: mount point'))).toBe(false)
  })

  mounts('without a machine it is the one called default; a login may be named', async () => {
    const here = point('of-default')
    expect(await mount(at('there'), here)).toEqual(nothing)
    expect(await mount('-u', here)).toEqual(nothing)
    expect(await mount(`${sshd.user}@dev:${at('there')}`, here)).toEqual(nothing)
    expect(mounted(here)).toBe(true)
    expect(await mount('-u', `dev:${at('there')}`, here)).toEqual(nothing)
  })

  mounts('the mount lives on when the command has ended, and a lost one is told as such', async () => {
    const here = point('lost')
    expect(await mount(`dev:${at('there')}`, here)).toEqual(nothing)
    await sleep(300)
    expect(readFileSync(join(here, 'file'), 'utf8')).toBe('seen')
    const [pid] = (await run('pgrep', ['-f', `sshfs .* ${here}$`])).stdout.split('\n')
    process.kill(Number(pid), 'SIGKILL')
    await sleep(300)
    const again = await mount(`dev:${at('there')}`, here)
    expect(again.code).toBe(1)
    expect(again.stderr).toContain(`the mount point ${here} is a mount whose connection was lost\n`)
    expect(await mount('-u', `dev:${at('there')}`, here)).toEqual(nothing)
  })

  mounts("sshfs's own exit code and words", async () => {
    const failed = await mount(`dev:${at('nowhere')}`, point('empty'))
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('No such file or directory')
    const unmounted = await mount('-u', 'dev:/x', at('empty'))
    expect(unmounted.code).toBe(1)
    expect(unmounted.stderr).toMatch(/fusermount/)
  })

  mounts('a mount point that is not there or no folder', async () => {
    const missing = await mount(`dev:${at('there')}`, at('no-such'))
    expect(missing).toMatchObject({
      code: 1,
      stderr: `the mount point ${at('no-such')} does not exist\n  → mkdir -p ${at('no-such')}\n`,
    })
    const file = await mount(`dev:${at('there')}`, at('there/file'))
    expect(file.stderr).toBe(`the mount point ${at('there/file')} is not a folder\n`)
  })

  mounts('machines that are not there or off', async () => {
    expect(await mount('nope:/x', point('here2'))).toMatchObject({ code: 1, stdout: '' })
    expect((await mount('off:/x', at('here2'))).stderr).toBe(
      'Error: Cannot run SSH command: Host "off" is not running\n  → machine start off\n',
    )
  })

  test('wrong numbers of words', async () => {
    for (const words of [[], ['a', 'b', 'c']]) {
      const refused = await mount(...words)
      expect(refused).toMatchObject({ code: 2, stdout: '' })
      expect(refused.stderr.split('\n')[0]).toBe('Improper number of arguments')
    }
    expect(await mount('dev:')).toMatchObject({ code: 2 })
  })

  test('no sshfs, no fusermount on this computer', async () => {
    const without = (...args: string[]) => home.cliWith({ env: { PATH: at('nothing') } }, 'mount', ...args)
    expect((await without('dev:/x', '/mnt')).stderr.split('\n')[0]).toBe(
      'You must have a copy of the sshfs binary locally to use the mount feature',
    )
    expect((await without('-u', 'dev:/x', '/mnt')).stderr.split('\n')[0]).toBe(
      'You must have a copy of the fusermount binary locally to use the mount feature',
    )
  })
})
