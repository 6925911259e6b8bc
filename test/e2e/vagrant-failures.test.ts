/** What real Vagrant cannot do, said in one sentence, before anything is made where that can be. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startVagrantPlace, type VagrantPlace, whyNoVagrant } from '../hosts/vagrant-place.ts'
import { CLASSIC, type Home, startHome } from '../kit/cli.ts'
import { which } from '../kit/which.ts'

jest.setTimeout(180_000)
const why = await whyNoVagrant()
const suite = why ? describe.skip : describe

suite(why ? `failures of vagrant [${why}]` : 'failures of vagrant', () => {
  let place: VagrantPlace
  let home: Home
  beforeAll(async () => {
    place = await startVagrantPlace()
    home = await startHome({ ...CLASSIC, ...place.env })
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await place?.[Symbol.asyncDispose]()
  })

  const create = (...flags: string[]) => home.cli('create', '-d', 'vagrant', ...flags, 'no')
  const none = async () => expect(await home.ok('ls', '-q')).toBe('')
  const file = (name: string, text: string) => {
    writeFileSync(join(home.path, name), text)
    return join(home.path, name)
  }

  test('no vagrant: exit 3, it is named, and there is no record', async () => {
    const bin = join(home.path, 'bin')
    mkdirSync(bin)
    symlinkSync(which('ip') ?? '', join(bin, 'ip'))
    const ran = await home.cliWith({ env: { PATH: bin } }, 'create', '-d', 'vagrant', 'no')
    expect([ran.code, ran.stdout]).toEqual([3, ''])
    expect(ran.stderr).toContain('driver vagrant cannot be used on this computer')
    expect(ran.stderr).toContain('vagrant: apt-get install vagrant')
    const rows = JSON.parse((await home.cliWith({ env: { PATH: bin } }, 'drivers', '--json')).stdout)
    expect(rows.find((row: { name: string }) => row.name === 'vagrant')).toMatchObject({ usable: false })
    await none()
  })

  test('no provider that it would take by itself', async () => {
    // Real Vagrant, but for its plug-ins: one of them may bring a provider that can be used here.
    const bin = join(home.path, 'plain')
    mkdirSync(bin)
    const plain = `#!/bin/sh\nVAGRANT_NO_PLUGINS=1 exec ${which('vagrant')} "$@"\n`
    writeFileSync(join(bin, 'vagrant'), plain, { mode: 0o755 })
    const env = { PATH: `${bin}:${process.env.PATH}` }
    const ran = await home.cliWith({ env }, 'create', '-d', 'vagrant', 'no')
    expect([ran.code, ran.stderr]).toEqual([
      3,
      expect.stringContaining('Vagrant finds no provider it can use on this computer'),
    ])
    expect(ran.stderr).toContain('docker is taken only where it is named')
    await none()
  })

  test('a provider it does not know, and one that is not there', async () => {
    const unknown = await create('--vagrant-provider', 'libvirtt')
    expect([unknown.code, unknown.stderr]).toEqual([
      3,
      expect.stringMatching(/does not know the provider \\?"libvirtt/),
    ])
    const absent = await create('--vagrant-provider', 'virtualbox')
    expect([absent.code, absent.stderr]).toEqual([
      3,
      expect.stringMatching(/cannot use the provider \\?"virtualbox|no VirtualBox/),
    ])
    await none()
  })

  test('an engine that is off', async () => {
    const env = { DOCKER_HOST: 'unix:///nonexistent.sock' }
    const ran = await home.cliWith({ env }, 'create', '-d', 'vagrant', ...place.flags, 'no')
    expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining('provider docker reaches no engine')])
    await none()
  })

  test('settings that cannot be: exit 2', async () => {
    const cases = [
      ['--vagrant-cpus', '0'], // said though there is no provider
      ['--vagrant-provider', 'docker'],
      [...place.flags, '--vagrant-box-version', '1'],
      [...place.flags, '--vagrant-disk-size', '9000'],
      [...place.flags, '--vagrant-synced-folder', '/nonexistent:/src'],
      [...place.flags, '--vagrant-private-network-ip', 'dhpc'],
      [...place.flags, '--vagrant-project-vm', 'web'],
      ['--vagrant-project', home.path, '--vagrant-memory', '900'],
    ]
    for (const flags of cases) expect([flags, (await create(...flags)).code]).toEqual([flags, 2])
    await none()
  })

  test('further lines that are no Ruby, or no settings: said before anything is made', async () => {
    const wrong = await create(...place.flags, '--vagrant-vagrantfile', file('wrong.rb', 'config.vm.hostname = "a\n'))
    expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining('Vagrantfile')])
    const odd = await create(...place.flags, '--vagrant-vagrantfile', file('odd.rb', 'config.vm.boxx = "a"\n'))
    expect([odd.code, odd.stderr]).toEqual([3, expect.stringContaining("shouldn't exist: boxx")])
    await none()
  })

  test('a box that is not there, an image that is not there, and one that ends at once; rm takes away what was begun', async () => {
    const boxed = file('boxed.rb', 'config.vm.box = "no/such"\nconfig.vm.box_url = "file:///nonexistent.box"\n')
    const box = await create(...place.flags, '--vagrant-vagrantfile', boxed)
    expect([box.code, box.stderr]).toEqual([1, expect.stringContaining('there is no box file /nonexistent.box')])
    expect(box.stderr).toContain('machine rm no removes it')
    await home.ok('rm', '-y', 'no')

    const image = await create(...place.flags, '--vagrant-box', '127.0.0.1:9/no/such:1')
    expect([image.code, image.stderr]).toEqual([1, expect.stringContaining('127.0.0.1:9/no/such')])
    await home.ok('rm', '-y', 'no')

    // Whether Vagrant looks before it has ended or after is the engine's hurry; without a limit it then waits for minutes.
    const ends = 'config.vm.provider("docker") { |v| v.cmd = ["/bin/true"] }\nconfig.vm.boot_timeout = 5\n'
    const brief = file('brief.rb', ends)
    const ended = await create(...place.flags, '--vagrant-vagrantfile', brief)
    expect([ended.code, ended.stderr]).toEqual([
      1,
      expect.stringMatching(/the container ended as soon as it was started|ended before it was up|log in in time/),
    ])
    await home.ok('rm', '-y', 'no')
    expect((await place.engine.things()).trim()).toBe('')
    await none()
  })
})
