/**
 * A VM made by real Vagrant with libvirt, out of a box that is made here. By hand: MACHINE_E2E_LIBVIRT=1, with what
 * docs/test-hosts.md names. Without the processor's virtualization the guest is emulated, which takes minutes.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { makeBox } from '../hosts/vagrant-box.ts'
import { CLASSIC, type Home, must, run, startHome } from '../kit/cli.ts'
import { importBusybox } from '../kit/images.ts'

jest.setTimeout(1_200_000)
const why =
  process.env.MACHINE_E2E_LIBVIRT === '1'
    ? undefined
    : 'MACHINE_E2E_LIBVIRT=1 runs it: libvirt, and a box of some hundred MB'
const suite = why ? describe.skip : describe

/** Some computers have a /dev/kvm that is slower than emulation: what counts is what the processor says of itself. */
const virtual = /^flags\s*:.*\b(vmx|svm)\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'))
const EMULATED = `config.vm.boot_timeout = 900
config.vm.provider("libvirt") { |v| v.driver = "qemu"; v.cpu_mode = "custom"; v.cpu_model = "qemu64" }
`

suite(why ? `vagrant with libvirt [${why}]` : 'vagrant with libvirt', () => {
  let dir: string
  let home: Home
  let flags: string[]
  let before: string
  const virsh = async (...args: string[]) =>
    must(`virsh ${args.join(' ')}`, await run('virsh', ['-c', 'qemu:///system', ...args])).trim()
  /** Disks of boxes of this test's, and of its machines. */
  const volumes = async () =>
    (await virsh('vol-list', 'default').catch(() => ''))
      .split('\n')
      .map(line => line.trim().split(/\s+/)[0] as string)
      .filter(name => /^machine-VAGRANTSLASH-e2e_|-e2e-vm\.img$/.test(name))

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'machine-libvirt-'))
    const vagrant = { VAGRANT_HOME: join(dir, 'home'), VAGRANT_CHECKPOINT_DISABLE: '1' }
    home = await startHome({ ...CLASSIC, ...vagrant })
    must('vagrant', await run('vagrant', ['global-status'], { cwd: dir, env: vagrant })) // makes its home, with its key
    const key = execFileSync('ssh-keygen', ['-y', '-f', join(dir, 'home/insecure_private_key')], { encoding: 'utf8' })
    const box = await makeBox(dir, key)
    const lines = join(dir, 'lines.rb')
    writeFileSync(lines, virtual ? '' : EMULATED)
    const named = ['--vagrant-box', 'machine/e2e', '--vagrant-box-url', box]
    flags = ['-d', 'vagrant', '--vagrant-provider', 'libvirt', ...named, '--vagrant-vagrantfile', lines]
    before = await virsh('list', '--all', '--name')
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    // Vagrant keeps the disk of a box, which each machine's lies on.
    for (const name of await volumes()) await virsh('vol-delete', '--pool', 'default', name)
    rmSync(dir, { recursive: true, force: true })
  })

  const long = async (...args: string[]) =>
    must(`machine ${args[0]}`, await home.cliWith({ timeoutMs: 900_000 }, ...args))

  test('create; docker runs in it', async () => {
    await long('create', ...flags, 'e2e-vm')
    const image = await importBusybox(home, 'e2e-vm')
    expect(await home.dockerOk('e2e-vm', 'run', '--rm', image, 'echo', 'hello')).toBe('hello')
    expect(await home.ok('ssh', 'e2e-vm', 'uname -n')).toBe('e2e-vm\n')
    expect(await home.ok('ssh', 'e2e-vm', 'nproc')).toBe('2\n')
  })

  test('stop, start, kill', async () => {
    await home.ok('stop', 'e2e-vm')
    expect(await home.ok('status', 'e2e-vm')).toBe('Stopped\n')
    await long('start', 'e2e-vm')
    expect(await home.dockerOk('e2e-vm', 'run', '--rm', 'busybox', 'echo', 'again')).toBe('again')
    await home.ok('kill', 'e2e-vm')
    expect(await home.ok('status', 'e2e-vm')).toBe('Stopped\n')
  })

  test('rm takes it away, but for the disk of its box', async () => {
    await home.ok('rm', '-y', 'e2e-vm')
    expect(await virsh('list', '--all', '--name')).toBe(before)
    expect(await volumes()).toEqual([expect.stringMatching(/^machine-VAGRANTSLASH-e2e_vagrant_box_image/)])
  })
})
